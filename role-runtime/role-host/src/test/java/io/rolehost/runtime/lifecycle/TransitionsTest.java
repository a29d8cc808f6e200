package io.rolehost.runtime.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.StopReason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rows of the table, one life at a time; the shell is played by the test. */
final class TransitionsTest {

  private static final long SECOND = 1_000_000_000L;

  private static Limits limits(OnTimeout start, OnTimeout stop) {
    return new Limits(60 * SECOND, start, 30 * SECOND, 30 * SECOND, 2 * SECOND, stop, false, false);
  }

  /** One life, played by hand: the state, the time, and every effect so far. */
  private static final class Life {
    private final Transitions table;
    private final List<Effect> effects = new ArrayList<>();
    private HostState state = new HostState.Booting();
    private long now;

    Life() {
      this(OnTimeout.DUMP_THEN_KILL, OnTimeout.DUMP_THEN_KILL);
    }

    Life(OnTimeout start, OnTimeout stop) {
      table = new Transitions(limits(start, stop));
    }

    Life at(long nanos) {
      now = nanos;
      return this;
    }

    Life after(HostEvent... events) {
      for (HostEvent event : events) {
        Step step = table.next(state, event, now);
        state = step.state();
        effects.addAll(step.effects());
      }
      return this;
    }

    Life ready(boolean serves) {
      return after(
          new HostEvent.ManagementUp(),
          new HostEvent.FreezeAnswer(1, false),
          new HostEvent.StartupTasksDone(),
          new HostEvent.ConfigReloaded(),
          new HostEvent.FreezeAnswer(2, false),
          new HostEvent.StartReturned(true),
          new HostEvent.FreezeAnswer(3, false),
          new HostEvent.ApplicationStarted(serves));
    }

    List<StopStep> performed() {
      return effects.stream()
          .filter(Effect.Perform.class::isInstance)
          .map(effect -> ((Effect.Perform) effect).step())
          .toList();
    }

    Life done(StopStep step) {
      return after(new HostEvent.StepDone(step, false));
    }
  }

  @Test
  void start_withNothingInTheWay_asksTheThreeFreezeChecksInOrder() {
    Life life = new Life().ready(true);

    assertEquals(
        List.of(1, 2, 3),
        life.effects.stream()
            .filter(Effect.CheckFreeze.class::isInstance)
            .map(effect -> ((Effect.CheckFreeze) effect).check())
            .toList());
    assertEquals("READY", life.state.name());
    assertEquals(new Effect.Run(), life.effects.getLast());
  }

  @Test
  void freeze_atACheck_holdsUntilItEnds() {
    Life life = new Life().after(new HostEvent.ManagementUp(), new HostEvent.FreezeAnswer(1, true));
    assertEquals("HELD", life.state.name());

    assertEquals("PREPARING", life.after(new HostEvent.FreezeAnswer(1, false)).state.name());
  }

  @Test
  void signal_whileHeldAtCheck1_leavesAtOnce() {
    Life life =
        new Life()
            .after(
                new HostEvent.ManagementUp(),
                new HostEvent.FreezeAnswer(1, true),
                new HostEvent.SignalReceived("TERM"));

    assertEquals(List.of(StopStep.LEAVE), life.performed());
  }

  @Test
  void stop_ofAServingRole_goesThroughAllSteps() {
    Life life = new Life().ready(true).after(new HostEvent.SignalReceived("TERM"));
    assertEquals("DRAINING", life.state.name());

    life.after(new HostEvent.DrainDone()).done(StopStep.LISTENERS);
    life.done(StopStep.APPLICATION_END).done(StopStep.ON_STOP);
    life.after(new HostEvent.RunReturned(), new HostEvent.TasksLeft(0));
    life.done(StopStep.FOREGROUND).done(StopStep.RESOURCES).done(StopStep.LEAVE);

    assertEquals(
        List.of(
            StopStep.LISTENERS,
            StopStep.APPLICATION_END,
            StopStep.ON_STOP,
            StopStep.FOREGROUND,
            StopStep.RESOURCES,
            StopStep.LEAVE),
        life.performed());
    assertEquals(new Effect.Exit(ExitCode.OK), life.effects.getLast());
  }

