package io.rolehost.runtime.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.runtime.lifecycle.HostState.Stop;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** 100,000 lives in virtual time: no illegal state, and every live state has a way out. */
final class LifecyclePropertyTest {
  private static final Set<String> READY_NAMES = Set.of("READY", "BUSY", "SUSPECT");

  @Test
  void lifecycle_underRandomEvents_keepsItsInvariants() {
    for (long seed = 0; seed < 100_000; seed++) {
      LifecycleSimulation sim = new LifecycleSimulation(seed);
      try {
        live(sim);
        end(sim);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + "\n" + String.join("\n", sim.history), e);
      }
    }
  }

  private static void live(LifecycleSimulation sim) {
    boolean stopSeen = false;
    for (int i = 0; i < 60 && !sim.over(); i++) {
      int before = sim.effects.size();
      if (!sim.step()) {
        break;
      }
      check(sim, sim.effects.subList(before, sim.effects.size()));
      stopSeen |= stopOf(sim.state) != null;
      if (stopSeen) {
        assertFalse(READY_NAMES.contains(sim.state.name()), "a stop can't be taken back");
      }
    }
  }

  /** From wherever it is: TERM, and from then on nothing of the role's answers any more. */
  private static void end(LifecycleSimulation sim) {
    sim.silent = true;
    if (!sim.over()) {
      sim.apply(new HostEvent.SignalReceived("TERM"));
    }
    for (int i = 0; i < 100 && !sim.over(); i++) {
      assertTrue(sim.step(), "no way out of " + sim.state);
      Stop stop = stopOf(sim.state);
      if (stop != null) {
        assertTrue(sim.now <= stop.ledger().deadline(), "later than its deadline");
      }
    }
    assertTrue(sim.over(), "never left " + sim.state);
    assertEquals(
        1,
        sim.effects.stream()
            .filter(e ->
                e instanceof Effect.Exit
                    || e instanceof Effect.DumpThenHalt
                    || e instanceof Effect.NoteThenHalt
                    || e instanceof Effect.Halt)
            .count(),
        "a process ends once");
  }

  private static void check(LifecycleSimulation sim, List<Effect> fresh) {
    if (READY_NAMES.contains(sim.state.name())) {
      assertTrue(sim.accepted, "ready without onStart = true");
    }
    for (Effect effect : fresh) {
      switch (effect) {
        case Effect.Perform(var step, _) when step == StopStep.ON_STOP -> {
          assertTrue(sim.accepted, "onStop without onStart = true");
          assertFalse(sim.startRuns, "onStop beside onStart");
          assertEquals(
              1,
              sim.effects.stream()
                  .filter(e -> e instanceof Effect.Perform(var s, _) && s == StopStep.ON_STOP)
                  .count(),
              "onStop is called once");
        }
        case Effect.Exit(int code) -> {
          boolean cutShort =
              code == ExitCode.FORCED && sim.limits.stopOnTimeout() == OnTimeout.TERMINATE;
          if (sim.accepted && !cutShort) {
            assertTrue(sim.stopRuns, "an orderly end without onStop");
          }
          Stop stop = stopOf(sim.state);
          assertTrue(
              stop != null
                  && (code == stop.cause().code()
                      || code == ExitCode.FORCED
                      || (code == ExitCode.FAILED && stop.cause().code() == ExitCode.OK)),
              "exit code " + code);
        }
        case Effect.DumpThenHalt(int code, _) ->
            assertNotEquals(
                OnTimeout.KILL, onTimeout(sim, code), "a dump where a halt was asked for");
        case Effect.NoteThenHalt(int code, _) ->
            assertEquals(OnTimeout.KILL, onTimeout(sim, code), "a halt nobody asked for");
        default -> {}
      }
    }
  }

  private static OnTimeout onTimeout(LifecycleSimulation sim, int code) {
    return code == ExitCode.HANG ? sim.limits.startOnTimeout() : sim.limits.stopOnTimeout();
  }

  private static @Nullable Stop stopOf(HostState state) {
    return switch (state) {
      case HostState.Draining(var stop) -> stop;
      case HostState.Stopping(var stop, _) -> stop;
      case HostState.Ended(var stop) -> stop;
      case HostState.Booting _,
          HostState.Gate _,
          HostState.Preparing _,
          HostState.Starting _,
          HostState.StartingApplication _,
          HostState.Running _,
          HostState.Killing _ ->
          null;
    };
  }
}
