package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class UpProcessTest {
  private static final String READY = " ready [0-9.]+ s after its start";

  @TempDir private static Path jars = Path.of("");
  @TempDir private Path folder = Path.of("");

  @BeforeAll
  static void makeJars() throws IOException {
    FakeJars.write(jars, "web.jar", "worker.jar");
  }

  @BeforeEach
  void makeSolution() throws IOException {
    solution("");
  }

  private void solution(String more) throws IOException {
    Files.writeString(
        folder.resolve("solution.conf"),
        """
        roles {
          web { jar = "%s/web.jar" }
          worker { jar = "%s/worker.jar" }
          %s
        }
        """
            .formatted(jars, jars, more));
  }

  private static RunningNode up(Path folder) throws IOException, InterruptedException {
    RunningNode node = RunningNode.start(folder);
    var _ = node.await(0, "web_IN_0" + READY);
    var _ = node.await(0, "worker_IN_0" + READY);
    return node;
  }

  @Test
  @EnabledOnOs(OS.LINUX) // where a process can see the words another was started with
  void up_ofTwoRoles_runsEachFromItsOwnJarAndPrefixesWhatItPrints() throws Exception {
    try (RunningNode node = up(folder)) {
      Matcher web = node.await(0, "^web_IN_0    \\| up as process ([0-9]+)$");
      Matcher worker = node.await(0, "^worker_IN_0 \\| up as process ([0-9]+)$");

      assertEquals(List.of("web.jar"), roleJars(ProcessHandle.of(pid(web)).orElseThrow()));
      assertEquals(List.of("worker.jar"), roleJars(ProcessHandle.of(pid(worker)).orElseThrow()));
      assertEquals(List.of(), roleJars(node.handle()));
      assertEquals("ready", node.instance("web_IN_0").get("word"));
      assertEquals("ready", node.instance("worker_IN_0").get("word"));
      String table = node.verb("status").out();
      assertTrue(table.contains("worker_IN_0  ready"), table);
      assertTrue(node.verb("explain", "web").out().startsWith("web_IN_0 is ready"));
      assertTrue(node.verb("logs", "web").out().startsWith("web_IN_0 | up as process " + pid(web)));
    }
  }

  private static long pid(Matcher line) {
    return Long.parseLong(line.group(1));
  }

  private static List<String> roleJars(ProcessHandle process) {
    return List.of(process.info().arguments().orElse(new String[0])).stream()
        .filter(word -> word.startsWith("/") && word.endsWith(".jar"))
        .map(word -> Path.of(word).getFileName().toString())
        .toList();
  }

  @Test
  void child_thatIsKilledAgainAndAgain_isStartedAgainWithBackOff() throws Exception {
    try (RunningNode node = up(folder)) {
      int mark = node.mark();
      ProcessHandle first = node.child("web_IN_0");
      first.destroyForcibly();
      var _ = node.await(mark, "web_IN_0 ended with 137 .*; failure 1 in a row, next start in");
      var _ = node.await(mark, "web_IN_0" + READY);
      int again = node.mark();
      ProcessHandle second = node.child("web_IN_0");
      assertTrue(second.pid() != first.pid());
      second.destroyForcibly();

      Matcher pause =
          node.await(
              again, "web_IN_0 ended with 137 .*; failure 2 in a row, next start in ([0-9.]+) s");

      double seconds = Double.parseDouble(pause.group(1));
      assertTrue(seconds >= 1.4 && seconds <= 2.6, pause.group()); // 2 s with a jitter of a quarter
      assertEquals("ready", node.instance("worker_IN_0").get("word"));
      var _ = node.await(again, "web_IN_0" + READY);
      assertEquals(3, node.instance("web_IN_0").get("incarnation"));
      String events = node.verb("events").out();
      assertTrue(events.contains("web_IN_0 #2  READY -> BACKOFF: ended with 137"), events);
    }
  }

  @Test
  void restart_ofARole_takesOneInstanceAfterAnother() throws Exception {
    solution("pair { jar = \"%s/web.jar\", instances = 2 }".formatted(jars));
    try (RunningNode node = up(folder)) {
      var _ = node.await(0, "pair_IN_0" + READY);
      var _ = node.await(0, "pair_IN_1" + READY);
      int mark = node.mark();
      assertEquals(
          new Said(0, "restarting pair_IN_0\nrestarting pair_IN_1\n", ""),
          node.verb("restart", "pair"));

      var _ = node.await(mark, "node .*the restart of pair is done");
      List<String> order =
          node.since(mark).stream()
              .filter(line ->
                  line.contains("pair_IN_")
                      && (line.contains("leaves in order") || line.matches(".*" + READY + ".*")))
              .map(line -> line.replaceAll(".*(pair_IN_[01]).*(leaves|ready).*", "$1 $2"))
              .toList();
      assertEquals(
          List.of("pair_IN_0 leaves", "pair_IN_0 ready", "pair_IN_1 leaves", "pair_IN_1 ready"),
          order);
      assertEquals(1, node.instance("web_IN_0").get("incarnation"));
    }
  }

  @Test
  void node_thatIsTerminated_letsItsChildrenLeaveInOrderAndEndsWith0() throws Exception {
    try (RunningNode node = up(folder)) {
      node.terminate();

      var _ = node.await(0, "node .*SIGTERM: stopping");
      for (String id : List.of("web_IN_0", "worker_IN_0")) {
        var _ = node.await(0, "^" + id + " +\\| leaves in order");
        var _ = node.await(0, "node .* " + id + " ended with 0 ");
      }
      assertEquals(0, node.exitCode());
    }
  }

  @Test
  void stop_withWait_returnsWhenTheNodeIsGone() throws Exception {
    try (RunningNode node = up(folder)) {
      assertEquals(new Said(0, "stopped\n", ""), node.verb("stop", "--wait", "--grace", "30s"));

      assertEquals(0, node.exitCode());
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX) // the guard needs /proc
  void node_thatIsKilled_leavesNoOrphan() throws Exception {
    solution("stubborn { command = [sh, -c, \"trap '' TERM; sleep 600 & wait; sleep 600\"] }");
    try (RunningNode node = up(folder)) {
      List<ProcessHandle> below = node.handle().descendants().toList();
      assertTrue(below.size() >= 4, below.size() + " processes below the node");

      node.kill();

      for (ProcessHandle process : below) {
        var _ = process.onExit().get(30, TimeUnit.SECONDS);
        assertFalse(process.isAlive());
      }
    }
  }

  @Test
  void freeze_ofARole_keepsItsNextStartBackUntilItIsThawed() throws Exception {
    try (RunningNode node = up(folder)) {
      assertEquals(0, node.verb("freeze", "role:web", "--reason", "incident 7").code());
      assertEquals("ready", node.instance("worker_IN_0").get("word"));
      int mark = node.mark();
      assertEquals("restarting web_IN_0\n", node.verb("restart", "web").out());

      var _ = node.await(mark, "web_IN_0 frozen, not started: incident 7 by ");
      assertEquals("frozen", node.instance("web_IN_0").get("word"));
      assertEquals(0, node.verb("thaw").code());

      var _ = node.await(mark, "web_IN_0" + READY);
      assertEquals(64, node.verb("restart", "nobody").code());
    }
  }

  @Test
  void up_whereAnotherNodeRuns_ends75NamesItAndChangesNothing() throws Exception {
    try (RunningNode node = up(folder)) {
      Path run = folder.resolve(".rolehost").resolve("run");
      Map<Path, String> before = filesOf(run);
      try (RunningNode second = RunningNode.start(folder)) {
        var _ =
            second.await(
                0,
                "already runs .* process "
                    + node.handle().pid()
                    + ", socket .*node.sock\\. Nothing was changed");

        assertEquals(75, second.exitCode());
      }
      assertEquals(before, filesOf(run));
      assertEquals(2, node.instances().size());
    }
  }

  private static Map<Path, String> filesOf(Path folder) throws IOException {
    Map<Path, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(file, Files.readString(file) + " of " + Files.getLastModifiedTime(file));
      }
    }
    return files;
  }
}
