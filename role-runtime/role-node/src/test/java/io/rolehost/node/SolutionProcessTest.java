package io.rolehost.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rolehost.node.deploy.Scaling;
import io.rolehost.node.solution.RoleSpec;
import io.rolehost.node.solution.SolutionReader;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import java.io.File;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a solution says of a role, done with real processes. */
final class SolutionProcessTest {

  @TempDir Path folder;

  private static String classPath() {
    List<String> quoted = new ArrayList<>();
    for (Path entry : entries()) {
      quoted.add("\"" + entry + '"');
    }
    return "class-path = [" + String.join(", ", quoted) + "]";
  }

  private static List<Path> entries() {
    return Pattern.compile(File.pathSeparator)
        .splitAsStream(System.getProperty("java.class.path"))
        .map(Path::of)
        .filter(Files::exists)
        .toList();
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void program_withADescriptor_isReadyWhenItSaysSo() throws Exception {
    try (RunningSolution node =
        RunningSolution.start(
            folder,
            """
            roles { a {
              command = [sh, -c, "while [ ! -e go ]; do sleep 0.02; done; echo >&4; exec sleep 999"]
              ready { fd = 4 }
            } }
            """)) {
      node.awaitState("a_IN_0", "STARTING");
      assertEquals("has not yet said by descriptor 4 that it is", awaitWhy(node, "a_IN_0"));
      Files.createFile(folder.resolve("go"));
      node.awaitState("a_IN_0", "READY");
      assertEquals(0, node.stop());
    }
  }

  private static String awaitWhy(RunningSolution node, String id) throws InterruptedException {
    node.await(() -> !node.why(id).equals("starting"), "reason");
    return node.why(id);
  }

  @Test
  void program_withAPort_isReadyWhileThatTakesConnections() throws Exception {
    int port = freePort();
    Path open = folder.resolve("open");
    try (RunningSolution node =
        RunningSolution.start(
            folder,
            """
            roles { a {
              %s
              main-class = io.rolehost.node.PlainProgram
              role-host = false
              arguments = [listen, "%s"]
              endpoints { http { port = %d } }
              limits { memory = 200MiB, cpus = 0.5 }
              ready { port = http }
            } }
            """
                .formatted(classPath(), open, port))) {
      // Of the 140 MiB, what a collector holds back for itself is not shown.
      node.await(
          () -> node.printed().matches("(?s).*heap 1[234]\\d processors 1 port " + port + "\\s.*"),
          "line of the program");
      assertEquals("port " + port + " takes no connection", node.why("a_IN_0"));
      Files.createFile(open);
      node.awaitState("a_IN_0", "READY");
      Files.delete(open);
      node.awaitState("a_IN_0", "BUSY");
      assertEquals("port " + port + " takes no connection", node.why("a_IN_0"));
      Files.createFile(open);
      node.awaitState("a_IN_0", "READY");
    }
  }

  @Test
  void program_probedByHttp_isReadyFromThe200On_andNoLongerAfterTwoOthersInARow() throws Exception {
    Path well = Files.createFile(folder.resolve("well"));
    try (RunningSolution node =
        RunningSolution.start(
            folder,
            """
            roles { a {
              %s
              main-class = io.rolehost.node.HealthProgram
              role-host = false
              arguments = ["%s"]
              endpoints { http { port = auto } }
              ready { http { path = /health, interval = 5s, timeout = 11s } }
            } }
            """
                .formatted(classPath(), well))) {
      node.awaitState("a_IN_0", "READY");
      Files.delete(well); // it answers 302 now, which is no 200
      node.awaitLine("bad 1");
      assertEquals("READY", node.instance("a_IN_0").stateName());
      node.awaitState("a_IN_0", "BUSY");
      assertTrue(node.why("a_IN_0").startsWith("GET /health at port "), node.why("a_IN_0"));
      Files.createFile(well);
      node.awaitState("a_IN_0", "READY");
    }
  }

  @Test
  void roleThatNeedsAnother_startsLaterOnlyBesideIt_andRunsOnWithoutIt() throws Exception {
    Path go = folder.resolve("go");
    try (RunningSolution node =
        RunningSolution.start(
            folder,
            """
            roles {
              web { command = [sleep, 999], depends-on = [base] }
              base {
                command = [sh, -c, "while [ ! -e go ]; do sleep 0.02; done; echo >&3; exec sleep 999"]
                ready { fd = 3 }
              }
            }
            """)) {
      Files.createFile(go);
      node.awaitState("web_IN_0", "READY");
      Files.delete(go);
      node.instance("base_IN_0").child().orElseThrow().killTree();
      node.await(() -> node.instance("base_IN_0").life().incarnation() == 2, "start #2 of base");
      assertEquals("READY", node.instance("web_IN_0").stateName());

      Course course = new Course("test");
      node.node().scale(new Scaling("web", 2), course);
      node.await(() -> node.node().instances().size() == 3, "third instance");
      assertEquals("CREATED", node.instance("web_IN_1").stateName());
      assertEquals("waits for base", node.why("web_IN_1"));
      assertTrue(awaitSaid(course, "1 of 2").contains("web_IN_1 is starting and waits for base"));

      node.instance("web_IN_0").child().orElseThrow().killTree();
      node.awaitState("web_IN_0", "BACKOFF");
      assertTrue(
          node.why("web_IN_0").endsWith("next start when ready: base"), node.why("web_IN_0"));

      Files.createFile(go);
      node.awaitState("web_IN_1", "READY");
      node.awaitState("web_IN_0", "READY");
      assertEquals("web has 2 instances", awaitSaid(course, "has"));
      assertEquals(2, node.instance("web_IN_0").life().incarnation());
      assertEquals(0, node.stop());
      assertOrder(node.history(), "base_IN_0 STARTING", "base_IN_0 READY", "web_IN_1 STARTING");
    }
  }

  private static String awaitSaid(Course course, String part) throws InterruptedException {
    while (true) {
      String said = course.next(60_000).orElseThrow().sentence();
      if (said.contains(part)) {
        return said;
      }
    }
  }

  @Test
  void roles_thatNeedOthers_startBehindAndEndBeforeThem() throws Exception {
    // Each of the two in the middle ends only when the other one was told to end too.
    String middle =
        "[sh, -c, \"trap 'touch %1$s; while [ ! -e %2$s ]; do sleep 0.02; done; exit' TERM;"
            + " while :; do sleep 0.02; done\"]";
    try (RunningSolution node =
        RunningSolution.start(
            folder,
            """
            roles {
              top { command = [sleep, 999], depends-on = [left, right] }
              left { command = %s, depends-on = [base] }
              right { command = %s, depends-on = [base] }
              base {
                command = [sh, -c, "while [ ! -e go ]; do sleep 0.02; done; echo >&3; exec sleep 999"]
                ready { fd = 3 }
              }
            }
            """
                .formatted(middle.formatted("l", "r"), middle.formatted("r", "l")))) {
      node.awaitState("base_IN_0", "STARTING");
      assertEquals("waits for base", node.why("left_IN_0"));
      assertEquals("waits for left, right", node.why("top_IN_0"));
      Files.createFile(folder.resolve("go"));
      node.awaitState("top_IN_0", "READY");
      assertEquals(0, node.stop());
      List<String> history = node.history();
      assertOrder(history, "base_IN_0 READY", "left_IN_0 STARTING", "right_IN_0 STARTING");
      assertOrder(history, "left_IN_0 READY", "top_IN_0 STARTING");
      assertOrder(history, "right_IN_0 READY", "top_IN_0 STARTING");
      assertOrder(history, "top_IN_0 STOPPED", "left_IN_0 STOPPING", "right_IN_0 STOPPED");
      assertOrder(history, "top_IN_0 STOPPED", "right_IN_0 STOPPING", "left_IN_0 STOPPED");
      assertOrder(history, "left_IN_0 STOPPED", "base_IN_0 STOPPING");
      assertOrder(history, "right_IN_0 STOPPED", "base_IN_0 STOPPING");
    }
  }

  private static void assertOrder(List<String> history, String first, String... later) {
    for (String each : later) {
      assertTrue(
          history.contains(first) && history.indexOf(first) < history.lastIndexOf(each),
          () -> first + " before " + each + " in " + history);
    }
  }

  @Test
  void criticalRole_thatIsGivenUp_endsTheNodeWithItsCode() throws Exception {
    try (RunningSolution node =
        RunningSolution.start(
            folder,
            """
            roles {
              other { command = [sleep, 999] }
              behind { command = [sleep, 999], depends-on = [a] }
              a {
                %s
                main-class = io.rolehost.node.PlainProgram
                arguments = [end, 78]
                critical = true
              }
            }
            """
                .formatted(classPath()))) {
      assertEquals(78, node.exitCode());
      assertOrder(node.history(), "a_IN_0 GONE", "other_IN_0 STOPPED");
      assertFalse(node.history().contains("behind_IN_0 STARTING"));
    }
  }

  @Test
  void environment_ofACleanRole_hasNothingOfTheNodes() throws Exception {
    try (RunningSolution node =
        RunningSolution.start(
            folder,
            """
            roles {
              clean { command = [sh, -c, "env; echo done; exec sleep 999"], clean-environment = true
                env { OWN = x } }
              usual { command = [sh, -c, "env; echo done; exec sleep 999"] }
            }
            """,
            Map.of(
                "PATH", System.getenv("PATH"),
                "LC_TIME", "C",
                "SECRET", "s3cret",
                "ROLEHOST_MANAGEMENT_TOKEN", "t0ken"))) {
      node.await(
          () ->
              node.linesOf("clean_IN_0").contains("done")
                  && node.linesOf("usual_IN_0").contains("done"),
          "environments");
      List<String> clean =
          node.linesOf("clean_IN_0").stream()
              .filter(line -> !line.startsWith("ROLEHOST_"))
              .map(line -> line.replaceFirst("=.*", ""))
              // what a shell adds
              .filter(name -> !List.of("PWD", "OLDPWD", "SHLVL", "_").contains(name))
              .sorted()
              .toList();
      assertEquals(List.of("LC_TIME", "OWN", "PATH", "done"), clean);
      assertTrue(node.linesOf("usual_IN_0").contains("SECRET=s3cret"));
      assertFalse(node.printed().contains("t0ken"));
    }
  }

  @Test
  void endpointsAndFolders_ofACommand_areInItsEnvironment() throws Exception {
    String show =
        "echo $PORT $PORT_HTTP $PORT_SIDE_CAR; ls -A $LOCAL_RESOURCE_CACHE $LOCAL_RESOURCE_KEPT;"
            + " touch $LOCAL_RESOURCE_CACHE/c $LOCAL_RESOURCE_KEPT/k; echo done; exec sleep 999";
    Path local = folder.resolve(".rolehost/local/a_IN_1");
    try (RunningSolution node =
        RunningSolution.start(
            folder,
            """
            roles { a {
              command = [sh, -c, "%s"]
              instances = 2
              endpoints { http { port = 17000 }, side-car { port = auto } }
              local-resources { cache { clean-on-recycle = true }, kept {} }
              back-off { initial = 10ms, cap = 20ms }
            } }
            """
                .formatted(show))) {
      node.await(() -> node.linesOf("a_IN_1").contains("done"), "first start");
      assertTrue(node.linesOf("a_IN_1").getFirst().matches("17001 17001 [1-9]\\d+"), node::printed);
      assertTrue(Files.exists(local.resolve("cache/c")));
      int before = node.linesOf("a_IN_1").size();
      node.instance("a_IN_1").child().orElseThrow().killTree();
      node.await(
          () -> node.linesOf("a_IN_1").stream().filter("done"::equals).count() == 2,
          "second start");
      List<String> second =
          node.linesOf("a_IN_1").subList(before + 1, node.linesOf("a_IN_1").size());
      assertEquals(
          List.of(local.resolve("cache") + ":", "", local.resolve("kept") + ":", "k", "done"),
          second);
    }
  }

  @Test
  void startupPrograms_ofACommand_runBeforeItAndHoldItBack() throws Exception {
    try (RunningSolution node =
        RunningSolution.start(
            folder,
            """
            roles { a {
              command = [sh, -c, "echo program; exec sleep 999"]
              startup = [
                { command = [sh, -c, "echo first $WHERE"], environment { WHERE = here } }
                { name = gate, command = [sh, -c, "[ -e go ] || exit 3; echo second"] }
                { name = slow, command = [sh, -c, "[ -e fast ] || exec sleep 999"]
                  timeout = 300ms }
              ]
              back-off { initial = 10ms, cap = 20ms }
            } }
            """)) {
      node.awaitLine("could not be started: its startup program 'gate' ended with 3");
      Files.createFile(folder.resolve("go"));
      node.awaitLine("its startup program 'slow' did not end within 0.3 s");
      assertFalse(node.printed().contains("| program"));
      Files.createFile(folder.resolve("fast"));
      node.awaitLine("| program");
      node.awaitState("a_IN_0", "READY");
      List<String> lines = node.linesOf("a_IN_0");
      assertEquals(
          List.of("first here", "second", "program"),
          lines.subList(lines.size() - 3, lines.size()));
    }
  }

  @Test
  void settings_ofARoleHost_reachItAndChangeLive() throws Exception {
    Path file = folder.resolve(".rolehost/settings/a_IN_0.conf");
    int port = freePort();
    String text =
        """
        roles { a {
          %s
          jvm-options = ["-Drolehost.role.class=io.rolehost.node.SettingsRole"]
          settings { greeting = hello }
          endpoints { admin { port = %d } }
          local-resources { cache {} }
        } }
        """
            .formatted(classPath(), port);
    try (RunningSolution node = RunningSolution.start(folder, text)) {
      node.awaitLine("greeting hello port " + port);
      node.awaitState("a_IN_0", "READY");
      assertEquals("rw-------", permissions(file));
      Path changed = folder.resolve("changed.conf");
      Files.writeString(changed, text.replace("hello", "welcome"));
      RoleSpec role =
          SolutionReader.read(changed, new Surroundings(Map.of(), Map.of(), folder, false, 1))
              .roles()
              .getFirst();
      node.launcher().writeSettings(role, 0);
      node.awaitLine("now welcome");
    }
  }

  private static String permissions(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void runAs_anotherUser_hasItsRightsAloneAndReadsNoOthersToken() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "only root can be another user");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    Path run = Files.createDirectories(folder.resolve(".rolehost/run"));
    Path token = Files.writeString(run.resolve("other_IN_0.token"), "s3cret");
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
    Path settings = Files.createDirectories(folder.resolve(".rolehost/settings"));
    Path others = Files.writeString(settings.resolve("other.conf"), "password = s3cret");
    Files.setPosixFilePermissions(others, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(run.resolve("a_IN_0.lock"), "");
    try (RunningSolution node =
        RunningSolution.start(
            folder,
            """
            roles { a {
              command = [sh, -c, "id -un; id -G; echo $HOME; cat %s %s || echo refused;\
             rm -f %s || echo kept; echo x > $ROLEHOST_STATE_DIR/run/a_IN_0.lock && echo mine;\
             echo done; exec sleep 999"]
              run-as = nobody
            } }
            """
                .formatted(token, others, token))) {
      node.await(() -> node.linesOf("a_IN_0").contains("done"), "end of the look");
      List<String> lines = node.linesOf("a_IN_0");
      assertEquals("nobody", lines.getFirst());
      assertFalse(List.of(lines.get(1).split(" ")).contains("0"), lines::toString);
      assertTrue(lines.containsAll(List.of("refused", "kept", "mine")), lines::toString);
      assertFalse(node.printed().contains("s3cret"));
    }
  }

  @Test
  void roleHost_asAnotherUser_keepsItsTracesInTheStateDirectory() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "only root can be another user");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    String library = library();
    try (RunningSolution node =
        RunningSolution.start(
            folder,
            """
            roles { a {
              class-path = %s
              jvm-options = ["-Drolehost.role.class=io.rolehost.node.SettingsRole"]
              run-as = nobody
              settings { greeting = hi }
              endpoints { admin { port = auto } }
              local-resources { cache {} }
            } }
            """
                .formatted(library))) {
      node.awaitState("a_IN_0", "READY");
      assertTrue(node.printed().contains("greeting hi port 0 user nobody"), node::printed);
      Path token = folder.resolve(".rolehost/run/a_IN_0.token");
      assertEquals("nobody", Files.getOwner(token).getName());
      assertEquals("rw-------", permissions(token));
      assertFalse(node.printed().contains("can't be written"), node::printed);
      assertEquals(0, node.stop());
    }
  }

  /** The class path may be in a folder that only root can enter. */
  private String library() throws Exception {
    Path library = Files.createDirectory(folder.resolve("lib"));
    Files.setPosixFilePermissions(library, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<String> entries = new ArrayList<>();
    for (Path from : entries()) {
      Path to = library.resolve(entries.size() + "-" + from.getFileName());
      if (Files.isRegularFile(from)) {
        Files.copy(from, to);
      } else {
        try (var files = Files.walk(from)) {
          for (Path file : files.toList()) {
            Files.copy(file, to.resolve(from.relativize(file).toString()));
          }
        }
      }
      entries.add('"' + to.toString() + '"');
    }
    return "[" + String.join(", ", entries) + "]";
  }
}
