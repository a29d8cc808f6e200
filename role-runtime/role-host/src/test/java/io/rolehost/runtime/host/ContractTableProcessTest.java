package io.rolehost.runtime.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every row of the contract's table of an incarnation, with a real process. */
@Execution(ExecutionMode.CONCURRENT)
final class ContractTableProcessTest {

  private static final List<String> WHOLE_LIFE =
      List.of("onStart", "run", "onStop SIGNAL", "run returns", "close second", "close first");

  @TempDir Path folder;

  @Test
  void stop_bySignal_isOrderlyAndExits0() {
    try (HostProcess host = HostProcess.of(Roles.Plain.class, folder).start()) {
      assertEquals(0, host.awaitReady().awaitEvent("run").signal("TERM").exitCode());
      assertEquals("onStart", host.events().getFirst());
      assertEquals(WHOLE_LIFE.stream().sorted().toList(), host.events().stream().sorted().toList());
      assertEquals(
          List.of("close second", "close first"),
          host.events().subList(host.events().size() - 2, host.events().size()));
      assertFalse(host.output().contains("WARN"), host.output());
    }
  }

  @Test
  void startupTask_thatFails_refusesTheStart() {
    try (HostProcess host =
        HostProcess.of(Roles.Plain.class, folder)
            .file(task("simple", "echo no disk; exit 3"))
            .start()) {
      assertEquals(75, host.exitCode());
      assertTrue(host.output().contains("prepare"), host.output());
      assertTrue(host.output().contains("no disk"), host.output());
      assertEquals(List.of(), host.events());
    }
  }

  @Test
  void startupTask_pastItsLimit_refusesTheStart() {
    try (HostProcess host =
        HostProcess.of(Roles.Plain.class, folder).file(task("simple", "sleep 600")).start()) {
      assertEquals(75, host.exitCode());
      assertEquals(List.of(), host.events());
    }
  }

  @ParameterizedTest
  @CsvSource({"background", "foreground"})
  void startupTask_notWaitedFor_mayFail(String type) {
    try (HostProcess host =
        HostProcess.of(Roles.Plain.class, folder).file(task(type, "echo oops; exit 3")).start()) {
      host.awaitReady().awaitOutput("oops");
      assertEquals(0, host.signal("TERM").exitCode());
    }
  }

  @Test
  void stop_duringAStartupTask_killsItsTree() {
    try (HostProcess host =
        HostProcess.of(Roles.Plain.class, folder)
            .file(task("simple", "sleep 611 & sleep 612").replace("2 s", "60 s"))
            .start()) {
      host.awaitState("PREPARING");
      host.await("both children", () -> children(host) >= 3);
      List<ProcessHandle> tree = ProcessHandle.of(host.pid()).orElseThrow().descendants().toList();
      assertEquals(0, host.signal("TERM").exitCode());
      HostProcess.awaitAnyway(
          "no child lives", () -> tree.stream().noneMatch(ProcessHandle::isAlive));
    }
  }

  private static long children(HostProcess host) {
    return ProcessHandle.of(host.pid()).map(handle -> handle.descendants().count()).orElse(0L);
  }

  private static String task(String type, String script) {
    return """
    rolehost.start.tasks = [
      { name = prepare, command = [sh, -c, "%s"], type = %s, timeout = 2 s }
    ]
    """
        .formatted(script, type);
  }

  @Test
  void startupTasks_areRunAgainAtEachStart() throws IOException {
    Path marks = folder.resolve("marks");
    HostProcess.Command command =
        HostProcess.of(Roles.Running.class, folder)
            .set("test.run", "recycle")
            .file(task("simple", "echo before >>" + marks));
    for (List<String> lines : List.of(List.of("before"), List.of("before", "before"))) {
      try (HostProcess host = command.start()) {
        assertEquals(86, host.exitCode(), host.output());
        assertEquals(lines, Files.readAllLines(marks));
      }
    }
  }

