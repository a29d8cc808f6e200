package io.rolehost.runtime.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.runtime.journal.CriticalChain.Link;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CriticalChainTest {
  private final List<JournalEntry> entries = new ArrayList<>();
  private long millis;

  private void entry(long after, String type, String from, String to, String cause) {
    entry(after, type, from, to, cause, Map.of());
  }

  private void entry(
      long after, String type, String from, String to, String cause, Map<String, Object> detail) {
    millis += after;
    entries.add(
        new JournalEntry(
            entries.size() + 1,
            Instant.EPOCH,
            millis * 1_000_000,
            1,
            type,
            from,
            to,
            cause,
            detail));
  }

  private static Link link(long millis, String state, String until, String stack) {
    return new Link(Duration.ofMillis(millis), until, state, stack, Optional.empty());
  }

  private static Link link(long millis, String state, String until, String stack, long whole) {
    return new Link(
        Duration.ofMillis(millis), until, state, stack, Optional.of(Duration.ofMillis(whole)));
  }

  @Test
  void stop_withATaskThatDoesNotLeave_hasItFirstWithWhereItStood() {
    entry(0, "start", "STARTING", "STARTING", "start #1");
    entry(300, "transition", "STARTING", "READY", "started");
    entry(900, "transition", "READY", "DRAINING", "signal TERM");
    entry(20, "transition", "DRAINING", "STOPPING", "the drain is done");
    entry(5, "task", "STOPPING", "STOPPING", "task quick is DONE");
    entry(
        3_000,
        "task",
        "STOPPING",
        "STOPPING",
        "task slow did not leave",
        Map.of("stack", "Slow.run"));
    entry(10, "end", "STOPPING", "FAILED", "signal TERM");

    List<Link> stop = CriticalChain.stop(entries);

    assertEquals(
        List.of(
            link(3_000, "STOPPING", "task slow did not leave", "Slow.run", 3_005),
            link(20, "DRAINING", "the drain is done", ""),
            link(10, "STOPPING", "signal TERM", ""),
            link(5, "STOPPING", "task quick is DONE", "", 5)),
        CriticalChain.laggardsFirst(stop));
    assertEquals(Duration.ofMillis(3_035), CriticalChain.total(stop));
    assertEquals("signal TERM", CriticalChain.cause(entries));
  }

  @Test
  void stop_ofStepsTasksAndCloseables_hasEachWithItsWholeTime() {
    entry(0, "start", "STARTING", "STARTING", "start #1");
    entry(900, "transition", "READY", "DRAINING", "signal TERM");
    entry(2_000, "transition", "DRAINING", "STOPPING", "the drain is done");
    step(100, "LISTENERS", "the listeners are closed", 100);
    entry(50, "task", "STOPPING", "STOPPING", "task quick is DONE");
    step(250, "ON_STOP", "onStop has ended", 300);
    entry(700, "task", "STOPPING", "STOPPING", "task slow is DONE");
    step(0, "tasks", "all tasks have left", 1_000);
    step(0, "WORK", "run and all tasks have left", 700);
    step(400, "close", "close() of Pool has ended", 400);
    step(1, "RESOURCES", "all that closeOnStop held is closed", 401);
    entry(10, "end", "STOPPING", "STOPPED", "signal TERM");

    List<Link> stop = CriticalChain.laggardsFirst(CriticalChain.stop(entries));

    assertEquals(
        List.of(
            link(2_000, "DRAINING", "the drain is done", ""),
            link(700, "STOPPING", "task slow is DONE", "", 1_000),
            link(400, "STOPPING", "close() of Pool has ended", "", 400),
            link(250, "STOPPING", "onStop has ended", "", 300),
            link(100, "STOPPING", "the listeners are closed", "", 100),
            link(50, "STOPPING", "task quick is DONE", "", 50)),
        stop.subList(0, 6));
    assertEquals(
        List.of(false, true, false, true), stop.subList(0, 4).stream().map(Link::isPart).toList());
    assertEquals(Duration.ofMillis(3_511), CriticalChain.total(stop));
  }

  private void step(long after, String step, String cause, long millis) {
    entry(after, "step", "STOPPING", "STOPPING", cause, Map.of("step", step, "millis", millis));
  }

  @Test
  void start_endsWhereItIsReady() {
    entry(0, "start", "STARTING", "STARTING", "start #1");
    entry(40, "transition", "STARTING", "PREPARING", "the management plane is up");
    entry(700, "transition", "PREPARING", "STARTING", "the configuration is settled");
    entry(100, "transition", "STARTING", "READY", "started");
    entry(5_000, "task", "READY", "READY", "task a starts again");

    assertEquals(
        List.of(
            link(40, "STARTING", "the management plane is up", ""),
            link(700, "PREPARING", "the configuration is settled", ""),
            link(100, "STARTING", "started", "")),
        CriticalChain.start(entries));
    assertEquals(List.of(), CriticalChain.stop(entries));
  }

  private static JournalEntry at(
      long millis, long nanos, String type, String from, String to, String cause) {
    return new JournalEntry(
        millis,
        Instant.ofEpochMilli(millis),
        nanos * 1_000_000,
        3,
        type,
        from,
        to,
        cause,
        Map.of());
  }

  /** Their monotonic clocks have nothing to do with each other. */
  private static final List<JournalEntry> NODE =
      List.of(
          at(0, 0, "attempt-failed", "STARTING", "BACKOFF", "ended with 1"),
          at(100, 100, "start", "STARTING", "STARTING", "start #3"),
          at(1_000, 1_000, "transition", "PREPARING", "READY", "it is ready"),
          at(5_000, 5_000, "transition", "READY", "STOPPING", "a stop was asked"),
          at(5_030, 5_030, "transition", "STOPPING", "DRAINING", ""),
          at(7_200, 7_200, "end", "STOPPING", "STOPPED", "ended with 0"),
          at(9_000, 9_000, "transition", "STOPPED", "STOPPED", "asked again"));

  private static final List<JournalEntry> HOST =
      List.of(
          at(500, 77_000, "start", "STARTING", "STARTING", "start #9"),
          at(900, 77_400, "transition", "STARTING", "READY", "started"),
          at(5_010, 81_510, "transition", "READY", "DRAINING", "signal TERM"),
          at(7_010, 83_510, "transition", "DRAINING", "STOPPING", "the drain is done"),
          at(7_100, 83_600, "end", "STOPPING", "STOPPED", "signal TERM"));

  @Test
  void start_ofANodesInstance_isFromItsProcessUntilTheNodeHasSeenItReady() {
    assertEquals(
        List.of(
            link(400, "STARTING", "start #9", ""),
            link(400, "STARTING", "started", ""),
            link(100, "PREPARING", "node: it is ready", "")),
        CriticalChain.start(NODE, HOST));
    assertEquals(
        List.of(link(900, "PREPARING", "node: it is ready", "")),
        CriticalChain.start(NODE, List.of()));
  }

  @Test
  void stop_ofANodesInstance_isFromTheRequestUntilTheProcessIsGone() {
    assertEquals(
        List.of(
            link(10, "READY", "signal TERM", ""),
            link(20, "STOPPING", "node: it says DRAINING", ""),
            link(1_980, "DRAINING", "the drain is done", ""),
            link(90, "STOPPING", "signal TERM", ""),
            link(100, "STOPPING", "node: ended with 0", "")),
        CriticalChain.stop(NODE, HOST));
    assertEquals("a stop was asked", CriticalChain.cause(NODE, HOST));
    assertEquals(
        List.of(
            link(30, "STOPPING", "node: it says DRAINING", ""),
            link(2_170, "STOPPING", "node: ended with 0", "")),
        CriticalChain.stop(NODE, List.of()));
  }
}
