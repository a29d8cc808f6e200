package io.rolehost.runtime.boot;

import static java.lang.System.Logger.Level.ERROR;

import io.rolehost.runtime.lifecycle.ExitCode;
import io.rolehost.runtime.process.ExitCalls;
import io.rolehost.runtime.process.TerminationMessage;
import io.rolehost.runtime.process.Ticks;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The ways out of the process. */
final class Departure {

  private static final System.Logger LOG = System.getLogger(Departure.class.getName());

  /** How long other shutdown hooks have once one of them called {@code System.exit}. */
  private static final Duration AFTER_EXIT_IN_HOOK = Duration.ofMillis(200);

  /** How long a virtual machine that failed may take to write the end into the journal. */
  private static final Duration LAST_ENTRY_LIMIT = Duration.ofMillis(300);

  private static volatile Consumer<String> lastEntry = _ -> {};

  private Departure() {}

  /** Says who writes into the journal that the virtual machine failed; from any thread. */
  static void lastEntryBy(Consumer<String> entry) {
    lastEntry = entry;
  }

  /**
   * Leaves in order: shutdown hooks of the user's run, but not past the deadline of the stop, which
   * a thread guards that nothing can keep from halting.
   */
  static void exit(int code) {
    ExitCalls.exitFromHost(code);
  }

  /** Leaves at once; nothing else runs. */
  static void halt(int code) {
    Runtime.getRuntime().halt(code);
  }

  /**
   * A shutdown hook called {@code System.exit} and is parked: the exit would wait for it for ever.
   */
  static void haltAfterHooks(Ticks ticks, int code) {
    HostThread.start(
        "leave",
        () -> {
          parkUntil(ticks, ticks.nanos() + AFTER_EXIT_IN_HOOK.toNanos());
          halt(code);
        });
  }

  /**
   * Leaves by the shortest path: the virtual machine can't be trusted. Only the cause is left
   * behind, if it lets itself be written: without it the next start takes it for a kill.
   */
  static void vmError(Throwable error) {
    try {
      LOG.log(ERROR, "Halting with " + ExitCode.VM_ERROR + ": " + error);
      TerminationMessage.bound().writeHere(LastWords.of(ExitCode.VM_ERROR, error.toString()));
      HostThread.start("halt", Departure::haltWithoutEntry);
      lastEntry.accept(error.toString());
    } finally {
      halt(ExitCode.VM_ERROR);
    }
  }

  private static void haltWithoutEntry() {
    LockSupport.parkNanos(LAST_ENTRY_LIMIT.toNanos());
    halt(ExitCode.VM_ERROR);
  }

  /**
   * Guards the deadline of a stop from a thread of its own: where even the host thread or a
   * shutdown hook hangs, the process still ends. It leaves the host itself a little time to be
   * first.
   */
  static void guard(HostLoop loop, Ticks ticks, long late) {
    HostThread.start(
        "deadline",
        () -> {
          long deadline = deadlineOf(loop, ticks.nanos());
          while (ticks.nanos() < deadline + late) {
            parkUntil(ticks, deadline + late);
            // A stop may have got more time meanwhile, or less.
            deadline = deadlineOf(loop, deadline);
          }
          TerminationMessage.bound()
              .writeIfNone(LastWords.of(ExitCode.FORCED, "the host itself did not end in time"));
          halt(ExitCode.FORCED);
        });
  }

  private static long deadlineOf(HostLoop loop, long otherwise) {
    return loop.state().stopUnderWay().map(stop -> stop.ledger().deadline()).orElse(otherwise);
  }

  /** Waits until {@code end}, whatever wakes the thread. */
  static void parkUntil(Ticks ticks, long end) {
    parkUntil(ticks, () -> end);
  }

  /** Waits until {@code end}, which may move meanwhile. */
  static void parkUntil(Ticks ticks, LongSupplier end) {
    for (long left = end.getAsLong() - ticks.nanos();
        left > 0;
        left = end.getAsLong() - ticks.nanos()) {
      LockSupport.parkNanos(Departure.class, Math.min(left, Duration.ofMillis(100).toNanos()));
    }
  }
}
