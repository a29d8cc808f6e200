package io.rolehost.runtime.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.typesafe.config.Config;
import io.rolehost.api.ConfigChangingListener.Answer;
import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.runtime.RoleHost;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a role may rely on from its start to its end, on real processes. */
final class WholeLifeProcessTest {

  @TempDir Path folder;

  /** A role as small as one can be. */
  public static final class Bare implements Role {}

  @Test
  void roleThatOverridesNothing_isReadyUntilItIsStopped() {
    try (HostProcess host = HostProcess.of(Bare.class, folder).start()) {
      host.awaitReady();
      assertEquals(0, host.signal("TERM").exitCode());
      assertFalse(host.output().contains("WARN"), host.output());
      List<String> lines = host.output().lines().toList();
      assertTrue(lines.getFirst().contains("start #1 (the first start here)"), lines.getFirst());
      assertTrue(lines.getLast().contains("exit code 0"), lines.getLast());
      assertTrue(lines.getLast().contains("because: signal TERM"), lines.getLast());
    }
  }

  @Test
  void argumentOnTheCommandLine_isRefusedWithWhereSettingsGo() {
    try (HostProcess host =
        HostProcess.of(Bare.class, folder).main(RoleHost.class, "--port=8080").start()) {
      assertEquals(64, host.exitCode());
      assertTrue(host.output().contains("'--port=8080'"), host.output());
      assertTrue(host.output().contains("-Drolehost.stop.grace=40s"), host.output());
    }
  }

  @Test
  void tokenFile_thatIsEmptyOrMissing_refusesTheStart() throws IOException {
    Path file = folder.resolve("token");
    HostProcess.Command command =
        HostProcess.of(Bare.class, folder).set("rolehost.management.token-file", file.toString());
    try (HostProcess host = command.start()) {
      assertEquals(75, host.exitCode());
      assertTrue(host.output().contains("there is no such file"), host.output());
    }
    Path _ = Files.writeString(file, "\n");
    try (HostProcess host = command.start()) {
      assertEquals(75, host.exitCode());
      assertTrue(host.output().contains("which is empty"), host.output());
      assertTrue(host.output().contains("the last one ended: rolehost.management.token-file"));
    }
  }

  @Test
  void freezeByATextThatIsNoBoolean_isToldLoudly() {
    try (HostProcess host =
        HostProcess.of(Bare.class, folder).variable("ROLEHOST_FREEZE", "maybe").start()) {
      host.awaitState("HELD");
      List<String> loud = host.output().lines().filter(line -> line.contains("WARN")).toList();
      assertEquals(1, loud.size(), host.output());
      assertTrue(loud.getFirst().contains("'maybe'"), loud.getFirst());
      assertTrue(host.get("/readyz").contains("'maybe'"), host.get("/readyz"));
      assertEquals(0, host.signal("TERM").exitCode());
    }
  }

  /** Says which threads it runs on. */
  public static final class Threads implements Role {
    @Override
    public boolean onStart(RoleContext context) {
      say("onStart");
      return true;
    }

    @Override
    public void run(RoleContext context) throws Exception {
      say("run");
      context.stopToken().await();
    }

    private static void say(String what) {
      Thread me = Thread.currentThread();
      Roles.say(what + " " + me.getName() + (me.isDaemon() || me.isVirtual() ? "" : " keeps"));
    }
  }

  @Test
  void onStartAndRun_haveThreadsOfTheirOwn_thatOfRunIsNoDaemon() {
    try (HostProcess host = HostProcess.of(Threads.class, folder).start()) {
      host.awaitReady().awaitOutput("EVENT run");
      assertEquals("run role-run keeps", host.events().getLast());
      assertEquals("onStart role-start", host.events().getFirst().replace(" keeps", ""));
      assertEquals(0, host.signal("TERM").exitCode());
    }
  }

  @Test
  void probes_duringOnStart_sayAliveAndNotYet() {
    try (HostProcess host = HostProcess.of(Roles.SlowStart.class, folder).start()) {
      host.awaitEvent("onStart").port();
      assertEquals(200, host.status("/livez"));
      assertEquals(503, host.status("/readyz"));
      assertEquals(503, host.status("/startupz"));
      assertEquals("onStart", host.facts().getString("phase"));
      assertEquals(0, host.signal("TERM").exitCode());
    }
  }

