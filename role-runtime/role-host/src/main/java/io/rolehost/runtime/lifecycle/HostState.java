package io.rolehost.runtime.lifecycle;

import static java.util.Objects.requireNonNull;

import io.rolehost.api.StopReason;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Where a host is in its life. Every state is an immutable value that carries what is true only in
 * it.
 *
 * <pre>
 *   Booting ─▶ Gate 1 ─▶ Preparing ─▶ Gate 2 ─▶ Starting ─▶ Gate 3 ─▶ StartingApplication ─▶ Running
 *   Running ─▶ Draining ─▶ Stopping ─▶ Ended
 *   every live state ─▶ Stopping | Killing
 * </pre>
 */
public sealed interface HostState {

  /** Returns the full name in capitals, as {@code /status} shows it. */
  String name();

  /** Returns the stop that is under way, or the one the host has ended with. */
  default Optional<Stop> stopUnderWay() {
    return switch (this) {
      case Draining(var stop) -> Optional.of(stop);
      case Stopping(var stop, _) -> Optional.of(stop);
      case Ended(var stop) -> Optional.of(stop);
      case Booting _,
          Gate _,
          Preparing _,
          Starting _,
          StartingApplication _,
          Running _,
          Killing _ ->
          Optional.empty();
    };
  }

  /** Reads its configuration and brings the management plane up. */
  record Booting() implements HostState {
    @Override
    public String name() {
      return "STARTING";
    }
  }

  /**
   * At a freeze check.
   *
   * @param check 1, 2 or 3
   * @param held whether a freeze holds it here
   */
  record Gate(int check, boolean held) implements HostState {
    @Override
    public String name() {
      return held ? "HELD" : check == 1 ? "PREPARING" : "STARTING";
    }
  }

  /** Startup tasks run. */
  record Preparing() implements HostState {
    @Override
    public String name() {
      return "PREPARING";
    }
  }

  /** The role is built and {@code onStart} runs. */
  record Starting() implements HostState {
    @Override
    public String name() {
      return "STARTING";
    }
  }

  /** {@code onApplicationStart} runs and listeners open. */
  record StartingApplication() implements HostState {
    @Override
    public String name() {
      return "STARTING";
    }
  }

  /**
   * {@code run} runs.
   *
   * @param busy a lease is open or a gating task is down
   * @param suspect a task stands still past its soft limit
   * @param serves there are listeners
   */
  record Running(boolean busy, boolean suspect, boolean serves) implements HostState {
    @Override
    public String name() {
      return busy ? "BUSY" : suspect ? "SUSPECT" : "READY";
    }
  }

  /** A stop is decided; requests are still served. */
  record Draining(Stop stop) implements HostState {
    @Override
    public String name() {
      return "DRAINING";
    }
  }

  /** The stop goes through its steps. */
  record Stopping(Stop stop, StopStep step) implements HostState {
    @Override
    public String name() {
      return "STOPPING";
    }
  }

  /**
   * Out of time or past helping: the dump is written, then the process halts.
   *
   * @param reason that of the stop which overran; HANG for a start that did
   */
  record Killing(int code, String why, StopReason reason) implements HostState {
    @Override
    public String name() {
      return "KILLING";
    }
  }

  /** The process exits. */
  record Ended(Stop stop) implements HostState {
    @Override
    public String name() {
      return stop.code() == ExitCode.OK || stop.code() == ExitCode.RECYCLE ? "STOPPED" : "FAILED";
    }
  }

  /**
   * A stop under way.
   *
   * @param cause the first cause, which fixes reason and code
   * @param code the exit code as of now
   * @param ledger the deadline
   * @param life what of the role's life was reached and what still runs
   * @param signals which stop signals were seen
   * @param cancelledAt when the tokens were cancelled; only read once they are
   */
  record Stop(
      StopCause cause,
      int code,
      DeadlineLedger ledger,
      Life life,
      Signals signals,
      long cancelledAt) {

    /** Checks that nothing is missing. */
    public Stop {
      requireNonNull(cause, "cause");
      requireNonNull(ledger, "ledger");
      requireNonNull(life, "life");
      requireNonNull(signals, "signals");
    }

    Stop withCode(int code) {
      return new Stop(cause, code, ledger, life, signals, cancelledAt);
    }

    Stop with(DeadlineLedger ledger) {
      return new Stop(cause, code, ledger, life, signals, cancelledAt);
    }

    Stop with(Life life) {
      return new Stop(cause, code, ledger, life, signals, cancelledAt);
    }

    Stop with(Signals signals) {
      return new Stop(cause, code, ledger, life, signals, cancelledAt);
    }

    Stop cancelledAt(long nanos) {
      return new Stop(cause, code, ledger, life, signals, nanos);
    }
  }

  /** What of a role's life was reached, and what of it still runs. An immutable set. */
  record Life(Set<Fact> facts) {

    /** Takes a copy. */
    public Life {
      facts = Set.copyOf(facts);
    }

    static Life of(Fact... facts) {
      return new Life(Set.of(facts));
    }

    boolean has(Fact fact) {
      return facts.contains(fact);
    }

    Life plus(Fact fact) {
      EnumSet<Fact> more = EnumSet.of(fact);
      more.addAll(facts);
      return new Life(more);
    }

    Life minus(Fact fact) {
      EnumSet<Fact> less = EnumSet.noneOf(Fact.class);
      less.addAll(facts);
      less.remove(fact);
      return new Life(less);
    }
  }

  /** One thing that is true of a life. */
  enum Fact {
    /** Startup tasks run. */
    PREPARING,
    /** Startup tasks were begun, so a foreground one may still run. */
    PREPARED,
    /** User code was entered: there may be tasks, resources and tokens. */
    BUILT,
    /** {@code onStart} runs. */
    START_RUNS,
    /** {@code onStart} returned true. */
    ACCEPTED,
    /** {@code onApplicationStart} runs. */
    APPLICATION_RUNS,
    /** {@code onApplicationStart} returned. */
    APPLICATION_STARTED,
    /** Listeners are, or may be, open. */
    SERVES,
    /** {@code run} runs. */
    RUN_RUNS,
    /** Tasks have not all left. */
    TASKS_RUN,
    /** {@code onStop} is over, or is not to be called. */
    STOP_RETURNED
  }

  /**
   * Which stop signals were seen.
   *
   * @param interrupts how many INT
   * @param any whether one was seen at all
   * @param firstAt when the first came
   */
  record Signals(int interrupts, boolean any, long firstAt) {
    static final Signals NONE = new Signals(0, false, 0);
  }
}
