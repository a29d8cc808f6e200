package io.rolehost.runtime.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.api.StopReason;
import io.rolehost.runtime.lifecycle.DeadlineLedger;
import io.rolehost.runtime.lifecycle.HostState;
import io.rolehost.runtime.lifecycle.OnTimeout;
import io.rolehost.runtime.lifecycle.StopCause;
import io.rolehost.runtime.lifecycle.StopStep;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of each state, word for word. */
final class ExplanationTest {

  private static final long SECOND = 1_000_000_000L;

  /** Asked at 10 s, a grace of 30 s: the drain ends at 20 s, all at 40 s; now it is 12 s. */
  private static final HostState.Stop STOP =
      new HostState.Stop(
          StopCause.signal("TERM"),
          0,
          DeadlineLedger.open(10 * SECOND, 30 * SECOND, 30 * SECOND, 2 * SECOND),
          new HostState.Life(Set.of()),
          new HostState.Signals(0, true, 10 * SECOND),
          0);

  private static final Explanation.Facts FACTS =
      new Explanation.Facts(
          "web_IN_0",
          Duration.ofMillis(2_500),
          Optional.of(Duration.ofMinutes(5)),
          OnTimeout.DUMP_THEN_KILL,
          12 * SECOND);

  private static final Map<HostState, String> TABLE = new LinkedHashMap<>();

  static {
    TABLE.put(
        new HostState.Booting(),
        """
        now: the configuration is read and the management plane comes up
        next: freeze check 1, within seconds
        you can: wait; or read 'rolehost logs web_IN_0'\
        """);
    TABLE.put(
        new HostState.Gate(1, false),
        """
        now: the freeze sources are asked, check 1 of 3
        next: startup tasks if nothing is frozen, else it is held here
        you can: wait; or read 'rolehost logs web_IN_0'\
        """);
    TABLE.put(
        new HostState.Gate(2, false),
        """
        now: the freeze sources are asked, check 2 of 3
        next: the role is built and started if nothing is frozen, else it is held here
        you can: wait; or read 'rolehost logs web_IN_0'\
        """);
    TABLE.put(
        new HostState.Gate(3, false),
        """
        now: the freeze sources are asked, check 3 of 3
        next: the listeners and run if nothing is frozen, else it is held here
        you can: wait; or read 'rolehost logs web_IN_0'\
        """);
    TABLE.put(
        new HostState.Gate(1, true),
        """
        now: a freeze holds it at check 1 of 3: no startup task has run and no class of the role is loaded
        next: it goes on from here, within a second, when the freeze ends; a stop ends it at once, exit code 0
        you can: end the freeze with 'rolehost unfreeze', or wait for its end where it has one\
        """);
    TABLE.put(
        new HostState.Gate(2, true),
        """
        now: a freeze holds it at check 2 of 3: startup tasks have run and no class of the role is loaded
        next: it goes on from here, within a second, when the freeze ends; a stop ends it at once, exit code 0
        you can: end the freeze with 'rolehost unfreeze', or wait for its end where it has one\
        """);
    TABLE.put(
        new HostState.Gate(3, true),
        """
        now: a freeze holds it at check 3 of 3: onStart has returned true and the listeners are closed
        next: it goes on from here, within a second, when the freeze ends; a stop is a whole one, with onStop
        you can: end the freeze with 'rolehost unfreeze', or wait for its end where it has one\
        """);
    TABLE.put(
        new HostState.Preparing(),
        """
        now: startup tasks run, for 2.5 s so far
        next: freeze check 2 once the simple ones are done; one that fails or runs past its limit refuses the start, exit code 75
        you can: see which one runs in 'startupTasks' of GET /status; its output is in the log\
        """);
    TABLE.put(
        new HostState.Starting(),
        """
        now: the role is built and onStart runs, for 2.5 s so far
        next: freeze check 3 when onStart returns true; onStart has 297.5 s left of 300.0 s, then a thread dump and exit code 81
        you can: see where it stands with GET /threads; or read 'rolehost logs web_IN_0'\
        """);
    TABLE.put(
        new HostState.StartingApplication(),
        """
        now: onApplicationStart runs and the listeners open, for 2.5 s so far
        next: READY, and run; onApplicationStart has 297.5 s left of 300.0 s, then a thread dump and exit code 81
        you can: see where it stands with GET /threads; or read 'rolehost logs web_IN_0'\
        """);
    TABLE.put(
        new HostState.Running(false, false, true),
        """
        now: run runs and takes work
        next: nothing, until a stop or a recycle is asked for, or something fails
        you can: leave it alone\
        """);
    TABLE.put(
        new HostState.Running(false, true, true),
        """
        now: run runs and takes work, but a task stands still for longer than its soft limit
        next: a task that stands still up to its hard limit is dumped, cancelled and restarted
        you can: see where it stands with GET /threads, or restart it with 'rolehost task restart web_IN_0 TASK'\
        """);
    TABLE.put(
        new HostState.Running(true, false, true),
        """
        now: run runs, but the role or a task that gates readiness says that it takes no work
        next: ready again when the reasons above are gone; a busy lease ends by its own limit
        you can: restart a task that is down with 'rolehost task restart web_IN_0 TASK', or see where it stands with GET /threads\
        """);
    TABLE.put(
        new HostState.Running(true, true, false),
        """
        now: run runs, but the role or a task that gates readiness says that it takes no work; a task stands still for longer than its soft limit
        next: ready again when the reasons above are gone; a busy lease ends by its own limit; a task that stands still up to its hard limit is dumped, cancelled and restarted
        you can: restart a task that is down with 'rolehost task restart web_IN_0 TASK', or see where it stands with GET /threads\
        """);
    TABLE.put(
        new HostState.Draining(STOP),
        """
        now: traffic is to go elsewhere, and what still comes is served, for 2.5 s so far
        next: the listeners close in 8.0 s at the latest, sooner when nothing comes any more; the process is gone in 28.0 s at the latest, exit code 0 (stopped in order), or 84 if it has to be forced
        you can: cut the rest to 1 s with a second signal, 2 s after the first\
        """);
    List<String> steps =
        List.of(
            "startup tasks that still run are ended",
            "a start that still runs is waited for",
            "the listeners close and what is in flight ends",
            "onApplicationEnd runs",
            "onStop runs",
            "run and the tasks leave",
            "foreground startup tasks end",
            "what closeOnStop holds is closed",
            "logs are flushed and the process exits");
    for (StopStep step : StopStep.values()) {
      int n = List.of(StopStep.values()).indexOf(step);
      TABLE.put(
          new HostState.Stopping(STOP, step),
          """
          now: step %d of 9 of the stop: %s, for 2.5 s so far
          next: %sthe process is gone in 28.0 s at the latest, exit code 0 (stopped in order), or 84 if it has to be forced
          you can: see what it waits for with GET /threads, later with 'rolehost analyze stop web_IN_0'; cut the rest to 1 s with a second signal\
          """
              .formatted(
                  n + 1,
                  steps.get(n),
                  n + 1 < steps.size() ? "then " + steps.get(n + 1) + "; " : ""));
    }
    TABLE.put(
        new HostState.Killing(81, "onStart ran past its limit", StopReason.HANG),
        """
        now: what is known of the end is written down, because: onStart ran past its limit
        next: the process is halted within 2 s, exit code 81 (hang or start timeout), reason HANG; whoever supervises it starts the next one
        you can: read the log, and the newest folder in incidents/ of the state directory\
        """);
    TABLE.put(
        new HostState.Ended(STOP),
        """
        now: all is done and the process exits, because: signal TERM
        next: exit code 0 (stopped in order); whoever supervises it decides whether it starts again
        you can: see what the stop waited for with 'rolehost analyze stop web_IN_0'\
        """);
  }

