package io.rolehost.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * The written units under a real systemd, process 1 of a container that {@code systemd-nspawn}
 * boots from a fresh Debian. It needs root, a Debian mirror, and control groups.
 */
@Tag("long")
@EnabledOnOs(OS.LINUX)
final class BootedSystemdProcessTest {
  private static final Path DEBOOTSTRAP = Path.of("/usr/sbin/debootstrap");
  private static final Path NSPAWN = Path.of("/usr/bin/systemd-nspawn");
  private static final long TREE_MINUTES = 10;
  private static final long SCENARIO_MINUTES = 12;

  // Not a folder for temporary files: the units have such of their own.
  private final Path base = Path.of("target", "booted").toAbsolutePath();
  private final Path app = base.resolve("app");
  private final Path units = base.resolve("units");
  private final Path scenario = base.resolve("scenario");

  @Test
  void units_underARealSystemd_doWhatTheyAreWrittenFor() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "only root can boot a container");
    assumeTrue(Files.isExecutable(NSPAWN), "systemd-nspawn is not installed here");
    Path tree = tree();
    for (Path folder : List.of(app, units, scenario)) {
      delete(folder);
      Files.createDirectories(folder);
    }
    writeApplications();
    writeUnits();

    boot(tree);

    assertEquals(
        """
        start: 0 active 1
        kill -9: restarted
        exit 86: restarted
        exit 70: restarted
        hung: restarted, 1
        stop: inactive success, in time: 1
        exit 78: failed 78
        node: 0 active, 2 instances: 2 ready
        node kill -9: restarted
        node hung: restarted
        node stop: inactive success, in time: 1
        timer: done
        socket: hello
        socket restart: refused 0, answered: 1
        """,
        Files.readString(scenario.resolve("result")),
        () -> "what was done and said is in trace and journal of " + scenario);
  }

  /** Returns a small Debian; it is kept for the next time. */
  private Path tree() throws Exception {
    Path tree = base.resolve("tree");
    Path complete = base.resolve("tree-is-complete");
    if (!Files.exists(complete)) {
      assumeTrue(Files.isExecutable(DEBOOTSTRAP), "debootstrap is not installed here");
      delete(tree);
      Files.createDirectories(base);
      Path log = base.resolve("debootstrap.log");
      Process process =
          start(
              log,
              DEBOOTSTRAP.toString(),
              "--variant=minbase",
              "--include=systemd,systemd-sysv,dbus",
              "bookworm",
              tree.toString());
      boolean ended = process.waitFor(TREE_MINUTES, TimeUnit.MINUTES);
      var _ = process.destroyForcibly();
      assumeTrue(
          ended && process.exitValue() == 0,
          () -> "debootstrap could not make a Debian: " + end(log));
      Files.createFile(complete);
    }
    return tree;
  }

  /** A jar for each, whose manifest names the class path of this test, copied beside it. */
  private void writeApplications() throws IOException {
    StringBuilder classPath = new StringBuilder();
    Path copies = Files.createDirectories(app.resolve("cp"));
    int n = 0;
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path from = Path.of(entry);
      if (!entry.isEmpty() && Files.exists(from)) {
        boolean folder = Files.isDirectory(from);
        String name = n++ + (folder ? "" : ".jar");
        copy(from, copies.resolve(name));
        classPath.append("cp/").append(name).append(folder ? "/ " : " ");
      }
    }
    String host = "io.rolehost.runtime.RoleHost";
    writeJar("sweeper.jar", host, classPath.toString(), "");
    writeJar("report.jar", host, classPath.toString(), "");
    writeJar("web.jar", host, classPath.toString(), "rolehost.endpoints.http.port = 18080");
    writeJar("rolehost.jar", Main.class.getName(), classPath.toString(), "");
    Files.writeString(
        app.resolve("solution.conf"), "roles { crew { jar = sweeper.jar, instances = 2 } }");
  }

  private void writeJar(String name, String main, String classPath, String configuration)
      throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, main);
    attributes.put(Attributes.Name.CLASS_PATH, classPath);
    try (OutputStream out = Files.newOutputStream(app.resolve(name));
        JarOutputStream jar = new JarOutputStream(out, manifest)) {
      jar.putNextEntry(new JarEntry("META-INF/services/io.rolehost.api.Role"));
      jar.write(BootedRole.class.getName().getBytes(UTF_8));
      jar.putNextEntry(new JarEntry("application.conf"));
      jar.write(configuration.getBytes(UTF_8));
    }
  }

  private void writeUnits() throws IOException {
    writeUnit("sweeper.jar", "--watchdog", "4s");
    writeUnit("report.jar", "--timer", "*:*:0/2");
    writeUnit("web.jar", "--socket");
    writeUnit("solution.conf", "--name", "photos", "--watchdog", "4s");
    // The command's own jar is not one that runs by itself, where it is not yet packaged.
    Path node = units.resolve("photos.service");
    Files.writeString(
        node,
        Files.readString(node)
            .replaceAll("-jar \\S+ up", "-jar " + app.resolve("rolehost.jar") + " up"));
    Files.writeString(
        units.resolve("scenario.service"),
        """
        [Service]
        Type=oneshot
        TimeoutStartSec=infinity
        ExecStart=/bin/bash /scenario/booted.sh
        ExecStopPost=/bin/bash -c 'journalctl --no-pager -o short-monotonic > /scenario/journal'
        ExecStopPost=/bin/systemctl poweroff --no-block
        """);
    try (InputStream script = BootedSystemdProcessTest.class.getResourceAsStream("booted.sh")) {
      Files.write(scenario.resolve("booted.sh"), script.readAllBytes());
    }
  }

  private void writeUnit(String what, String... options) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "systemd",
                app.resolve(what).toString(),
                "--systemd",
                "252",
                "--output",
                units.toString()));
    words.addAll(List.of(options));
    Said said = Said.by(words.toArray(String[]::new));
    assertEquals(0, said.code(), said.err());
  }

  private void boot(Path tree) throws Exception {
    Path java = Path.of(System.getProperty("java.home"));
    Path wanted =
        Files.writeString(base.resolve("wanted.conf"), "[Unit]\nWants=scenario.service\n");
    List<String> command =
        new ArrayList<>(
            List.of(
                NSPAWN.toString(),
                "--quiet",
                "--register=no",
                "--keep-unit",
                "--volatile=overlay",
                "--private-network",
                "--machine=rolehost-booted",
                "--directory=" + tree,
                "--bind-ro=" + java,
                "--bind-ro=" + app,
                "--bind=" + scenario + ":/scenario",
                "--bind-ro=" + wanted + ":/etc/systemd/system/multi-user.target.d/wanted.conf",
                "--console=pipe"));
    try (Stream<Path> written = Files.list(units)) {
      written.forEach(
          unit -> command.add("--bind-ro=" + unit + ":/etc/systemd/system/" + unit.getFileName()));
    }
    command.add("--boot");
    Path console = base.resolve("console.log");
    Process container = start(console, command.toArray(String[]::new));
    try {
      boolean ended = container.waitFor(SCENARIO_MINUTES, TimeUnit.MINUTES);
      assumeTrue(
          Files.exists(scenario.resolve("began")),
          () -> "systemd does not boot in a container here; it says: " + end(console));
      assertTrue(ended, () -> "the container did not end; it says: " + end(console));
    } finally {
      container.descendants().forEach(ProcessHandle::destroyForcibly);
      var _ = container.destroyForcibly();
    }
  }

  private static Process start(Path log, String... command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .redirectInput(new File("/dev/null"))
        .start();
  }

  private static String end(Path log) {
    try {
      String all = Files.readString(log);
      return all.substring(Math.max(0, all.length() - 1000));
    } catch (IOException e) {
      return "nothing";
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Files.copy(each, to.resolve(from.relativize(each).toString()));
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }
}