  @Test
  void probesAndEndpoint_whileItDrains_redAliveAndServing() throws Exception {
    try (HostProcess host =
        HostProcess.of(Roles.Web.class, folder)
            .set("rolehost.endpoints.http.port", "0")
            .set("rolehost.stop.grace", "30 s")
            .set("rolehost.stop.drain.min", "3 s")
            .start()) {
      int port = host.awaitReady().awaitEvent("run").endpointPort();
      host.signal("TERM").await("readiness is red", () -> host.status("/readyz") == 503);
      HttpResponse<String> answer = get(port);
      assertEquals(200, answer.statusCode());
      assertEquals("close", answer.headers().firstValue("connection").orElse(""));
      assertEquals("DRAINING", host.facts().getString("state"));
      String metrics = host.get("/metrics");
      assertTrue(metrics.contains("rolehost_stop_requested 1.0"), metrics);
      assertTrue(
          metrics.contains("rolehost_responses_total{endpoint=\"http\",status=\"2xx\"} 1.0"),
          metrics);
      TreeSet<Integer> live = new TreeSet<>();
      while (ProcessHandle.of(host.pid()).isPresent()) {
        live.add(host.status("/livez"));
      }
      live.remove(0); // nobody answers any more
      assertEquals(new TreeSet<>(List.of(200)), live);
      assertEquals(0, host.exitCode());
    }
  }

  private static HttpResponse<String> get(int port) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void failedStart_isToldOfByTheNext() {
    try (HostProcess host = HostProcess.of(Roles.FailingStart.class, folder).start()) {
      assertEquals(70, host.exitCode());
    }
    try (HostProcess host = HostProcess.of(Roles.Plain.class, folder).start()) {
      Config last = host.awaitReady().facts().getConfig("lastEnd");
      assertEquals(70, last.getInt("code"));
      assertEquals("RUN_FAILED", last.getString("reason"));
      assertEquals(1, last.getInt("incarnation"));
      assertTrue(last.getString("exception").contains("no database"), last.toString());
      assertTrue(last.getStringList("stack").getFirst().contains("onStart"), last.toString());
      assertTrue(Instant.parse(last.getString("at")).isBefore(Instant.now()));
      assertTrue(host.get("/explain").contains("no database"), host.get("/explain"));
      assertEquals(2, host.facts().getInt("incarnation"));
      assertEquals("test_IN_0", host.facts().getString("instance"));
      assertEquals(0, host.signal("TERM").exitCode());
    }
  }

  @Test
  void limits_asSetAndAsTheProfileHasThem_areTheOnesShown() {
    try (HostProcess host =
        HostProcess.of(Bare.class, folder)
            .set("rolehost.profile", "kubernetes")
            .unset("rolehost.stop.grace")
            .set("rolehost.stop.kill-reserve", "1500 ms")
            .variable("ROLEHOST_START_TIMEOUT", "70s")
            .start()) {
      Config limits = host.awaitReady().facts().getConfig("limits");
      assertEquals(25_000, limits.getInt("graceMillis"));
      assertEquals(25_000, limits.getInt("hardCapMillis"));
      assertEquals(1_500, limits.getInt("killReserveMillis"));
      assertEquals(70_000, limits.getInt("startMillis"));
      assertEquals(0, limits.getInt("drainMinMillis"));
      assertEquals(0, host.signal("TERM").exitCode());
    }
  }

  /** Keeps a file in each of two local resources, and says what it finds. */
  public static final class Storing extends Roles.Plain {
    @Override
    public boolean onStart(RoleContext context) throws Exception {
      for (String name : List.of("kept", "clean")) {
        Path file = context.localResource(name).resolve("file");
        Roles.say(name + (Files.exists(file) ? " full" : " empty"));
        Files.writeString(file, "x");
      }
      return true;
    }
  }

