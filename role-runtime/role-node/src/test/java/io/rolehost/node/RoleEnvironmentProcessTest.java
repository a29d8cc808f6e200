package io.rolehost.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rolehost.node.deploy.Scaling;
import io.rolehost.node.solution.SolutionReader;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The role environment of Azure, with real processes under a real node. */
final class RoleEnvironmentProcessTest {

  @TempDir Path folder;

  private static List<Path> entries(Predicate<String> wanted) {
    return Pattern.compile(File.pathSeparator)
        .splitAsStream(System.getProperty("java.class.path"))
        .filter(wanted)
        .map(Path::of)
        .filter(Files::exists)
        .toList();
  }

  private static String classPath(List<Path> entries) {
    List<String> quoted = new ArrayList<>();
    entries.forEach(entry -> quoted.add("\"" + entry + '"'));
    return "class-path = [" + String.join(", ", quoted) + "], role-host = false";
  }

  private static String program(String mainClass) {
    return classPath(entries(_ -> true))
        + ", main-class = io.rolehost.node."
        + mainClass
        + ", jvm-options = [\"-XX:TieredStopAtLevel=1\", \"-Xshare:auto\"]";
  }

  private static String ask(RunningSolution node, String id, String line) throws Exception {
    int port = controlOf(node, id);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      new PrintStream(socket.getOutputStream(), true, UTF_8).println(line);
      return String.valueOf(
          new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine());
    }
  }

  /** Returns the port that its last start said. */
  private static int controlOf(RunningSolution node, String id) throws Exception {
    long incarnation = Math.max(1, node.instance(id).life().incarnation());
    node.await(() -> controls(node, id).size() >= incarnation, "control port of " + id);
    return controls(node, id).getLast();
  }

  private static List<Integer> controls(RunningSolution node, String id) {
    List<Integer> ports = new ArrayList<>();
    for (String line : node.linesOf(id)) {
      Matcher matcher = Pattern.compile("control (\\d+)").matcher(line);
      if (matcher.matches()) {
        ports.add(Integer.parseInt(matcher.group(1)));
      }
    }
    return ports;
  }

  private void deploy(RunningSolution node, String text) throws Exception {
    Path file = folder.resolve("solution.conf");
    Files.writeString(file, "rolehost.management.port = 0\n" + text);
    Deployments deployments =
        new Deployments(
            node.node(),
            node.node().releases(),
            () ->
                SolutionReader.read(
                    file,
                    new Surroundings(
                        Map.of("PATH", System.getenv("PATH")),
                        Map.of("user.name", System.getProperty("user.name")),
                        folder,
                        false,
                        ProcessHandle.current().pid())));
    deployments.deploy(
        deployments.plan(List.of(), Optional.empty()), List.of(), new Course("test"));
  }

  @Test
  void programForAzuresLibrary_unchanged_hasAllOfItsRoleEnvironment() throws Exception {
    String solution =
        """
        roles {
          old {
            %s
            azure-runtime = true
            stop-grace = 40s
            settings { Freeze = false, "Microsoft.Storage.Account" = %s, Greeting = "Grüße <&>" }
            endpoints { web { port = auto, protocol = http }, "" { } }
            local-resources { scratch { } }
          }
          peer { command = [sleep, 999], endpoints { bus { port = 19001, internal = true } } }
          hidden { command = [sleep, 999], endpoints { web { port = 19101 } } }
        }
        rolehost.profile = azure
        """
            .replace(", \"\" { }", "");
    try (RunningSolution node =
        RunningSolution.start(folder, solution.formatted(program("OldProgram"), "one"))) {
      String id = "old_IN_0";
      assertEquals(
          "old_IN_0 of old in " + node.solution().node().deployment() + " domains 0 0",
          ask(node, id, "me"));
      assertTrue(node.linesOf(id).contains("available true"), node.printed());
      assertEquals(
          "{Freeze=false, Greeting=Grüße <&>, Microsoft.Storage.Account=one}",
          ask(node, id, "settings"));
      Path scratch =
          node.solution().node().stateDir().resolve("local").resolve(id).resolve("scratch");
      assertEquals("100 true " + scratch.toAbsolutePath(), ask(node, id, "resource scratch"));
      assertEquals("null", ask(node, id, "resource undeclared"));
      assertEquals("null", ask(node, id, "setting undeclared"));
      assertEquals(
          "HTTP /127.0.0.1:" + node.launcher().portsOf(node.instance(id).role(), 0).get("web"),
          ask(node, id, "endpoint web"));
      assertEquals("{hidden=[], old=[old_IN_0], peer=[peer_IN_0]}", ask(node, id, "roles"));
      node.awaitState(id, "READY");

      // Status: busy until it is taken back, and until it lapses.
      assertEquals("ok", ask(node, id, "busy 3600000"));
      node.awaitState(id, "BUSY");
      assertTrue(node.why(id).startsWith("busy: so says the client "), node.why(id));
      assertEquals("ok", ask(node, id, "clear"));
      node.awaitState(id, "READY");
      assertEquals("ok", ask(node, id, "busy 3600000"));
      node.awaitState(id, "BUSY");
      assertEquals("ok", ask(node, id, "ready"));
      node.awaitState(id, "READY");
      assertEquals("ok", ask(node, id, "busy 1500"));
      node.awaitState(id, "BUSY");
      node.awaitState(id, "READY");

      // Another setting, and another instance of a role that is shown: no new process.
      deploy(node, solution.formatted(program("OldProgram"), "two"));
      node.awaitLine("changing [setting Microsoft.Storage.Account] from {Freeze=false");
      node.awaitLine("changed [setting Microsoft.Storage.Account] to {Freeze=false");
      assertTrue(
          node.linesOf(id).stream()
              .anyMatch(line -> line.startsWith("changing") && line.endsWith("Account=one}")),
          node.printed());
      assertTrue(
          node.linesOf(id).stream()
              .anyMatch(line -> line.startsWith("changed") && line.endsWith("Account=two}")),
          node.printed());
      node.node().scale(new Scaling("peer", 2), new Course("test"));
      node.awaitLine("changed [role peer] to");
      assertEquals(
          "{hidden=[], old=[old_IN_0], peer=[peer_IN_0, peer_IN_1]}", ask(node, id, "roles"));
      assertEquals(1, node.instance(id).life().incarnation());

      // A recycle that it asks for twice is one; its listener runs to its end before.
      assertEquals("ok", ask(node, id, "stop-takes 300"));
      assertEquals("ok", ask(node, id, "recycle"));
      node.await(() -> node.instance(id).life().incarnation() == 2, "start #2");
      assertEquals(
          List.of("stopping", "stopped after 300"),
          node.linesOf(id).stream().filter(line -> line.startsWith("stop")).toList());
      assertEquals(0, node.instance(id).life().failures());

      // A change that is cancelled is made by a recycle, without a Changed.
      assertEquals("ok", ask(node, id, "cancels"));
      long changed = node.linesOf(id).stream().filter(one -> one.startsWith("changed")).count();
      deploy(node, solution.formatted(program("OldProgram"), "three"));
      node.await(() -> node.instance(id).life().incarnation() == 3, "start #3");
      assertEquals(
          "{Freeze=false, Greeting=Grüße <&>, Microsoft.Storage.Account=three}",
          ask(node, id, "settings"));
      assertEquals(
          changed, node.linesOf(id).stream().filter(one -> one.startsWith("changed")).count());

      assertEquals("ok", ask(node, id, "stop-takes 200"));
      assertEquals(0, node.stop());
      assertTrue(node.linesOf(id).contains("stopped after 200"), node.printed());
    }
  }

  @Test
  void changedSettings_walkTheUpdateDomains_andWaitForWhoIsNotWell() throws Exception {
    String solution =
        """
        roles { old {
          %s
          azure-runtime = true
          instances = 3
          update.domains = 3
          stop-grace = 40s
          settings { Account = %s }
        } }
        rolehost.profile = azure
        """;
    try (RunningSolution node =
        RunningSolution.start(folder, solution.formatted(program("OldProgram"), "one"))) {
      for (int n = 0; n < 3; n++) {
        node.awaitState("old_IN_" + n, "READY");
        assertEquals("{Account=one}", ask(node, "old_IN_" + n, "settings"));
      }

      // One that is not well with them keeps them from the others.
      assertEquals("ok", ask(node, "old_IN_0", "busy 3600000"));
      node.awaitState("old_IN_0", "BUSY");
      deploy(node, solution.formatted(program("OldProgram"), "two"));
      node.awaitLine("wait before update domain 1 until old_IN_0 is ready with them");
      node.await(
          () -> node.linesOf("old_IN_0").contains("changed [setting Account] to {Account=two}"),
          "change of the first");
      assertEquals("{Account=one}", ask(node, "old_IN_1", "settings"));
      assertEquals("{Account=one}", ask(node, "old_IN_2", "settings"));
      assertEquals("ok", ask(node, "old_IN_0", "clear"));
      node.awaitLine("old are told to update domain 2: old_IN_2");
      assertTrue(
          node.linesOf("old_IN_1").contains("changed [setting Account] to {Account=two}"),
          node.printed());
      node.await(
          () -> node.linesOf("old_IN_2").contains("changed [setting Account] to {Account=two}"),
          "change of the last");

      // One that cancels is new before the next one hears of it.
      assertEquals("ok", ask(node, "old_IN_0", "cancels"));
      deploy(node, solution.formatted(program("OldProgram"), "three"));
      for (int n = 1; n < 3; n++) {
        String id = "old_IN_" + n;
        node.await(
            () -> node.linesOf(id).contains("changed [setting Account] to {Account=three}"),
            "change of " + id);
        assertEquals(1, node.instance(id).life().incarnation());
      }
      assertEquals(2, node.instance("old_IN_0").life().incarnation());
      assertEquals("{Account=three}", ask(node, "old_IN_0", "settings"));
      List<String> heard =
          node.printed()
              .lines()
              .filter(line -> line.contains("available") || line.contains("Account=two}"))
              .filter(line -> line.contains("available") || line.contains("| changing"))
              .map(line -> line.substring(0, line.indexOf(' ')))
              .skip(3)
              .toList();
      assertEquals(List.of("old_IN_0", "old_IN_0", "old_IN_1", "old_IN_2"), heard, node.printed());
      assertEquals(0, node.stop());
    }
  }

  /** Azure's own jar, where the build has fetched it. */
  @Test
  void azuresOwnLibrary_unchanged_speaksWithTheNode() throws Exception {
    Path sdk = Path.of(System.getProperty("azure.sdk", "target/azure-sdk")).toAbsolutePath();
    assumeTrue(Files.isDirectory(sdk), "no " + sdk);
    List<Path> entries = new ArrayList<>(List.of(sdk.resolve("*")));
    entries.addAll(entries(entry -> entry.contains("test")));
    String solution =
        """
        roles { old {
          %s, main-class = io.rolehost.node.OldProgram
          azure-runtime = true
          stop-grace = 40s
          settings { Account = %s, Greeting = "Grüße <&>" }
          endpoints { web { port = auto, protocol = "wcf:https" } }
          local-resources { scratch { size = 5MiB } }
        } }
        rolehost.profile = azure
        """;
    try (RunningSolution node =
        RunningSolution.start(folder, solution.formatted(classPath(entries), "one"))) {
      String id = "old_IN_0";
      assertEquals("{Account=one, Greeting=Grüße <&>}", ask(node, id, "settings"));
      assertEquals("{old=[old_IN_0]}", ask(node, id, "roles"));
      assertTrue(ask(node, id, "resource scratch").startsWith("5 true /"));
      assertTrue(ask(node, id, "endpoint web").startsWith("WCF_HTTPS /127.0.0.1:"));
      assertEquals("ok", ask(node, id, "busy 3600000"));
      node.awaitState(id, "BUSY");
      assertEquals("ok", ask(node, id, "clear"));
      node.awaitState(id, "READY");
      deploy(node, solution.formatted(classPath(entries), "two"));
      // Its getters have the new values already: one of the defects that ours has not.
      node.awaitLine("changing [setting Account] from {Account=");
      node.awaitLine("changed [setting Account] to {Account=two");
      assertEquals("ok", ask(node, id, "stop-takes 300"));
      assertEquals("ok", ask(node, id, "recycle"));
      node.await(() -> node.instance(id).life().incarnation() == 2, "start #2");
      assertTrue(node.linesOf(id).contains("stopped after 300"), node.printed());
      assertEquals("{Account=two, Greeting=Grüße <&>}", ask(node, id, "settings"));
      assertEquals(0, node.stop());
    }
  }

  @Test
  void clientOfTheSpecification_heldByOneOfTwo_isBusyUntilBothAreNot_andIsToldTheDeadline()
      throws Exception {
    try (RunningSolution node =
        RunningSolution.start(
            folder,
            """
            roles { wire {
              %s, azure-runtime = true, stop-grace = 40s, settings { A = 1 }
              arguments = [2]
            } }
            """
                .formatted(program("WireClient")))) {
      String id = "wire_IN_0";
      node.awaitLine("0 goal 1 Started 9999-12-31T23:59:59.9999999");
      node.awaitLine("1 goal 1 Started 9999-12-31T23:59:59.9999999");
      assertTrue(
          ask(node, id, "environment").contains("<ConfigurationSetting name=\"A\" value=\"1\"/>"),
          node.printed());
      node.awaitState(id, "READY");
      Instant later = Instant.now().plus(Duration.ofHours(1));
      assertEquals("ok", ask(node, id, "0 Busy " + later));
      node.awaitState(id, "BUSY");
      assertEquals("ok", ask(node, id, "1 Busy " + later));
      assertEquals("ok", ask(node, id, "0 Started " + later));
      assertEquals(
          "ok", ask(node, id, "raw <CurrentState><StatusLease ClientId='x'></CurrentState>"));
      node.awaitLine("! wire_IN_0 wrote what its role environment does not understand");
      assertEquals("BUSY", node.instance(id).stateName());
      assertEquals("ok", ask(node, id, "1 Release"));
      node.awaitState(id, "READY");

      Instant before = Instant.now();
      node.node().stop("test");
      node.awaitLine("0 goal 2 Stopped");
      node.awaitLine("1 goal 2 Stopped");
      Instant deadline =
          node.linesOf(id).stream()
              .filter(line -> line.startsWith("0 goal 2 Stopped "))
              .map(line -> Instant.parse(line.substring("0 goal 2 Stopped ".length())))
              .findFirst()
              .orElseThrow();
      assertTrue(deadline.isAfter(before.plusSeconds(10)), deadline + " " + before);
      assertTrue(deadline.isBefore(before.plusSeconds(60)), deadline + " " + before);
      assertEquals("ok", ask(node, id, "0 Stopped 9999-12-31T23:59:59.9999999"));
      assertTrue(node.instance(id).child().orElseThrow().isAlive());
      assertEquals("ok", ask(node, id, "1 Stopped 9999-12-31T23:59:59.9999999"));
      assertEquals(0, node.exitCode());
    }
  }

  @Test
  void roleHost_withTheRuntime_isNotReadyForItsNodeWhileItSaysBusy() throws Exception {
    try (RunningSolution node =
        RunningSolution.start(
            folder,
            """
            roles { host {
              class-path = [%s]
              jvm-options = ["-Drolehost.role.class=io.rolehost.node.OldApiRole"]
              azure-runtime = true
              settings { A = 1 }
              local-resources { scratch { } }
            } }
            rolehost.profile = azure
            """
                .formatted(
                    String.join(
                        ", ",
                        entries(entry -> !entry.contains("sample-roles")).stream()
                            .map(entry -> "\"" + entry + '"')
                            .toList())))) {
      node.awaitState("host_IN_0", "BUSY");
      assertTrue(node.why("host_IN_0").startsWith("busy: so says the client "), node.printed());
      node.awaitState("host_IN_0", "READY");
      assertTrue(
          node.linesOf("host_IN_0").stream().anyMatch(line -> line.contains("settings {A=1}")),
          node.printed());
      assertEquals(0, node.stop());
    }
  }

  /**
   * As a program in any language does: it prints its settings, is busy once, and hears the stop.
   */
  private static final String SHELL_CLIENT =
      """
      goals=$(sed -n 's:.* path="\\([^"]*\\)".*:\\1:p' "$WaRuntimeEndpoint")
      exec 3<"$goals"
      while read -r line <&3; do
        case $line in *GoalState*) ;; *) continue ;; esac
        state=$(echo "$line" | sed 's:.*<CurrentStateEndpoint>::;s:<.*::')
        number=$(echo "$line" | sed 's:.*<Incarnation>::;s:<.*::')
        status=Busy
        case $line in *Stopped*) status=Stopped ;; esac
        echo "is $(id -un), writes $status"
        cat "$(echo "$line" | sed 's:.*<RoleEnvironmentPath>::;s:<.*::')"
        echo "<CurrentState><StatusLease ClientId='c'><Acquire><Incarnation>$number</Incarnation>\
      <Status>$status</Status><StatusDetail>$status</StatusDetail>\
      <Expiration>2999-01-01T00:00:00Z</Expiration></Acquire></StatusLease></CurrentState>" >"$state"
      done
      """;

  @Test
  void program_asAnotherUser_hasItsRoleEnvironment_andThirdOnesDoNot() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "only root can be another user");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    Path script = Files.writeString(folder.resolve("client.sh"), SHELL_CLIENT);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rw-r--r--"));
    // One of the node's own user comes last, and the others ask only then.
    Path last = folder.resolve("last");
    String role =
        "{ command = [sh, -c, \"%s; exec sh "
            + script
            + "\"], azure-runtime = true, settings { A = 1 }, %s }\n";
    String after = "until test -e " + last + "; do sleep 0.05; done";
    try (RunningSolution node =
        RunningSolution.start(
            folder,
            "roles {\na "
                + role.formatted(after, "run-as = nobody, local-resources { scratch {} }")
                + "b "
                + role.formatted(after, "run-as = daemon")
                + "c "
                + role.formatted("touch " + last, "depends-on = [a, b]")
                + "}")) {
      for (String[] one :
          new String[][] {{"a_IN_0", "nobody"}, {"b_IN_0", "daemon"}, {"c_IN_0", "root"}}) {
        node.awaitState(one[0], "BUSY");
        assertEquals(1, node.instance(one[0]).life().incarnation(), node.printed());
        assertTrue(node.linesOf(one[0]).contains("is " + one[1] + ", writes Busy"), node.printed());
        assertTrue(
            node.linesOf(one[0]).stream()
                .anyMatch(line -> line.contains("ConfigurationSetting name=\"A\" value=\"1\"")),
            node.printed());
      }
      Path pipes = folder.resolve(".rolehost/azure/a_IN_0");
      assertEquals("may", readBy("nobody", pipes.resolve("environment-1.xml")));
      for (String file : List.of("environment-1.xml", "runtime", "goals-1", "state-1")) {
        assertEquals("nobody", Files.getOwner(pipes.resolve(file)).getName(), file);
        assertEquals("refused", readBy("daemon", pipes.resolve(file)), file);
      }
      assertEquals("refused", readBy("daemon", pipes), "the folder can't be listed");
      assertEquals(0, node.stop());
      for (String id : List.of("a_IN_0", "b_IN_0", "c_IN_0")) {
        assertTrue(
            node.linesOf(id).stream().anyMatch(line -> line.endsWith(", writes Stopped")),
            node.printed());
      }
    }
  }

  /** Returns whether a user may open a file for reading; asks without opening it. */
  private static String readBy(String user, Path file) throws Exception {
    Process asked =
        new ProcessBuilder(
                "setpriv",
                "--reuid",
                user,
                "--regid",
                "65534",
                "--clear-groups",
                "sh",
                "-c",
                "test -e \"$1\" || exit 2; test -r \"$1\" || test -w \"$1\"",
                "sh",
                file.toString())
            .inheritIO()
            .start();
    int code = asked.waitFor();
    return code == 0 ? "may" : code == 1 ? "refused" : "not there";
  }
}
