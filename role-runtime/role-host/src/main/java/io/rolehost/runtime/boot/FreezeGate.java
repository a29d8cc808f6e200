package io.rolehost.runtime.boot;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.rolehost.freeze.Ending;
import io.rolehost.freeze.FileSource;
import io.rolehost.freeze.FlagSource;
import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.FreezeSource;
import io.rolehost.freeze.FreezeSwitch;
import io.rolehost.freeze.FreezeVerdict;
import io.rolehost.freeze.Identity;
import io.rolehost.runtime.config.FileWatch;
import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.config.Loaded;
import io.rolehost.runtime.journal.Journal;
import io.rolehost.runtime.lifecycle.HostEvent;
import io.rolehost.runtime.process.SystemTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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

  // How far ahead an end is waited for in one go; asked again then, because clocks can be set.
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  private final SystemTime time;
  private final HostLoop loop;
  private final Journal journal;
  private final FreezeSwitch freezes;
  private final AutoFreeze auto;
  private final ConfigUpdates config;
  private final FrozenTime frozenTime;
  private final TurnQueue turns;
  private volatile FreezeSource.@Nullable Watch watch;
  private volatile int check;
  private volatile boolean passedAll;
  private @Nullable FreezeVerdict told;
  private boolean judged; // by the reading thread, like told and the next
  private boolean configWatched;

  private FreezeGate(
      SystemTime time,
      HostLoop loop,
      Journal journal,
      FreezeSwitch freezes,
      AutoFreeze auto,
      ConfigUpdates config,
      TurnQueue turns) {
    this.time = time;
    this.loop = loop;
    this.journal = journal;
    this.freezes = freezes;
    this.auto = auto;
    this.config = config;
    this.frozenTime = new FrozenTime(time);
    this.turns = turns;
  }

  /**
   * Opens the sources of an instance: the flag, the file, and others.
   *
   * @param others those that the configuration names; closed by the gate
   * @param turns when a freeze with hold may have the instance drain
   */
  static FreezeGate open(
      SystemTime time,
      HostLoop loop,
      Journal journal,
      ConfigUpdates config,
      String build,
      AutoFreeze auto,
      List<FreezeSource> others,
      TurnQueue turns) {
    return new FreezeGate(
        time, loop, journal, open(config.loaded(), build, others), auto, config, turns);
  }

  /** Opens the sources alone, to be asked without a gate. */
  static FreezeSwitch open(Loaded loaded, String build, List<FreezeSource> others) {
    HostSettings settings = loaded.settings();
    Identity identity =
        new Identity(
            settings.deployment(),
            settings.roleName(),
            settings.instanceId(),
            build,
            loaded.hash());
    List<FreezeSource> sources = new ArrayList<>();
    sources.add(
        new FlagSource(loaded.watchedFile().orElse(null), loaded.freezeFlag().orElse(null)));
    sources.add(new FileSource(settings.stateDir().resolve("freeze.conf")));
    sources.addAll(others);
    return FreezeSwitch.of(identity, sources);
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

  /** Reads again, since what it would say may just have been changed. */
  void look() {
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
    if (!judged) {
      judged = true;
      auto.judge(freezes, now);
      verdict = freezes.verdict(now);
    }
    if (check == 1 && isAutomatic(verdict)) {
      // Nothing was made of the configuration yet: another one may try, and is read after check 1.
      freezes.identify(withConfig(config.newestHash()));
      verdict = freezes.verdict(now);
      watchConfig();
    }
    note(verdict, now);
    if (!passedAll) {
      boolean frozen = verdict.frozen();
      loop.post(new HostEvent.FreezeAnswer(check, frozen));
      if (frozen && watch == null) {
        // What changed between the reading and the watch is found by reading once more.
        watchAndRead();
        return;
      }
    } else if (verdict.hold()) {
      turns.wantHold(verdict.summary());
    } else {
      turns.noHold();
    }
    freezes.nextChange(now).ifPresent(at -> wakeAt(now, at));
  }

  private static boolean isAutomatic(FreezeVerdict verdict) {
    return verdict.covering().stream().anyMatch(freeze -> freeze.auto().isPresent());
  }

  private Identity withConfig(String hash) {
    Identity who = freezes.identity();
    return new Identity(who.deployment(), who.role(), who.instanceId(), who.build(), hash);
  }

  private void watchConfig() {
    if (!configWatched) {
      configWatched = true;
      config
          .loaded()
          .watchedFile()
          .ifPresent(file -> {
            // It lives as long as the process, so nobody keeps the handle.
            AutoCloseable _ = FileWatch.start(file, () -> HostThread.start("freeze", this::read));
          });
    }
  }

  private void wakeAt(Instant now, Instant at) {
    Duration wait = Duration.between(now, at);
    long nanos = (wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT).toNanos();
    loop.wake(
        () -> loop.alarm(this, time.nanos() + nanos, () -> HostThread.start("freeze", this::read)));
  }

  /** Journals what is new: who froze and why, and who ended that. */
  private void note(FreezeVerdict verdict, Instant now) {
    FreezeVerdict before = told;
    told = verdict;
    FreezeChanges changes =
        FreezeChanges.between(before == null ? List.of() : before.covering(), verdict.covering());
    for (Freeze freeze : changes.begun()) {
      String what = freeze.reason() + " by " + freeze.owner();
      boolean unclear = freeze.reason().contains(FlagSource.UNCLEAR);
      LOG.log(unclear ? WARNING : INFO, "Frozen: {0} (id {1})", what, freeze.id());
      record("freeze", "frozen: " + what, freeze, Optional.empty());
    }
    for (Freeze freeze : changes.ended()) {
      Optional<Ending> ending = freezes.ending(freeze.id());
      String how =
          freeze.reason() + " by " + freeze.owner() + " " + howItEnded(freeze, ending, now);
      LOG.log(INFO, "Unfrozen: {0} (id {1})", how, freeze.id());
      record("unfreeze", "unfrozen: " + how, freeze, ending);
    }
    if (verdict.frozen()) {
      frozenTime.begin();
    } else {
      frozenTime.end();
    }
    if (before == null || !before.problems().equals(verdict.problems())) {
      verdict.problems().forEach(problem -> LOG.log(verdict.frozen() ? ERROR : WARNING, problem));
    }
  }

  private String howItEnded(Freeze freeze, Optional<Ending> ending, Instant now) {
    if (freeze.endedAt(now)) {
      return "has ended by its time";
    }
    if (ending.isPresent()) {
      return "was ended by " + ending.get().by();
    }
    return freezes.all().contains(freeze)
        ? "has ended for this build and configuration"
        : "was ended";
  }

  private void record(String type, String cause, Freeze freeze, Optional<Ending> ending) {
    String state = loop.state().name();
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("freeze", freeze.toMap());
    ending.ifPresent(end -> {
      detail.put("by", end.by());
      detail.put("endedAt", end.at().toString());
    });
    var _ = journal.append(type, state, state, cause, detail);
  }

  /** Returns what freezes the instance by the last reading; reads nothing. */
  FreezeVerdict last() {
    return freezes.lastVerdict(time.instant());
  }

  /** Returns on whom the instance waits before it drains for a freeze; empty if it does not. */
  Optional<String> waitsFor() {
    return turns.waitsForHold();
  }

  /** Returns on whom the instance waits before it recycles; empty if it does not. */
  Optional<String> waitsToRecycle() {
    return turns.waitsToRecycle();
  }

  /** Returns how long any freeze has covered this incarnation, all times together. */
  Duration frozenFor() {
    return frozenTime.total();
  }

  @Override
  public void close() {
    turns.left();
    freezes.close();
  }
}