  @Test
  void stop_ofAWorker_hasNoDrain() {
    Life life = new Life().ready(false).after(new HostEvent.SignalReceived("TERM"));

    assertEquals("STOPPING", life.state.name());
    assertEquals(List.of(StopStep.APPLICATION_END), life.performed());
    assertTrue(life.done(StopStep.APPLICATION_END).effects.contains(new Effect.CancelTokens()));
  }

  @Test
  void corruption_ofAServingRole_cancelsTasksAndDoesNotDrain() {
    Life life =
        new Life().ready(true).after(new HostEvent.StopAsked(StopCause.corruption("bad index")));

    assertEquals("STOPPING", life.state.name());
    assertTrue(life.effects.contains(new Effect.CancelTasks()));
  }

  @Test
  void onStart_thatReturnsFalse_isRefusedWithoutOnStop() {
    Life life =
        new Life()
            .after(
                new HostEvent.ManagementUp(),
                new HostEvent.FreezeAnswer(1, false),
                new HostEvent.StartupTasksDone(),
                new HostEvent.ConfigReloaded(),
                new HostEvent.FreezeAnswer(2, false),
                new HostEvent.StartReturned(false),
                new HostEvent.TasksLeft(0));

    assertTrue(!life.performed().contains(StopStep.ON_STOP), life.performed().toString());
    HostState.Stopping stopping = assertInstanceOf(HostState.Stopping.class, life.state);
    assertEquals(ExitCode.REFUSED, stopping.stop().code());
  }

  @Test
  void run_thatThrowsAfterAStopWasAsked_changesNothing() {
    Life life =
        new Life()
            .ready(false)
            .after(
                new HostEvent.SignalReceived("TERM"),
                new HostEvent.RunFailed(StopCause.failed("too late")));

    HostState.Stopping stopping = assertInstanceOf(HostState.Stopping.class, life.state);
    assertEquals(StopReason.SIGNAL, stopping.stop().cause().reason());
    assertEquals(ExitCode.OK, stopping.stop().code());
  }

  @Test
  void secondTerm_twoSecondsLater_cutsTheRestToOneSecond() {
    Life life = new Life().ready(false).after(new HostEvent.SignalReceived("TERM"));

    life.at(SECOND).after(new HostEvent.SignalReceived("TERM"));
    assertEquals(30 * SECOND, deadline(life));
    life.at(3 * SECOND).after(new HostEvent.SignalReceived("TERM"));
    assertEquals(4 * SECOND, deadline(life));
  }

  private static long deadline(Life life) {
    return assertInstanceOf(HostState.Stopping.class, life.state).stop().ledger().deadline();
  }

  @Test
  void secondInterrupt_whileShutdownHooksRun_cutsTheRestToOneSecond() {
    Life life = new Life().ready(false).after(new HostEvent.SignalReceived("INT"));
    life.state = new HostState.Ended(assertInstanceOf(HostState.Stopping.class, life.state).stop());

    life.at(SECOND).after(new HostEvent.SignalReceived("INT"));
    HostState.Ended hurried = assertInstanceOf(HostState.Ended.class, life.state);
    assertEquals(2 * SECOND, hurried.stop().ledger().deadline());
  }

  @Test
  void run_thatDoesNotReturn_isInterruptedThenFencedWith84() {
    Life life = new Life().ready(false).after(new HostEvent.SignalReceived("TERM"));
    life.done(StopStep.APPLICATION_END).done(StopStep.ON_STOP).after(new HostEvent.TasksLeft(0));
    assertFalse(life.effects.contains(new Effect.InterruptRun()), "onStop has just returned");

    life.at(5 * SECOND).after(new HostEvent.TimerFired(Timer.RUN_INTERRUPT));
    assertTrue(life.effects.contains(new Effect.InterruptRun()));
    life.at(6 * SECOND).after(new HostEvent.TimerFired(Timer.RUN_FENCE));
    assertTrue(life.effects.contains(new Effect.ReportLeftBehind("run")));
    assertEquals(
        ExitCode.FORCED, assertInstanceOf(HostState.Stopping.class, life.state).stop().code());
  }