  @Test
  void onStart_thatReturnsFalse_exits75WithoutOnStop() {
    try (HostProcess host = HostProcess.of(Roles.Unwilling.class, folder).start()) {
      assertEquals(75, host.exitCode());
      assertEquals(List.of("onStart", "close second", "close first"), host.events());
    }
  }

  @Test
  void onStart_thatThrows_exits70WithoutOnStop() {
    try (HostProcess host = HostProcess.of(Roles.FailingStart.class, folder).start()) {
      assertEquals(70, host.exitCode());
      assertEquals(List.of("onStart", "close second", "close first"), host.events());
      assertTrue(host.output().contains("no database"), host.output());
    }
  }

  @Test
  void onStart_thatFailsForGood_exits78() {
    try (HostProcess host = HostProcess.of(Roles.Permanent.class, folder).start()) {
      assertEquals(78, host.exitCode());
    }
  }

  @Test
  void onStart_pastItsLimit_isDumpedAndExits81() throws IOException {
    try (HostProcess host =
        HostProcess.of(Roles.SlowStart.class, folder)
            .set("rolehost.start.timeout", "1 s")
            .start()) {
      assertEquals(81, host.exitCode());
      assertTrue(incident(host, "threads.json").contains("role-start"));
    }
  }

  @Test
  void onStart_pastItsLimit_withTerminate_endsInOrderWith81() throws IOException {
    try (HostProcess host =
        HostProcess.of(Roles.SlowStart.class, folder)
            .set("rolehost.start.timeout", "1 s")
            .set("rolehost.start.on-timeout", "terminate")
            .start()) {
      assertEquals(81, host.exitCode(), host.output());
      assertEquals(
          List.of("onStart", "onStart gives up", "onStop HANG", "close second", "close first"),
          host.events());
      assertTrue(host.output().contains("role-start is at"), host.output());
      assertTrue(incident(host, "exit.json").contains("HANG"), incident(host, "exit.json"));
    }
  }

  @Test
  void onStart_pastItsLimit_withKill_leavesItsEndAndNoDump() throws IOException {
    try (HostProcess host =
        HostProcess.of(Roles.SlowStart.class, folder)
            .set("rolehost.start.timeout", "1 s")
            .set("rolehost.start.on-timeout", "kill")
            .start()) {
      assertEquals(81, host.exitCode(), host.output());
      assertEquals(List.of("onStart"), host.events());
      assertFalse(hasIncident(host), host.output());
      assertTrue(
          host.output().contains("exit code 81: onStart ran past rolehost.start.timeout"),
          host.output());
    }
  }

  private static boolean hasIncident(HostProcess host) throws IOException {
    Path incidents = host.stateDir().resolve("incidents");
    if (!Files.exists(incidents)) {
      return false;
    }
    try (var folders = Files.list(incidents)) {
      return folders.findAny().isPresent();
    }
  }

  private static String incident(HostProcess host, String file) throws IOException {
    try (var folders = Files.list(host.stateDir().resolve("incidents"))) {
      return Files.readString(folders.findFirst().orElseThrow().resolve(file));
    }
  }

  @Test
  void stop_duringOnStart_callsOnStopOnlyAfterItReturnedTrue() {
    try (HostProcess host = HostProcess.of(Roles.SlowStart.class, folder).start()) {
      assertEquals(0, host.awaitEvent("onStart").signal("TERM").exitCode());
      assertEquals(
          List.of("onStart", "onStart gives up", "onStop SIGNAL", "close second", "close first"),
          host.events());
    }
  }

  @Test
  void stop_duringOnStartThatHearsNothing_interruptsItAtHalfTheGrace() {
    try (HostProcess host =
        HostProcess.of(Roles.SlowStart.class, folder)
            .set("test.deaf", "true")
            .set("rolehost.stop.grace", "4 s")
            .start()) {
      assertEquals(0, host.awaitEvent("onStart").signal("TERM").exitCode());
      assertEquals(List.of("onStart", "close second", "close first"), host.events());
    }
  }

