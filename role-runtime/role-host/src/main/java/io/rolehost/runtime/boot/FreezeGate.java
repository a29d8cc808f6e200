package io.rolehost.runtime.boot;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.rolehost.freeze.FileSource;
import io.rolehost.freeze.FlagSource;
import io.rolehost.freeze.FreezeSource;
import io.rolehost.freeze.FreezeSwitch;
import io.rolehost.freeze.FreezeVerdict;
import io.rolehost.freeze.Identity;
import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.config.Loaded;
import io.rolehost.runtime.journal.Journal;
import io.rolehost.runtime.lifecycle.HostEvent;
import io.rolehost.runtime.lifecycle.StopCause;
import io.rolehost.runtime.process.SystemTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The freeze at its three checks, and after them. Sources are read on a thread of the gate's own,
 * since one of them may be slow; what they say is posted.
 */
final class FreezeGate implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(FreezeGate.class.getName());

  private final SystemTime time;
  private final HostLoop loop;
  private final Journal journal;
  private final FreezeSwitch freezes;
  private volatile FreezeSource.@Nullable Watch watch;
  private volatile int check;
  private volatile boolean passedAll;
  private @Nullable FreezeVerdict told;

  private FreezeGate(SystemTime time, HostLoop loop, Journal journal, FreezeSwitch freezes) {
    this.time = time;
    this.loop = loop;
    this.journal = journal;
    this.freezes = freezes;
  }

  /** Opens the sources of an instance. */
  static FreezeGate open(
      SystemTime time, HostLoop loop, Journal journal, Loaded loaded, String build) {
    HostSettings settings = loaded.settings();
    Identity identity =
        new Identity(
            settings.deployment(),
            settings.roleName(),
            settings.instanceId(),
            build,
            loaded.hash());
    return new FreezeGate(
        time,
        loop,
        journal,
        FreezeSwitch.of(
            identity,
            List.of(
                new FlagSource(loaded.watchedFile().orElse(null), loaded.freezeFlag().orElse(null)),
                new FileSource(settings.stateDir().resolve("freeze.conf")))));
  }

  /** Returns the switch, for the management plane. */
  FreezeSwitch freezes() {
    return freezes;
  }

  /** Answers check {@code number}, and again at each change until it is passed. */
  void check(int number) {
    check = number;
    HostThread.start("freeze", this::read);
  }

  /** All checks are passed: from now on only a freeze with hold concerns the instance. */
  void passed() {
    passedAll = true;
    HostThread.start("freeze", this::watchAndRead);
  }

  private void watchAndRead() {
    watchOnce();
    read();
  }

  private synchronized void watchOnce() {
    if (watch == null) {
      watch = freezes.onChange(() -> HostThread.start("freeze", this::read));
    }
  }

  /** Reads and tells; one at a time, so that an older reading never overtakes a newer one. */
  private synchronized void read() {
    Instant now = time.instant();
    FreezeVerdict verdict = freezes.verdict(now);
    note(verdict);
    if (!passedAll) {
      boolean frozen = verdict.frozen();
      loop.post(new HostEvent.FreezeAnswer(check, frozen));
      if (frozen && watch == null) {
        // What changed between the reading and the watch is found by reading once more.
        watchAndRead();
        return;
      }
    } else if (verdict.hold()) {
      loop.post(new HostEvent.StopAsked(StopCause.freezeHold(verdict.summary())));
    }
    freezes.nextChange(now).ifPresent(at -> wakeAt(now, at));
  }

  private void wakeAt(Instant now, Instant at) {
    long nanos = Math.max(1, Duration.between(now, at).toNanos());
    loop.wake(
        () -> loop.alarm(this, time.nanos() + nanos, () -> HostThread.start("freeze", this::read)));
  }

  /** Journals what is new: who froze and why, or that nobody does any more. */
  private void note(FreezeVerdict verdict) {
    FreezeVerdict before = told;
    told = verdict;
    String was = before == null ? "" : before.summary();
    if (verdict.frozen() && !was.equals(verdict.summary())) {
      LOG.log(INFO, "Frozen: {0}", verdict.summary());
      record("freeze", "frozen: " + verdict.summary());
    } else if (!verdict.frozen() && !was.isEmpty()) {
      LOG.log(INFO, "Unfrozen: {0} has ended", was);
      record("unfreeze", "unfrozen: " + was + " has ended");
    }
    if (before == null || !before.problems().equals(verdict.problems())) {
      verdict.problems().forEach(problem -> LOG.log(verdict.frozen() ? ERROR : WARNING, problem));
    }
  }

  private void record(String type, String cause) {
    String state = loop.state().name();
    var _ = journal.append(type, state, state, cause, Map.of());
  }

  /** Returns what freezes the instance by the last reading; reads nothing. */
  FreezeVerdict last() {
    return freezes.lastVerdict(time.instant());
  }

  /** Returns by whom and why the instance is frozen now. */
  Optional<String> summary() {
    FreezeVerdict verdict = last();
    return verdict.frozen() ? Optional.of(verdict.summary()) : Optional.empty();
  }

  @Override
  public void close() {
    freezes.close();
  }
}