  private static Life pastTheLimitOfOnStart(OnTimeout start, OnTimeout stop) {
    return new Life(start, stop)
        .after(
            new HostEvent.ManagementUp(),
            new HostEvent.FreezeAnswer(1, false),
            new HostEvent.StartupTasksDone(),
            new HostEvent.ConfigReloaded(),
            new HostEvent.FreezeAnswer(2, false),
            new HostEvent.TimerFired(Timer.START_TIMEOUT));
  }

  @Test
  void onStart_pastItsLimit_isDumpedWith81() {
    Life life = pastTheLimitOfOnStart(OnTimeout.DUMP_THEN_KILL, OnTimeout.KILL);

    assertEquals("KILLING", life.state.name());
    assertEquals(ExitCode.HANG, ((Effect.DumpThenHalt) life.effects.getLast()).code());
  }

  @Test
  void onStart_pastItsLimit_withKill_isHaltedWithoutADump() {
    Life life = pastTheLimitOfOnStart(OnTimeout.KILL, OnTimeout.DUMP_THEN_KILL);

    assertEquals("KILLING", life.state.name());
    assertEquals(
        new Effect.NoteThenHalt(ExitCode.HANG, "onStart ran past rolehost.start.timeout"),
        life.effects.getLast());
  }

  @Test
  void onStart_pastItsLimit_withTerminate_isStoppedInOrderWith81() {
    Life life = pastTheLimitOfOnStart(OnTimeout.TERMINATE, OnTimeout.DUMP_THEN_KILL);
    assertEquals("STOPPING", life.state.name());
    assertTrue(life.effects.contains(new Effect.CancelStart()), life.effects.toString());

    life.after(new HostEvent.StartFailed(StopCause.failed("interrupted")));
    life.after(new HostEvent.TasksLeft(0));
    life.done(StopStep.FOREGROUND).done(StopStep.RESOURCES).done(StopStep.LEAVE);

    assertEquals(
        List.of(StopStep.FOREGROUND, StopStep.RESOURCES, StopStep.LEAVE), life.performed());
    assertEquals(new Effect.Exit(ExitCode.HANG), life.effects.getLast());
  }

  @Test
  void onStart_thatReturnsTrueAfterAll_isGivenItsOnStop() {
    Life life = pastTheLimitOfOnStart(OnTimeout.TERMINATE, OnTimeout.DUMP_THEN_KILL);
    life.after(new HostEvent.StartReturned(true));

    assertEquals(List.of(StopStep.ON_STOP), life.performed());
  }

  private static Life stopThatHangsInOnStop(OnTimeout stop) {
    Life life = new Life(OnTimeout.DUMP_THEN_KILL, stop).ready(false);
    life.after(new HostEvent.SignalReceived("TERM")).done(StopStep.APPLICATION_END);
    return life.at(28 * SECOND).after(new HostEvent.TimerFired(Timer.DEADLINE));
  }

  @Test
  void stop_pastItsDeadline_withKill_isHaltedWithoutADump() {
    Effect last = stopThatHangsInOnStop(OnTimeout.KILL).effects.getLast();

    assertEquals(ExitCode.FORCED, assertInstanceOf(Effect.NoteThenHalt.class, last).code());
  }

  @Test
  void stop_pastItsDeadline_withTerminate_leavesWhatIsLateAndExits() {
    Life life = stopThatHangsInOnStop(OnTimeout.TERMINATE);
    assertEquals(
        List.of(StopStep.APPLICATION_END, StopStep.ON_STOP, StopStep.LEAVE), life.performed());
    assertTrue(life.effects.contains(new Effect.Arm(Timer.DEADLINE, 30 * SECOND)));

    life.done(StopStep.LEAVE);
    assertEquals(new Effect.Exit(ExitCode.FORCED), life.effects.getLast());
  }

  @Test
  void stop_thatIsLateInItsLastStepToo_isDumpedWhateverIsSet() {
    Life life = stopThatHangsInOnStop(OnTimeout.TERMINATE);
    life.at(30 * SECOND).after(new HostEvent.TimerFired(Timer.DEADLINE));

    assertEquals("KILLING", life.state.name());
    assertInstanceOf(Effect.DumpThenHalt.class, life.effects.getLast());
  }

  @Test
  void event_thatCanNotHappen_throws() {
    assertThrows(
        IllegalTransitionException.class,
        () -> new Life().ready(false).after(new HostEvent.ManagementUp()));
  }
}