  @Test
  void onApplicationStart_thatThrows_isStoppedAsAFailedRun() {
    try (HostProcess host = HostProcess.of(Roles.FailingApplication.class, folder).start()) {
      assertEquals(70, host.exitCode());
      assertEquals(
          List.of(
              "onStart", "onApplicationStart", "onStop RUN_FAILED", "close second", "close first"),
          host.events());
    }
  }

  @Test
  void webRole_wholeLife_isInOrder() {
    try (HostProcess host =
        HostProcess.of(Roles.Web.class, folder).set("rolehost.endpoints.http.port", "0").start()) {
      assertEquals(0, host.awaitReady().awaitEvent("run").signal("TERM").exitCode());
      List<String> events = host.events();
      assertEquals(
          List.of("onStart", "onApplicationStart", "run", "onApplicationEnd"),
          events.subList(0, 4));
      assertTrue(events.contains("onStop SIGNAL"), events.toString());
      assertFalse(host.output().contains("WARN"), host.output());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "return, 87, RUN_RETURNED",
    "throw, 70, RUN_FAILED",
    "corrupt, 80, CORRUPTION",
    "fatal task, 70, TASK_FATAL",
    "corrupt task, 80, CORRUPTION",
    "budget, 70, TASK_FATAL",
    "uncaught, 70, RUN_FAILED",
    "stack, 70, RUN_FAILED",
    "exit 5, 5, EXIT_CALLED",
    "exit 0, 85, EXIT_CALLED",
    "exit 300, 44, EXIT_CALLED",
    "recycle, 86, RECYCLE_REQUESTED",
  })
  void run_thatEnds_stopsWithOnStopAndItsCode(String what, int code, String reason) {
    try (HostProcess host =
        HostProcess.of(Roles.Running.class, folder).set("test.run", what).start()) {
      assertEquals(code, host.exitCode(), host.output());
      assertEquals(
          1, host.events().stream().filter(("onStop " + reason)::equals).count(), host.output());
      assertEquals("close first", host.events().getLast());
    }
  }

  @Test
  void corruption_inOneTask_cancelsTheOthers() {
    try (HostProcess host =
        HostProcess.of(Roles.Running.class, folder).set("test.run", "corrupt task").start()) {
      assertEquals(80, host.exitCode());
      assertTrue(host.events().contains("other task cancelled"), host.output());
    }
  }

  @Test
  void runReturn_withOnReturnStop_exits0() {
    try (HostProcess host =
        HostProcess.of(Roles.Running.class, folder)
            .set("test.run", "return")
            .set("rolehost.run.on-return", "stop")
            .start()) {
      assertEquals(0, host.exitCode());
    }
  }

  @Test
  void uncaughtException_withLog_changesNothing() {
    try (HostProcess host =
        HostProcess.of(Roles.Running.class, folder)
            .set("test.run", "uncaught")
            .set("rolehost.uncaught", "log")
            .start()) {
      host.awaitReady().awaitOutput("Thread mine ended");
      assertEquals(0, host.signal("TERM").exitCode());
    }
  }

  @ParameterizedTest
  @CsvSource({"memory", "memory as a cause"})
  void outOfMemory_anywhere_haltsWith82(String what) throws IOException {
    try (HostProcess host =
        HostProcess.of(Roles.Running.class, folder)
            .option("-Xmx96m")
            .set("test.run", what)
            .start()) {
      assertEquals(82, host.exitCode());
      assertFalse(
          host.events().stream().anyMatch(event -> event.startsWith("onStop")), host.output());
    }
    String journal = Files.readString(folder.resolve("state/journal/test_IN_0.jsonl"));
    assertTrue(journal.contains("\"code\":82"), journal);
  }

  @Test
  void exit_inOnStart_countsAsNotTrue() {
    try (HostProcess host = HostProcess.of(Roles.ExitingStart.class, folder).start()) {
      assertEquals(5, host.exitCode());
      assertEquals(List.of("onStart", "close second", "close first"), host.events());
    }
  }

