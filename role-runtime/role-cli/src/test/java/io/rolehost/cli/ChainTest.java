package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.cli.Chain.Link;
import io.rolehost.runtime.journal.JournalEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ChainTest {
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

    List<Link> stop = Chain.stop(entries);

    assertEquals(
        List.of(
            link(3_000, "STOPPING", "task slow did not leave", "Slow.run", 3_005),
            link(20, "DRAINING", "the drain is done", ""),
            link(10, "STOPPING", "signal TERM", ""),
            link(5, "STOPPING", "task quick is DONE", "", 5)),
        Chain.laggardsFirst(stop));
    assertEquals(Duration.ofMillis(3_035), Chain.total(stop));
    assertEquals("signal TERM", Chain.cause(entries));
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

    List<Link> stop = Chain.laggardsFirst(Chain.stop(entries));

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
    assertEquals(Duration.ofMillis(3_511), Chain.total(stop));
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
        Chain.start(entries));
    assertEquals(List.of(), Chain.stop(entries));
  }
}
