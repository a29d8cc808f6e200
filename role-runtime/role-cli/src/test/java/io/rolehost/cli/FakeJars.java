package io.rolehost.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;

/** Makes the jar of a program that behaves towards a node as a role host does. */
final class FakeJars {

  private FakeJars() {}

  /** Compiles the program once and writes it under each of the names. */
  static void write(Path folder, String... names) throws IOException {
    Path source = folder.resolve("FakeRole.java");
    try (InputStream in = FakeJars.class.getResourceAsStream("FakeRole.java.txt")) {
      Files.writeString(source, new String(in.readAllBytes(), UTF_8));
    }
    Path classes = Files.createDirectory(folder.resolve("classes"));
    int code =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(System.out, System.err, "-d", classes.toString(), source.toString());
    if (code != 0) {
      throw new IOException("FakeRole does not compile");
    }
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "FakeRole");
    for (String name : names) {
      try (OutputStream out = Files.newOutputStream(folder.resolve(name));
          JarOutputStream jar = new JarOutputStream(out, manifest);
          DirectoryStream<Path> compiled = Files.newDirectoryStream(classes)) {
        for (Path file : compiled) {
          jar.putNextEntry(new JarEntry(String.valueOf(file.getFileName())));
          jar.write(Files.readAllBytes(file));
        }
      }
    }
  }
}