  @ParameterizedTest
  @CsvSource({"exit, 0", "throw, 70", "extend, 0"})
  void onStop_thatMisbehaves_doesNotBreakTheStopOff(String what, int code) {
    try (HostProcess host =
        HostProcess.of(Roles.Stopping.class, folder).set("test.stop", what).start()) {
      assertEquals(
          code, host.awaitReady().awaitEvent("run").signal("TERM").exitCode(), host.output());
      assertEquals("close first", host.events().getLast());
    }
  }

  @Test
  void onStop_thatHangs_isDumpedAndForcedWith84() throws IOException {
    try (HostProcess host =
        HostProcess.of(Roles.Stopping.class, folder)
            .set("test.stop", "hang")
            .set("rolehost.stop.grace", "3 s")
            .start()) {
      assertEquals(84, host.awaitReady().awaitEvent("run").signal("TERM").exitCode());
      assertTrue(incident(host, "threads.json").contains("CountDownLatch"), host.output());
      assertTrue(incident(host, "exit.json").contains("SIGNAL"), incident(host, "exit.json"));
    }
  }

  @Test
  void onStop_thatHangs_withTerminate_isLeftBehindAndShutdownHooksRun() throws IOException {
    try (HostProcess host =
        HostProcess.of(Roles.Stopping.class, folder)
            .set("test.stop", "hang")
            .set("test.hook", "true")
            .set("rolehost.stop.grace", "16 s")
            .set("rolehost.stop.kill-reserve", "4 s")
            .set("rolehost.stop.on-timeout", "terminate")
            .start()) {
      assertEquals(
          84, host.awaitReady().awaitEvent("run").signal("TERM").exitCode(), host.output());
      assertEquals("shutdown hook", host.events().getLast());
      assertTrue(incident(host, "threads.json").contains("CountDownLatch"), host.output());
      assertTrue(host.output().contains("role-on-stop is at"), host.output());
    }
  }

  @Test
  void onStop_thatHangs_withKill_leavesItsEndAndNoDump() throws IOException {
    try (HostProcess host =
        HostProcess.of(Roles.Stopping.class, folder)
            .set("test.stop", "hang")
            .set("rolehost.stop.grace", "3 s")
            .set("rolehost.stop.on-timeout", "kill")
            .start()) {
      assertEquals(
          84, host.awaitReady().awaitEvent("run").signal("TERM").exitCode(), host.output());
      assertFalse(hasIncident(host), host.output());
    }
  }

  @Test
  void run_thatHearsNoInterrupt_isLeftBehindAndNamed() throws IOException {
    try (HostProcess host =
        HostProcess.of(Roles.Running.class, folder)
            .set("test.run", "deaf")
            .set("rolehost.stop.grace", "6 s")
            .start()) {
      assertEquals(
          84, host.awaitEvent("run").awaitReady().signal("TERM").exitCode(), host.output());
      assertTrue(host.events().contains("interrupted"), host.output());
      assertTrue(host.events().contains("close first"), host.output());
      assertTrue(incident(host, "threads.json").contains("role-run"), host.output());
    }
  }

  @Test
  void exit_inAShutdownHook_isNotWaitedFor() {
    try (HostProcess host =
        HostProcess.of(Roles.Running.class, folder).set("test.run", "exit in hook").start()) {
      assertEquals(0, host.awaitEvent("run").awaitReady().signal("TERM").exitCode());
    }
  }

  @Test
  void exit_inARequest_stopsTheRoleInOrder() {
    try (HostProcess host =
        HostProcess.of(Roles.Web.class, folder).set("rolehost.endpoints.http.port", "0").start()) {
      host.awaitReady();
      String status = host.get("/status");
      int port =
          Integer.parseInt(
              status.replaceAll("(?s).*\"endpoints\":\\[\\{[^}]*\"port\":(\\d+).*", "$1"));
      Thread _ = Thread.ofVirtual().start(() -> get(port, "/exit"));
      assertEquals(9, host.exitCode(), host.output());
      assertTrue(host.events().contains("onStop EXIT_CALLED"), host.output());
    }
  }

