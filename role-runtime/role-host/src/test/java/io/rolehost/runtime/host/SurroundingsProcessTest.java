package io.rolehost.runtime.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.RoleContext;
import io.rolehost.runtime.RoleHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ways to start a host, and what may surround it, that a table of its life does not show. */
final class SurroundingsProcessTest {

  private static final String SERVICES = "META-INF/services/io.rolehost.api.Role";

  @TempDir Path folder;

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void configMap_thatKubernetesSwaps_isSeenLive() throws IOException {
    Path map = Files.createDirectories(folder.resolve("map"));
    swap(map, "1", "rolehost.freeze.enabled = true\nmine = 1");
    Path file =
        Files.createSymbolicLink(
            map.resolve("application.conf"), Path.of("..data", "application.conf"));
    try (HostProcess host =
        HostProcess.of(Roles.Plain.class, folder).set("config.file", file.toString()).start()) {
      host.awaitState("HELD");
      swap(map, "2", "rolehost.freeze.enabled = false\nmine = 1");
      host.awaitReady().awaitEvent("run");
      swap(map, "3", "rolehost.freeze.enabled = false\nmine = 2");
      host.awaitOutput("The configuration changed: mine");
      swap(map, "4", "rolehost.freeze.enabled = true\nmine = 2");
      host.await("frozen again", () -> host.get("/freeze").contains("\"frozen\":true"));
      assertEquals(200, host.status("/readyz"), "a running role works on");
      assertEquals(0, host.signal("TERM").exitCode(), host.output());
    }
  }

  @Test
  void includedFile_thatChanges_isSeenLive() throws IOException {
    Path secrets = Files.writeString(folder.resolve("secrets.conf"), "mine = 1");
    try (HostProcess host =
        HostProcess.of(Roles.Plain.class, folder).file("include \"secrets\"\nother = 1").start()) {
      host.awaitReady().awaitEvent("run");
      Files.writeString(secrets, "mine = 2");
      host.awaitOutput("The configuration changed: mine");
      assertEquals(0, host.signal("TERM").exitCode(), host.output());
    }
  }

  /** As the kubelet does: a new folder, then the link to it replaced by one rename. */
  private static void swap(Path map, String version, String content) throws IOException {
    Path data = Files.createDirectory(map.resolve("..2026_" + version));
    Path _ = Files.writeString(data.resolve("application.conf"), content);
    Path link = Files.createSymbolicLink(map.resolve("..data_tmp"), data.getFileName());
    Path _ = Files.move(link, map.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void interruptIgnoredByTheParent_isToldOf_andTermWorks() {
    try (HostProcess host =
        HostProcess.of(Roles.Plain.class, folder)
            .through("sh", "-c", "trap '' INT; exec \"$@\"", "sh")
            .start()) {
      host.awaitReady().awaitEvent("run");
      assertTrue(host.output().contains("Signal INT is ignored"), host.output());
      assertTrue(
          host.facts().getStringList("notices").toString().contains("Signal INT is ignored"),
          host.get("/status"));
      host.signal("INT");
      assertEquals(200, host.status("/readyz"));
      assertEquals(0, host.signal("TERM").exitCode(), host.output());
    }
  }

  /** Has fifty shutdown hooks; some work, and one does what {@code test.hook} says. */
  public static final class Hooked extends Roles.Plain {
    @Override
    public boolean onStart(RoleContext context) throws Exception {
      for (int n = 1; n < 50; n++) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> Roles.say("hook")));
      }
      Runtime.getRuntime().addShutdownHook(new Thread(Hooked::misbehave));
      return super.onStart(context);
    }