  @Test
  void localResources_afterARecycle_areKeptOrEmptyAsTheySay() {
    HostProcess.Command command =
        HostProcess.of(Storing.class, folder)
            .set("rolehost.local-resources.clean.clean-on-recycle", "true")
            .set("rolehost.local-resources.kept.clean-on-recycle", "false");
    for (List<String> found :
        List.of(List.of("kept empty", "clean empty"), List.of("kept full", "clean empty"))) {
      try (HostProcess host = command.start()) {
        host.awaitReady();
        host.await("both resources are told of", () -> host.events().size() >= 2);
        assertEquals(found, host.events().subList(0, 2));
        assertEquals(0, host.signal("TERM").exitCode());
      }
    }
  }

  /** Judges changes of its setting {@code mine} by the new value. */
  public static final class Judging extends Roles.Plain {
    @Override
    public boolean onStart(RoleContext context) {
      context.onConfigChanging(change -> {
        String after = change.after().getString("mine");
        Roles.say("changing " + value(context) + " to " + after);
        return switch (after) {
          case "worse" -> Answer.REJECT;
          case "broken" -> throw new IllegalStateException("can't judge");
          case "new" -> Answer.RECYCLE;
          default -> Answer.APPLY;
        };
      });
      context.onConfigChanged(_ -> Roles.say("changed to " + value(context)));
      return true;
    }

    private static String value(RoleContext context) {
      return context.config().getString("mine");
    }
  }

  @Test
  void changedConfiguration_isJudgedOnceByTheRole_thenInForceOrNot() throws IOException {
    HostProcess.Command command = HostProcess.of(Judging.class, folder).file("mine = old");
    try (HostProcess host = command.start()) {
      host.awaitReady().awaitEvent("run");
      replace(command, "mine = better");
      host.awaitEvent("changed to better");
      replace(command, "# the same\nmine = better");
      replace(command, "mine = worse");
      host.awaitOutput("rejected by the role");
      assertEquals(200, host.status("/readyz"));
      assertTrue(host.facts().getString("config.problem").contains("mine"), host.get("/status"));
      replace(command, "mine = broken");
      host.awaitEvent("changing better to broken");
      replace(command, "mine = new");
      assertEquals(86, host.exitCode(), host.output());
      assertEquals(
          List.of(
              "run",
              "changing old to better",
              "changed to better",
              "changing better to worse",
              "changing better to broken",
              "changing better to new",
              "onStop CONFIG_CHANGED"),
          host.events().stream().filter(event -> !event.equals("run returns")).toList());
    }
  }

  /** In one step: half a file is a change as well. */
  private void replace(HostProcess.Command command, String content) throws IOException {
    Path whole = Files.writeString(folder.resolve("new.conf"), content);
    Path _ = Files.move(whole, command.configFile(), StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void interrupt_inTheProfileDev_endsAWebRoleWithoutADrain() throws IOException {
    try (HostProcess host =
        HostProcess.of(Roles.Web.class, folder)
            .set("rolehost.endpoints.http.port", "0")
            .set("rolehost.profile", "dev")
            .unset("rolehost.stop.grace")
            .unset("rolehost.stop.drain.min")
            .start()) {
      host.awaitReady().awaitEvent("run");
      assertEquals(0, host.signal("INT").exitCode(), host.output());
      String end =
          Files.readAllLines(host.stateDir().resolve("journal/test_IN_0.jsonl")).stream()
              .filter(line -> line.contains("\"type\":\"end\""))
              .findFirst()
              .orElseThrow();
      long took = Long.parseLong(end.replaceAll(".*\"stopMillis\":(\\d+).*", "$1"));
      assertTrue(took < 1_000, end);
    }
  }

  @Test
  void roleAsProcess1_isStoppedByTerm() throws Exception {
    String[] space = {"unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc"};
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/unshare")), "no unshare");
    ProcessBuilder probe = new ProcessBuilder(space);
    probe.command().add("true");
    assumeTrue(probe.start().waitFor() == 0, "no process namespaces here");
    try (HostProcess host = HostProcess.of(Roles.Plain.class, folder).through(space).start()) {
      host.awaitReady().awaitEvent("run");
      assertEquals(1, host.facts().getInt("process.pid"));
      ProcessHandle inside =
          ProcessHandle.of(host.pid()).orElseThrow().children().findFirst().orElseThrow();
      assertTrue(inside.destroy());
      assertEquals(0, host.exitCode(), host.output());
      assertTrue(host.events().contains("onStop SIGNAL"), host.output());
    }
  }
}
