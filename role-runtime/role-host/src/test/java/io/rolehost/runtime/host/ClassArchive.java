package io.rolehost.runtime.host;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The classes of a host, parsed once for all the processes that tests start: that is more than a
 * third of what such a start costs. JVMs share classes of jars alone, so folders of the class path
 * become jars.
 */
final class ClassArchive {

  private static final class Holder {
    static final ClassArchive ONE = new ClassArchive();
  }

  private final String classPath;
  private final List<String> options;

  private ClassArchive() {
    try {
      Path folder = Files.createTempDirectory("role-host-classes");
      folder.toFile().deleteOnExit();
      classPath = jars(folder);
      options = dumped(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ClassArchive get() {
    return Holder.ONE;
  }

  /** Returns the class path of this JVM, all of it jars. */
  String classPath() {
    return classPath;
  }

  /** Returns the options of a JVM that has that class path; none if there is no archive. */
  List<String> options() {
    return options;
  }

  private static String jars(Path folder) throws IOException {
    List<String> jars = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      if (Files.isDirectory(path)) {
        path = jar(path, folder.resolve(jars.size() + ".jar"));
      }
      if (Files.exists(path)) {
        jars.add(path.toString());
      }
    }
    return String.join(File.pathSeparator, jars);
  }

  private static Path jar(Path classes, Path jar) throws IOException {
    jar.toFile().deleteOnExit();
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        Stream<Path> all = Files.walk(classes)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        entries.putNextEntry(
            new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
        long _ = Files.copy(file, entries);
      }
    }
    return jar;
  }

  private List<String> dumped(Path folder) throws IOException {
    Path list = folder.resolve("classes");
    Path archive = folder.resolve("archive");
    list.toFile().deleteOnExit();
    archive.toFile().deleteOnExit();
    Path state = folder.resolve("state");
    boolean listed =
        ran(
            folder,
            "-XX:DumpLoadedClassList=" + list,
            "-Drolehost.role.class=" + Roles.Running.class.getName(),
            "-Dtest.run=recycle",
            "-Drolehost.role.name=test",
            "-Drolehost.profile=azure",
            "-Drolehost.management.port=0",
            "-Drolehost.state-dir=" + state,
            "-cp",
            classPath,
            "io.rolehost.runtime.RoleHost");
    boolean written =
        listed
            && ran(
                folder,
                "-Xshare:dump",
                "-XX:SharedClassListFile=" + list,
                "-XX:SharedArchiveFile=" + archive,
                "-cp",
                classPath);
    try (Stream<Path> all = Files.walk(state)) {
      all.forEach(path -> path.toFile().deleteOnExit());
    }
    return written && Files.exists(archive)
        ? List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds=off")
        : List.of();
  }

  private static boolean ran(Path folder, String... words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(HostProcess.JVM);
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return process.waitFor(HostProcess.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      process.destroyForcibly();
    }
  }
}