  @Test
  void state_each_isToldWordForWord() {
    TABLE.forEach((state, text) ->
        assertEquals(
            text, String.join("\n", Explanation.of(state, FACTS).lines()), state.toString()));
  }

  /** A state that is added later has to be told as well, at each of its checks, flags and steps. */
  @Test
  void table_ofStates_hasEachOfThem() {
    assertEquals(
        Arrays.stream(HostState.class.getPermittedSubclasses()).collect(Collectors.toSet()),
        TABLE.keySet().stream().map(Object::getClass).collect(Collectors.toSet()));
    for (Class<?> type : HostState.class.getPermittedSubclasses()) {
      for (RecordComponent part : type.getRecordComponents()) {
        if (part.getType() == boolean.class && !part.getName().equals("serves")) {
          assertEquals(
              Set.of(true, false),
              TABLE.keySet().stream()
                  .filter(type::isInstance)
                  .map(state -> value(part, state))
                  .collect(Collectors.toSet()),
              type + " " + part.getName());
        }
      }
    }
  }

  private static Object value(RecordComponent part, HostState state) {
    try {
      return Objects.requireNonNull(part.getAccessor().invoke(state));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  @Test
  void start_underADebugger_hasNoLimit() {
    assertEquals(
        "next: freeze check 3 when onStart returns true; no limit, for a debugger is attached",
        Explanation.of(
                new HostState.Starting(),
                new Explanation.Facts(
                    "web_IN_0", Duration.ZERO, Optional.empty(), OnTimeout.DUMP_THEN_KILL, 0))
            .lines()
            .get(1));
  }

  @ParameterizedTest
  @CsvSource({"TERMINATE, a stop in order", "DUMP_THEN_KILL, a thread dump", "KILL, a halt"})
  void start_withALimit_saysWhatFollows(OnTimeout onTimeout, String what) {
    assertEquals(
        "next: freeze check 3 when onStart returns true; onStart has 4.0 s left of 5.0 s, then "
            + what
            + " and exit code 81",
        Explanation.of(
                new HostState.Starting(),
                new Explanation.Facts(
                    "web_IN_0",
                    Duration.ofSeconds(1),
                    Optional.of(Duration.ofSeconds(5)),
                    onTimeout,
                    0))
            .lines()
            .get(1));
  }

  @Test
  void spare_thatBootsOrStandsBy_isToldWordForWord() {
    assertEquals(
        """
        It stands by as a hot spare; its node promotes it when needed
        now: the process is booted and held before onStart; no freeze check counts for it
        next: onStart, at the next start of its instance
        you can: leave it alone; the node ends it and makes another one where that is needed\
        """,
        String.join("\n", PlaneView.explanation(true)));
    assertEquals(
        """
        It boots, to be a hot spare
        now: the configuration is read and the role is built
        next: it stands by, within seconds
        you can: wait\
        """,
        String.join("\n", PlaneView.explanation(false)));
  }
}