  @Test
  void corruption_inARequest_endsTheRole() {
    try (HostProcess host =
        HostProcess.of(Roles.Web.class, folder).set("rolehost.endpoints.http.port", "0").start()) {
      int port = host.awaitReady().endpointPort();
      Thread _ = Thread.ofVirtual().start(() -> get(port, "/corrupt"));
      assertEquals(80, host.exitCode(), host.output());
      assertTrue(host.events().contains("onStop CORRUPTION"), host.output());
    }
  }

  private static void get(int port, String path) {
    try (var stream = java.net.URI.create("http://127.0.0.1:" + port + path).toURL().openStream()) {
      var _ = stream.readAllBytes();
    } catch (IOException e) {
      // The request is never answered.
    }
  }

  @Test
  void userThread_thatLives_doesNotKeepTheProcess() {
    try (HostProcess host =
        HostProcess.of(Roles.Running.class, folder).set("test.run", "user thread").start()) {
      assertEquals(0, host.awaitEvent("run").awaitReady().signal("TERM").exitCode());
    }
  }

  @Test
  void supervisor_thatIsGone_endsTheRoleWith83() throws IOException {
    try (HostProcess host = HostProcess.of(Roles.Plain.class, folder).childOfNode().start()) {
      host.awaitReady().awaitEvent("run").stdin().close();
      assertEquals(83, host.exitCode());
      assertTrue(host.events().contains("onStop SUPERVISOR_LOST"), host.output());
    }
  }

  @Test
  void interrupt_ofAChildOfANode_isIgnored() {
    try (HostProcess host = HostProcess.of(Roles.Plain.class, folder).childOfNode().start()) {
      host.awaitReady().signal("INT").signal("HUP");
      assertEquals(200, host.status("/readyz"));
      assertEquals(0, host.signal("TERM").exitCode());
    }
  }

  @Test
  void secondInterrupt_cutsTheStopToOneSecond() {
    try (HostProcess host =
        HostProcess.of(Roles.Stopping.class, folder)
            .set("test.stop", "hang")
            .set("rolehost.stop.grace", "300 s")
            .start()) {
      host.awaitReady().awaitEvent("run").signal("INT").awaitEvent("onStop SIGNAL");
      assertEquals(84, host.signal("INT").exitCode());
    }
  }

  @Test
  void failingHealthCheck_thatGates_turnsReadinessRed() {
    try (HostProcess host =
        HostProcess.of(Roles.Running.class, folder).set("test.run", "health").start()) {
      host.await("the check's message", () -> host.get("/readyz").contains("no route"));
      assertEquals(503, host.status("/readyz"));
      assertEquals(200, host.status("/livez"));
      assertEquals(0, host.signal("TERM").exitCode());
    }
  }

  @Test
  void heldAtCheck1_stopsAtOnceAndGoesOnWhenUnfrozen() {
    HostProcess.Command command =
        HostProcess.of(Roles.Plain.class, folder).file("rolehost.freeze.enabled = true");
    try (HostProcess host = command.start()) {
      host.awaitState("HELD");
      assertEquals(200, host.status("/livez"));
      assertEquals(200, host.status("/startupz"));
      assertEquals(503, host.status("/readyz"));
      assertTrue(host.get("/readyz").contains("frozen"), host.get("/readyz"));
      assertEquals(0, host.signal("TERM").exitCode());
      assertEquals(List.of(), host.events());
    }
    try (HostProcess host = command.start()) {
      host.awaitState("HELD");
      HostProcess.Command _ = command.file("rolehost.freeze.enabled = false");
      host.awaitReady();
      assertEquals(0, host.signal("TERM").exitCode());
    }
  }