    private static void misbehave() {
      switch (System.getProperty("test.hook", "")) {
        case "exit" -> System.exit(9);
        default -> {
          while (true) {
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              Roles.say("interrupted");
            }
          }
        }
      }
    }
  }

  @Test
  void exitInOneOfFiftyShutdownHooks_isNotWaitedFor() {
    try (HostProcess host = hooked("exit").start()) {
      host.awaitReady().awaitEvent("run");
      assertEquals(0, host.signal("TERM").exitCode(), host.output());
      assertEquals("close first", lastBeforeHooks(host));
    }
  }

  @Test
  void shutdownHook_thatHangs_isDumpedAndForcedInTheGrace() throws IOException {
    try (HostProcess host = hooked("hang").set("rolehost.stop.grace", "4 s").start()) {
      host.awaitReady().awaitEvent("run");
      assertEquals(84, host.signal("TERM").exitCode(), host.output());
      assertEquals("close first", lastBeforeHooks(host));
      Path state = host.stateDir();
      String end = Files.readAllLines(state.resolve("journal/test_IN_0.jsonl")).getLast();
      assertTrue(end.contains("\"code\":84"), end);
      try (Stream<Path> incidents = Files.list(state.resolve("incidents"))) {
        String threads =
            Files.readString(incidents.findFirst().orElseThrow().resolve("threads.json"));
        assertTrue(threads.contains("Hooked.misbehave"), threads);
      }
    }
  }

  @Test
  void shutdownHook_thatHangs_isCutShortByASecondInterrupt() {
    try (HostProcess host = hooked("hang").set("rolehost.stop.grace", "300 s").start()) {
      host.awaitReady().awaitEvent("run").signal("INT").awaitEvent("hook");
      assertEquals(84, host.signal("INT").exitCode(), host.output());
    }
  }

  private HostProcess.Command hooked(String what) {
    return HostProcess.of(Hooked.class, folder).set("test.hook", what);
  }

  private static String lastBeforeHooks(HostProcess host) {
    return host.events().stream().filter(event -> !event.equals("hook")).toList().getLast();
  }

  /** Says when it is initialised. */
  public static final class Initialising extends Roles.Plain {
    static {
      Roles.say("initialised");
    }
  }

  /** What a user starts from an IDE. */
  public static final class UsersMain {
    private UsersMain() {}

    /** Runs the role. */
    public static void main(String[] args) {
      RoleHost.run(Initialising.class, args);
    }
  }

  @Test
  void mainOfTheUsersOwn_runsItsRole_initialisedAfterTheChecks() {
    HostProcess.Command command =
        HostProcess.of(Roles.Plain.class, folder)
            .unset("rolehost.role.class")
            .main(UsersMain.class, "--anything")
            .file("rolehost.freeze.enabled = true");
    try (HostProcess host = command.start()) {
      host.awaitState("HELD");
      assertEquals(List.of(), host.events());
      HostProcess.Command _ = command.file("rolehost.freeze.enabled = false");
      host.awaitReady().awaitEvent("run");
      assertEquals(List.of("initialised", "onStart", "run"), host.events());
      assertEquals(0, host.signal("TERM").exitCode(), host.output());
    }
  }

  /** Takes twice its limit to start. */
  public static final class Debugged extends Roles.Plain {
    @Override
    public boolean onStart(RoleContext context) throws Exception {
      boolean _ = new CountDownLatch(1).await(2, TimeUnit.SECONDS);
      return super.onStart(context);
    }
  }

  @ParameterizedTest
  @CsvSource({"dev, true", "dev, false", "azure, true"})
  void startLimit_underADebuggerInDev_isOff(String profile, boolean debugger) {
    HostProcess.Command command =
        HostProcess.of(Debugged.class, folder)
            .set("rolehost.profile", profile)
            .set("rolehost.start.timeout", "1 s");
    if (debugger) {
      HostProcess.Command _ =
          command.option(
              "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0");
    }
    try (HostProcess host = command.start()) {
      if (debugger && profile.equals("dev")) {
        assertEquals(0, host.awaitReady().signal("TERM").exitCode(), host.output());
      } else {
        assertEquals(81, host.exitCode(), host.output());
      }
    }
  }

  @Test
  void oneRoleOnTheClassPath_isFound() throws IOException {
    try (HostProcess host =
        HostProcess.of(Roles.Plain.class, folder)
            .unset("rolehost.role.class")
            .unset("rolehost.role.name")
            .classPathFirst(offer("one", Roles.Plain.class))
            .classPathFirst(offer("the same", Roles.Plain.class))
            .start()) {
      host.awaitReady();
      assertEquals("Plain_IN_0", host.facts().getString("instance"));
      assertEquals(0, host.signal("TERM").exitCode(), host.output());
    }
  }

  @Test
  void noRoleOnTheClassPath_isRefusedWithTheKey() {
    try (HostProcess host =
        HostProcess.of(Roles.Plain.class, folder).unset("rolehost.role.class").start()) {
      assertEquals(78, host.exitCode(), host.output());
      assertTrue(host.output().contains("rolehost.role.class: no role found"), host.output());
      assertTrue(host.output().contains(SERVICES), host.output());
      assertFalse(host.output().contains("\tat "), host.output());
    }
  }

  @Test
  void severalRolesOnTheClassPath_areRefusedByName_unlessTheKeyChooses() throws IOException {
    HostProcess.Command command =
        HostProcess.of(Roles.Plain.class, folder)
            .unset("rolehost.role.class")
            .classPathFirst(offer("one", Roles.Plain.class))
            .classPathFirst(offer("two", Roles.Running.class));
    try (HostProcess host = command.start()) {
      assertEquals(78, host.exitCode(), host.output());
      assertTrue(host.output().contains("rolehost.role.class"), host.output());
      assertTrue(host.output().contains(Roles.Plain.class.getName()), host.output());
      assertTrue(host.output().contains(Roles.Running.class.getName()), host.output());
    }
    try (HostProcess host =
        command.set("rolehost.role.class", Roles.Plain.class.getName()).start()) {
      assertEquals(0, host.awaitReady().signal("TERM").exitCode(), host.output());
    }
  }

  private Path offer(String name, Class<?> role) throws IOException {
    Path root = folder.resolve(name);
    Path _ = Files.createDirectories(root.resolve("META-INF/services"));
    Path _ = Files.writeString(root.resolve(SERVICES), "# a comment\n" + role.getName() + "\n");
    return root;
  }
}
