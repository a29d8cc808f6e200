package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.api.StopContext;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Freezes of real role hosts by the command, which waits until each has taken note. */
class FreezeFleetProcessTest {
  private static final String READY = " ready [0-9.]+ s after its start";
  private static final String PATIENCE = "60s";

  @TempDir private Path folder = Path.of("");

  /** Takes a moment to stop, so that two stops at once would be seen. */
  public static final class Waits implements Role {
    @Override
    public boolean onStart(RoleContext context) {
      return true;
    }

    @Override
    public void run(RoleContext context) throws Exception {
      context.stopToken().await();
    }

    @Override
    public void onStop(StopContext context) throws Exception {
      boolean _ = new CountDownLatch(1).await(300, TimeUnit.MILLISECONDS);
    }
  }

  private record Stop(Instant from, Instant to) {}

  @Test
  void holdOfANodesRole_drainsOneAtATime_andWaitsUntilAllAreFrozen() throws Exception {
    writeJar("web.jar");
    Files.writeString(
        folder.resolve("solution.conf"),
        """
        roles {
          web { jar = web.jar, instances = 3
                env { ROLEHOST_ROLE_CLASS = "%s" } }
          other { command = [sleep, 600] }
        }
        """
            .formatted(Waits.class.getName()));
    try (RunningNode node = RunningNode.start(folder)) {
      for (int n = 0; n < 3; n++) {
        var _ = node.await(0, "web_IN_" + n + READY);
      }
      Said frozen =
          node.verb(
              "freeze", "role:web", "--reason", "INC-7", "--hold", "--wait", "--timeout", PATIENCE);
      List<String> states = states(node);
      Said noted = node.verb("freeze", "role:other", "--reason", "INC-8", "--wait", "--json");
      Said thawed = node.verb("unfreeze", "role:web", "--wait", "--timeout", PATIENCE);
      for (int n = 0; n < 3; n++) {
        var _ = node.await(0, "web_IN_" + n + " unfrozen");
      }

      assertAll(
          () -> assertEquals(0, frozen.code(), frozen.toString()),
          () -> assertEquals(List.of("FROZEN", "FROZEN", "FROZEN"), states),
          () -> assertEquals(3, count(frozen.out(), "Acknowledged: web_IN_"), frozen.out()),
          () -> assertEquals(0, noted.code(), noted.toString()),
          () ->
              assertTrue(
                  noted
                      .out()
                      .contains(
                          "{\"acknowledged\":true,\"how\":\"is READY; its next start is held\","
                              + "\"instance\":\"other_IN_0\"}"),
                  noted.out()),
          () -> assertEquals(0, thawed.code(), thawed.toString()),
          () -> assertTrue(thawed.out().contains("Ended: role:web"), thawed.out()));
      assertOneAtATime();
    }
  }

  private static List<String> states(RunningNode node) throws IOException {
    List<String> states = new ArrayList<>();
    for (int n = 0; n < 3; n++) {
      states.add(String.valueOf(node.instance("web_IN_" + n).get("state")));
    }
    return states;
  }

  private void assertOneAtATime() throws IOException {
    List<Stop> stops = new ArrayList<>();
    for (int n = 0; n < 3; n++) {
      stops.add(stopOf("web_IN_" + n));
    }
    stops.sort(Comparator.comparing(Stop::from));
    for (int n = 1; n < 3; n++) {
      assertFalse(stops.get(n).from().isBefore(stops.get(n - 1).to()), stops::toString);
    }
  }

  private Stop stopOf(String instance) throws IOException {
    Instant from = Instant.MAX;
    Instant to = Instant.MIN;
    for (String line :
        Files.readAllLines(folder.resolve(".rolehost/journal/" + instance + ".jsonl"))) {
      Config entry = ConfigFactory.parseString(line);
      Instant at = Instant.parse(entry.getString("at"));
      if (entry.getInt("incarnation") == 1) {
        if (entry.getString("to").equals("STOPPING") && at.isBefore(from)) {
          from = at;
        }
        to = entry.getString("type").equals("end") ? at : to;
      }
    }
    return new Stop(from, to);
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC}) // SIGSTOP
  void wait_forLoneHosts_saysWhichHasNotTakenNote_andJournalsWhoEndedIt() throws Exception {
    String state = folder.resolve("state").toString();
    var _ = Files.createDirectories(folder.resolve("state/run"));
    Process one = host(0);
    Process two = host(1);
    try {
      awaitReady("test_IN_0");
      awaitReady("test_IN_1");
      Said frozen =
          Said.by(
              "freeze", "--reason", "INC-7", "--wait", "--timeout", PATIENCE, "--state-dir", state);
      assertEquals(0, frozen.code(), frozen.toString());
      assertEquals(2, count(frozen.out(), "its next start is held"), frozen.out());

      signal(two, "STOP");
      Said thawed =
          Said.by("unfreeze", "--by", "bob", "--wait", "--timeout", "3s", "--state-dir", state);
      signal(two, "CONT");
      assertAll(
          () -> assertEquals(75, thawed.code(), thawed.toString()),
          () -> assertTrue(thawed.out().contains("Acknowledged: test_IN_0 is READY"), thawed.out()),
          () ->
              assertTrue(
                  thawed.err().startsWith("NOT acknowledged: test_IN_1 does not answer on port "),
                  thawed.err()));
      String journal = Files.readString(Path.of(state, "journal/test_IN_0.jsonl"));
      assertTrue(journal.contains(" was ended by bob\""), journal);
    } finally {
      one.destroyForcibly();
      two.destroyForcibly();
    }
  }

  private Process host(int n) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Drolehost.role.class=" + Waits.class.getName(),
                "-Drolehost.role.name=test",
                "-Drolehost.profile=azure",
                "-Drolehost.instance=" + n,
                "-Drolehost.management.port=0",
                "-Drolehost.state-dir=" + folder.resolve("state"),
                "-cp",
                System.getProperty("java.class.path"),
                "io.rolehost.runtime.RoleHost")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out-" + n).toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("ROLEHOST_"));
    return builder.start();
  }

  private void awaitReady(String instance) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Said.by("status", "--json", "--state-dir", folder.resolve("state").toString())
        .out()
        .replace(" ", "")
        .contains("\"instance\":\"" + instance + "\"")) {
      assertTrue(System.nanoTime() - end < 0, Files.readString(folder.resolve("out-0")));
      assertFalse(new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS));
    }
    Path journal = folder.resolve("state/journal/" + instance + ".jsonl");
    while (!Files.readString(journal).contains("\"to\":\"READY\"")) {
      assertTrue(System.nanoTime() - end < 0, Files.readString(journal));
      assertFalse(new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS));
    }
  }

  private static void signal(Process process, String name) throws Exception {
    assertEquals(0, new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor());
  }

  /** A jar that runs a role host with the class path of this test. */
  private void writeJar(String name) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "io.rolehost.runtime.RoleHost");
    List<String> classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .map(entry -> Path.of(entry).toUri().toString())
            .toList();
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, String.join(" ", classPath));
    try (OutputStream out = Files.newOutputStream(folder.resolve(name));
        JarOutputStream jar = new JarOutputStream(out, manifest)) {
      jar.finish();
    }
  }

  private static int count(String text, String part) {
    return (text.length() - text.replace(part, "").length()) / part.length();
  }
}
