package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.node.control.ControlClient;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeployProcessTest {
  private static final String READY = " ready [0-9.]+ s after its start";

  @TempDir private static Path builds = Path.of("");
  @TempDir private Path folder = Path.of("");

  @BeforeAll
  static void makeJars() throws IOException {
    FakeJars.write(builds, "one.jar", "two.jar");
    try (FileSystem jar = FileSystems.newFileSystem(builds.resolve("two.jar"))) {
      Files.writeString(jar.getPath("build.txt"), "two");
    }
    Files.writeString(builds.resolve("torn.jar"), "half of a jar");
  }

  @BeforeEach
  void makeSolution() throws IOException {
    build("one.jar");
    solution(3, "FAKE = good");
  }

  private void build(String name) throws IOException {
    Files.copy(
        builds.resolve(name), folder.resolve("web.jar"), StandardCopyOption.REPLACE_EXISTING);
  }

  private void solution(int instances, String env) throws IOException {
    Files.writeString(
        folder.resolve("solution.conf"),
        "roles { web { jar = web.jar, instances = %d, env { %s } } }\n".formatted(instances, env));
  }

  private RunningNode up() throws IOException, InterruptedException {
    RunningNode node = RunningNode.start(folder);
    for (int n = 0; n < 3; n++) {
      var _ = node.await(0, "web_IN_" + n + READY);
    }
    return node;
  }

  private static List<?> releases(RunningNode node) throws IOException {
    return node.instances().stream().map(instance -> instance.get("release")).toList();
  }

  private static List<?> starts(RunningNode node) throws IOException {
    return node.instances().stream().map(instance -> instance.get("incarnation")).toList();
  }

  private static String id(List<?> releases) {
    return String.valueOf(releases.getFirst());
  }

  /** Returns what the node was asked to change, and what came of it. */
  private static List<String> orders(RunningNode node) {
    return node.verb("events")
        .out()
        .lines()
        .filter(line -> line.contains("  node  "))
        .filter(line -> !line.contains(" from the node's socket")) // who asked, for the audit
        .map(line -> line.replaceAll(".*  node  ", ""))
        .map(line -> line.replace(" of " + System.getProperty("user.name") + ":", " of ME:"))
        .toList();
  }

  private static List<String> order(RunningNode node, int mark) {
    return node.since(mark).stream()
        .filter(line -> line.contains("leaves in order") || line.matches(".*" + READY))
        .map(line -> line.replaceAll(".*(web_IN_[0-9]).*(leaves|ready).*", "$1 $2"))
        .toList();
  }

  @Test
  void deploy_ofAGoodBuild_renewsOneAfterAnother_andRollbackGoesBack() throws Exception {
    try (RunningNode node = up()) {
      List<?> first = releases(node);
      build("two.jar");
      node.child("web_IN_1").destroyForcibly();
      var _ = node.await(0, "web_IN_1 ended with 137");
      var _ = node.await(node.mark() - 1, "web_IN_1" + READY);
      assertEquals(first, releases(node), "a crash brings no new build in");

      Said dry = node.verb("deploy", "--dry-run");
      assertTrue(dry.out().contains("web: 3 of 3 instances are renewed"), dry.out());
      assertEquals(first, releases(node));
      int mark = node.mark();
      Said said = node.verb("deploy", "--wait");

      assertEquals(0, said.code(), said.err());
      assertTrue(
          said.out().endsWith("3 of 3 instances are renewed\nthe deploy is done\n"), said.out());
      var _ = node.await(mark, "web_IN_2" + READY);
      assertEquals(
          List.of(
              "web_IN_0 leaves",
              "web_IN_0 ready",
              "web_IN_1 leaves",
              "web_IN_1 ready",
              "web_IN_2 leaves",
              "web_IN_2 ready"),
          order(node, mark));
      List<?> second = releases(node);
      assertEquals(1, second.stream().distinct().count());
      assertTrue(!second.equals(first));
      assertEquals("nothing changes\n", node.verb("deploy").out());

      Said rolledBack = node.verb("rollback", "web", "--wait", "--json");
      assertEquals(0, rolledBack.code(), rolledBack.err());
      SchemaProcessTest.assertLinesFit("rollback", rolledBack);
      assertEquals(first, releases(node));
      assertEquals(0, node.verb("restart", "web_IN_0", "--wait").code());
      assertEquals(first, releases(node), "the build that was taken back does not come again");
      Files.delete(folder.resolve("web.jar"));
      assertEquals(0, node.verb("restart", "web_IN_0", "--wait").code());
      assertEquals(first, releases(node), "the copy is all that a restart needs");
      assertEquals(
          List.of(
              "the deploy by rolehost deploy of ME: web "
                  + id(first)
                  + " -> "
                  + id(second)
                  + " (3)",
              "the deploy is done",
              "the deploy by rolehost deploy of ME: nothing changes",
              "the deploy is done",
              "the rollback of web to "
                  + id(first)
                  + " by rolehost rollback of ME: web "
                  + id(second)
                  + " -> "
                  + id(first)
                  + " (3)",
              "the rollback of web to " + id(first) + " is done",
              "the restart of web_IN_0 by rolehost restart of ME: web "
                  + id(first)
                  + " -> "
                  + id(first)
                  + " (1)",
              "the restart of web_IN_0 is done"),
          orders(node).subList(0, 8));
      Said journals = node.verb("verify-journal");
      assertEquals(0, journals.code(), journals.out());
      assertTrue(journals.out().contains("orders.node: 15 lines, 10 steps"), journals.out());
    }
  }

  @Test
  void deploy_thatDoesNotComeUp_endsAtTheFirstAndIsTakenBack() throws Exception {
    try (RunningNode node = up()) {
      List<?> first = releases(node);
      build("two.jar");
      solution(4, "FAKE = bad");
      int mark = node.mark();
      Said said = node.verb("deploy", "--wait");

      assertEquals(70, said.code());
      // Whether it waits to be retried or is retried already is a matter of moments.
      assertTrue(
          said.out()
              .lines()
              .anyMatch(line ->
                  line.startsWith("the deploy ends at web_IN_0, which is ")
                      && line.contains(" ended with 70 (the role failed) after ")),
          said.out());
      assertTrue(said.out().endsWith("It was taken back; all is as before\n"), said.out());
      assertEquals(first, releases(node));
      assertEquals(List.of("web_IN_0 leaves", "web_IN_0 ready"), order(node, mark));
      assertEquals(3, node.instances().size());
      assertTrue(orders(node).getLast().endsWith("It was taken back; all is as before"));
      for (Map<?, ?> instance : node.instances()) {
        assertEquals("ready", instance.get("word"));
      }
    }
  }

  @Test
  void deploy_ofWhatCanNotBeRead_changesNothing() throws Exception {
    try (RunningNode node = up()) {
      Files.writeString(folder.resolve("solution.conf"), "roles { web { jra = web.jar } }\n");
      Said wrong = node.verb("deploy");
      assertEquals(78, wrong.code());
      assertTrue(wrong.err().contains("solution.conf:1"), wrong.err());
      assertTrue(wrong.err().contains("Nothing was changed"), wrong.err());

      solution(3, "FAKE = good");
      build("torn.jar");
      Said torn = node.verb("deploy");
      assertEquals(75, torn.code());
      assertTrue(torn.err().contains("The jar of web can't be taken"), torn.err());
      assertEquals(64, node.verb("deploy", "nobody").code());
      assertEquals(List.of(1, 1, 1), starts(node));
    }
  }

  @Test
  void deploy_ofNewRoles_startsEachBehindWhatItNeeds() throws Exception {
    try (RunningNode node = up()) {
      Files.writeString(
          folder.resolve("solution.conf"),
          """
          roles {
            web { jar = web.jar, instances = 3, env { FAKE = good } }
            top { command = [sleep, 999], depends-on = [base] }
            base { command = [sh, -c, "sleep 0.5; echo >&3; exec sleep 999"], ready.fd = 3 }
          }
          """);
      Said partly = node.verb("deploy", "top", "--wait");
      assertEquals(0, partly.code(), partly.out() + partly.err());
      assertEquals(0, node.verb("scale", "top", "0", "--wait").code());
      assertEquals(0, node.verb("deploy", "web", "--wait").code());
      assertEquals(
          "{\"top\":0}\n",
          Files.readString(folder.resolve(".rolehost/scale.json")),
          "a deploy of another role leaves it as it is scaled");
      int mark = node.mark();

      Said said = node.verb("deploy", "--wait");
      assertEquals(0, said.code(), said.out() + said.err());
      List<String> started =
          node.since(mark).stream()
              .filter(line -> line.matches(".*" + READY))
              .map(line -> line.replaceAll(".*((top|base)_IN_0).*", "$1"))
              .toList();
      assertEquals(List.of("base_IN_0", "top_IN_0"), started);

      // A role with another name is another role; other domains are other rules alone.
      Path file = folder.resolve("solution.conf");
      Files.writeString(
          file,
          Files.readString(file)
              .replace("top {", "summit {")
              .replace("instances = 3", "instances = 3, update.domains = 2"));
      Said renamed = node.verb("deploy", "--wait");
      assertEquals(0, renamed.code(), renamed.out() + renamed.err());
      assertTrue(
          renamed.out().contains("top: is not in the solution any more, leaving: [top_IN_0]"),
          renamed.out());
      assertTrue(
          renamed.out().contains("web: other rules, which need no new process"), renamed.out());
      var _ = node.await(mark, "top_IN_0 has left");
      var _ = node.await(mark, "summit_IN_0" + READY);
    }
  }

  @Test
  void scale_thatIsWaitedFor_endsWhenAllAreReady_orWhenTheTimeIsOver() throws Exception {
    try (RunningNode node = up()) {
      Said up = node.verb("scale", "web", "4", "--wait");
      assertEquals(0, up.code(), up.err());
      assertTrue(up.out().startsWith("web: 4 instances\n3 of 4 instances are ready; "), up.out());
      assertTrue(up.out().endsWith("\nweb has 4 instances\n"), up.out());
      assertEquals("ready", node.instance("web_IN_3").get("word"));

      Said down = node.verb("scale", "web", "3", "--wait", "--json");
      assertEquals(0, down.code(), down.err());
      assertEquals(3, node.instances().size());
      assertTrue(
          down.out().endsWith("{\"ended\":\"web has 3 instances\",\"exit\":0}\n"), down.out());

      assertEquals(0, node.verb("freeze", "role:web", "--reason", "no more").code());
      Said frozen = node.verb("scale", "web", "4", "--wait", "--timeout", "1s");
      assertEquals(75, frozen.code());
      assertTrue(
          frozen
              .out()
              .contains(
                  "Not done after 1.0 s: 3 of 4 instances are ready; web_IN_3 is frozen: no more"),
          frozen.out());
      assertEquals(64, node.verb("scale", "web", "4", "--wait", "--timeout", "soon").code());
    }
  }

  @Test
  void order_thatANodeIsKilledInTheMiddleOf_isEndedByTheNext() throws Exception {
    try (RunningNode node = up()) {
      assertEquals(0, node.verb("freeze", "role:web", "--reason", "no more").code());
      assertEquals(0, node.verb("scale", "web", "4").code());
      var _ = node.await(0, "web_IN_3 frozen, not started");
      assertEquals(List.of("the scaling of web by rolehost scale of ME: 3 -> 4"), orders(node));
      // As a swap does before its first change.
      Map<String, Object> written =
          ControlClient.of(folder.resolve(".rolehost"))
              .ask("swapped", Map.of("begins", true, "from", "a", "to", "b", "by", "me"));
      assertEquals(Map.of("written", true), written);
      long end = System.nanoTime() + 30_000_000_000L;
      while (orders(node).size() < 2 && System.nanoTime() - end < 0) {
        Thread.onSpinWait();
      }
      node.kill();
      int _ = node.exitCode();
    }
    try (RunningNode again = RunningNode.start(folder)) {
      String sentence =
          "an earlier node was ended in the middle of this: the scaling of web by rolehost scale";
      var _ = again.await(0, sentence);
      assertTrue(orders(again).getFirst().startsWith(sentence));
      assertEquals(
          "an earlier node was ended in the middle of this: the swap by rolehost swap of me: a ->"
              + " b",
          orders(again).get(1));
      Said journals = again.verb("verify-journal");
      assertEquals(0, journals.code(), journals.out());
    }
  }

  @Test
  void scale_upAndDown_startsNewOnesAndLetsTheHighestLeaveInOrder() throws Exception {
    try (RunningNode node = up()) {
      assertEquals(new Said(0, "web: 5 instances\n", ""), node.verb("scale", "web", "5"));
      var _ = node.await(0, "web_IN_3" + READY);
      var _ = node.await(0, "web_IN_4" + READY);
      int mark = node.mark();

      assertEquals(0, node.verb("scale", "web", "2").code());
      var _ = node.await(mark, "web_IN_2 has left");
      assertEquals(
          List.of("web_IN_4 leaves", "web_IN_3 leaves", "web_IN_2 leaves"), order(node, mark));
      assertEquals(List.of(1, 1), starts(node));
      assertEquals(64, node.verb("scale", "nobody", "2").code());

      node.terminate();
      assertEquals(0, node.exitCode());
    }
    try (RunningNode again = RunningNode.start(folder)) {
      var _ = again.await(0, "web has 2 instances as it was scaled, the solution says 3");
      var _ = again.await(0, "web_IN_1" + READY);
      assertEquals(0, again.verb("deploy", "--wait").code());
      assertEquals(3, again.instances().size());
    }
  }
}
