package io.rolehost.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.node.solution.Program;
import io.rolehost.node.solution.RoleSpec;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AotProcessTest {

  @TempDir Path folder;

  /** Leaves a trace of each thing that happens to it. */
  public static final class Tracing implements Role {
    /** Builds it. */
    public Tracing() throws IOException {
      trace("built");
    }

    @Override
    public boolean onStart(RoleContext context) throws Exception {
      trace("onStart");
      return true;
    }

    private static void trace(String what) throws IOException {
      Files.writeString(
          Path.of("trace"),
          what + "\n",
          java.nio.file.StandardOpenOption.CREATE,
          java.nio.file.StandardOpenOption.APPEND);
    }
  }

  @Test
  void jar_onceReady_getsACache_whichRunsNoUserCode_andTheNextStartUses() throws Exception {
    Path jar = folder.resolve("tracing.jar");
    writeJar(jar);
    Program program =
        new Program.Jar(
            jar,
            List.of("-XX:+UseSerialGC", "-Drolehost.role.class=" + Tracing.class.getName()),
            List.of());
    try (NodeInProcess node =
        new NodeInProcess(folder, true, RoleSpec.named("tracing", program).build())) {
      node.await("a cache", () -> node.printed().contains("made a start-up cache of tracing.jar"));
      assertEquals(List.of("built", "onStart"), Files.readAllLines(folder.resolve("trace")));
      assertEquals(1, caches().size());
      assertFalse(Files.exists(folder.resolve("state/aot/training")));

      kill(node.pid(0));
      node.await(
          "it is ready again", () -> node.instance(0).life().incarnation() == 2 && node.ready(0));
      assertTrue(mapped(node.pid(0)).contains(caches().getFirst().toString()));

      // A cache that is broken costs its use and nothing else.
      Files.writeString(caches().getFirst(), "broken");
      kill(node.pid(0));
      node.await(
          "it is ready without it",
          () -> node.instance(0).life().incarnation() == 3 && node.ready(0));
      assertEquals(0, node.stop());
    }
  }

  private static void kill(long pid) {
    boolean _ = ProcessHandle.of(pid).orElseThrow().destroyForcibly();
  }

  private List<Path> caches() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("state/aot"))) {
      return files.filter(file -> file.toString().endsWith(".aot")).toList();
    }
  }

  private static String mapped(long pid) throws IOException {
    return Files.readString(Path.of("/proc/" + pid + "/maps"));
  }

  /** Writes a jar with all that is ours on the class path, and names the rest. */
  private static void writeJar(Path jar) throws IOException {
    StringBuilder rest = new StringBuilder();
    Set<String> written = new TreeSet<>();
    List<Path> ours = new java.util.ArrayList<>();
    for (Path path : NodeInProcess.classPath()) {
      String name = String.valueOf(path.getFileName());
      if (Files.isDirectory(path) || name.startsWith("role-") || name.startsWith("freeze-")) {
        ours.add(path);
      } else if (Files.exists(path)) {
        rest.append(path.toUri()).append(' ');
      }
    }
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Program.ROLE_HOST);
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, rest.toString().strip());
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream whole = new JarOutputStream(out, manifest)) {
      for (Path each : ours) {
        if (Files.isDirectory(each)) {
          copy(each, whole, written);
        } else if (Files.exists(each)) {
          try (FileSystem files = FileSystems.newFileSystem(each)) {
            copy(files.getPath("/"), whole, written);
          }
        }
      }
    }
  }

  private static void copy(Path root, JarOutputStream jar, Set<String> written) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = root.relativize(file).toString().replace(File.separatorChar, '/');
        if (!name.startsWith("META-INF/") && written.add(name)) {
          jar.putNextEntry(new JarEntry(name));
          jar.write(Files.readAllBytes(file));
        }
      }
    }
  }
}