  @Test
  void freezeWithHold_ofAReadyInstance_recyclesItIntoHeld() throws IOException {
    HostProcess.Command command = HostProcess.of(Roles.Plain.class, folder);
    try (HostProcess host = command.start()) {
      host.awaitReady().awaitEvent("run");
      var response =
          host.write(
              "PUT", "/freeze", "{\"reason\":\"bad release\",\"owner\":\"anna\",\"hold\":true}");
      assertEquals(200, response == null ? 0 : response.statusCode());
      assertEquals(86, host.exitCode(), host.output());
    }
    try (HostProcess host = command.start()) {
      host.awaitState("HELD");
      assertTrue(host.get("/readyz").contains("frozen: bad release by anna"), host.get("/readyz"));
      assertTrue(host.get("/").contains("frozen: bad release by anna since "), host.get("/"));
      var response = host.write("DELETE", "/freeze?by=bob", "");
      assertEquals(200, response == null ? 0 : response.statusCode());
      host.awaitReady();
      String metrics = host.get("/metrics");
      assertTrue(
          Pattern.compile("(?m)^rolehost_freeze_seconds [0-9.]*[1-9]").matcher(metrics).find());
      String events = Files.readString(folder.resolve("state/journal/test_IN_0.jsonl"));
      assertTrue(events.contains("frozen: bad release by anna"), events);
      assertTrue(
          events.contains("unfrozen: bad release by anna was ended by bob, HTTP from 127.0.0.1"),
          events);
      assertEquals(0, host.signal("TERM").exitCode());
    }
  }

  @Test
  void wrongConfiguration_isRefusedWithAllProblems() {
    try (HostProcess host =
        HostProcess.of(Roles.Plain.class, folder)
            .file("rolehost { stop { grase = 5 s, kill-reserve = soon } }")
            .start()) {
      assertEquals(78, host.exitCode());
      assertTrue(host.output().contains("rolehost.stop.grace"), host.output());
      assertTrue(host.output().contains("rolehost.stop.kill-reserve"), host.output());
      assertTrue(host.output().contains("application.conf"), host.output());
    }
  }

  @Test
  void secondProcess_ofOneInstance_isRefusedWithThePidOfTheFirst() {
    HostProcess.Command command = HostProcess.of(Roles.Plain.class, folder);
    try (HostProcess first = command.start()) {
      first.awaitReady();
      try (HostProcess second = command.start()) {
        assertEquals(75, second.exitCode());
        assertTrue(second.output().contains("" + first.pid()), second.output());
      }
      assertEquals(200, first.status("/readyz"));
    }
  }

  @Test
  void takenPort_ofTheManagementPlane_refusesTheStart() {
    try (HostProcess first = HostProcess.of(Roles.Plain.class, folder).start()) {
      first.awaitReady();
      try (HostProcess second =
          HostProcess.of(Roles.Plain.class, folder)
              .set("rolehost.instance", "1")
              .set("rolehost.management.port", "" + first.port())
              .start()) {
        assertEquals(75, second.exitCode());
        assertTrue(second.output().contains("" + first.port()), second.output());
        assertTrue(second.output().contains("pid " + first.pid()), second.output());
      }
    }
  }

  @Test
  void hup_readsTheConfigurationAgain_andRecyclesForAHostKey() throws IOException {
    HostProcess.Command command = HostProcess.of(Roles.Plain.class, folder).file("mine = 1");
    try (HostProcess host = command.start()) {
      host.awaitReady().awaitEvent("run").signal("HUP").awaitOutput("is as it was");
      HostProcess.Command _ = command.file("mine = 2");
      host.signal("HUP").awaitOutput("mine");
      assertEquals(200, host.status("/readyz"));
      HostProcess.Command _ = command.file("mine = 2\nrolehost.uncaught = log");
      assertEquals(86, host.exitCode());
      assertTrue(host.events().contains("onStop CONFIG_CHANGED"), host.output());
    }
  }

  @Test
  void killedHost_isToldOfAtTheNextStart() {
    HostProcess.Command command = HostProcess.of(Roles.Plain.class, folder);
    try (HostProcess host = command.start()) {
      host.awaitReady().signal("KILL");
      assertEquals(137, host.exitCode());
    }
    try (HostProcess host = command.start()) {
      host.awaitReady();
      assertTrue(host.get("/status").contains("\"lastEnd\":{"), host.get("/status"));
      assertTrue(host.get("/status").contains("KILLED"), host.get("/status"));
      assertTrue(host.get("/status").contains("\"incarnation\":2"), host.get("/status"));
      assertEquals(0, host.signal("TERM").exitCode());
    }
  }
}
