package io.rolehost.node;

import io.rolehost.node.deploy.Standing;
import io.rolehost.node.journal.NodeJournal;
import io.rolehost.node.machine.InstanceLife;
import io.rolehost.node.machine.InstanceState;
import io.rolehost.node.machine.NodeTransitions;
import io.rolehost.node.machine.Rules;
import io.rolehost.node.process.Child;
import io.rolehost.node.process.Release;
import io.rolehost.node.process.RoleHashes;
import io.rolehost.node.solution.NodeSettings;
import io.rolehost.node.solution.RoleSpec;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One instance of the node. Written by the node's thread alone; what others show is in volatile
 * fields, each an immutable value.
 */
final class Supervised {
  private final int number;
  private volatile Release release;
  private volatile NodeTransitions table;
  private final NodeJournal journal;
  private final CrashHistory crashes;
  private final Ends ends;
  private volatile InstanceLife life;
  private volatile Instant since;
  private volatile Reported reported = Reported.NOTHING;
  private volatile @Nullable Child child;
  private @Nullable Probe probe;
  private int startupDone;
  private volatile Instant startedAt;
  private volatile Optional<RoleHashes> hashes = Optional.empty();
  private volatile String askedBy = "";
  private String killedFor = "";

  /**
   * Creates it, not started.
   *
   * @param earlier how many incarnations there were, should the journal know of fewer
   */
  Supervised(
      Release release,
      int number,
      NodeSettings.AutoFreeze autoFreeze,
      NodeJournal journal,
      long earlier,
      Instant now) {
    this.release = release;
    this.number = number;
    this.table = new NodeTransitions(rules());
    this.journal = journal;
    this.crashes = new CrashHistory(autoFreeze, journal);
    this.ends = new Ends(journal);
    this.life = InstanceLife.created(Math.max(earlier, journal.earlierIncarnations()));
    this.since = now;
    this.startedAt = now;
  }

  String id() {
    return role().instanceId(number);
  }

  /** Returns what its next process is started from. */
  RoleSpec role() {
    return release.running();
  }

  Release release() {
    return release;
  }

  /** Its next process is started from another release. */
  void take(Release next) {
    release = next;
    table = new NodeTransitions(rules());
  }

  int number() {
    return number;
  }

  Rules rules() {
    return role().rules();
  }

  NodeTransitions table() {
    return table;
  }

  CrashHistory crashes() {
    return crashes;
  }

  NodeJournal journal() {
    return journal;
  }

  Ends ends() {
    return ends;
  }

  /** Returns when its last process was started, by the wall clock. */
  Instant startedAt() {
    return startedAt;
  }

  /** Returns what its last process was started from; empty if this node started none. */
  Optional<RoleHashes> hashes() {
    return hashes;
  }

  /** Returns who asked for the end of its process; empty if nobody did since its start. */
  String askedBy() {
    return askedBy;
  }

  void askedBy(String who) {
    askedBy = who;
  }

  /** Returns why the node killed its process, as in "killed, for it …"; empty = it did not. */
  String killedFor() {
    return killedFor;
  }

  /** The node kills its process: because it was to end, or because it does not answer. */
  void killed() {
    killedFor =
        life.state() instanceof InstanceState.Stopping
            ? "did not end in time"
            : "answered nothing for too long";
  }

  InstanceLife life() {
    return life;
  }

  /** Returns since when it is in its state, by the wall clock. */
  Instant since() {
    return since;
  }

  /** Returns what the process said of itself last. */
  Reported reported() {
    return reported;
  }

  Optional<Child> child() {
    return Optional.ofNullable(child);
  }

  void become(InstanceLife next, Instant now) {
    if (!next.state().equals(life.state())) {
      since = now;
    }
    life = next;
  }

  void report(Reported said) {
    reported = said;
  }

  /** A process is about to be started. */
  void starting(Instant now) {
    startedAt = now;
    askedBy = "";
    killedFor = "";
  }

  void startedFrom(RoleHashes from) {
    hashes = Optional.of(from);
  }

  void started(Child process, @Nullable Probe watching) {
    child = process;
    probe = watching;
    reported = Reported.NOTHING;
  }

  /** Returns how many of the programs that come before it have ended well at this start. */
  int startupDone() {
    return startupDone;
  }

  /** Returns whether what runs, or is started next, is one of those programs. */
  boolean isInStartup(long incarnation) {
    return !role().roleHost()
        && startupDone < role().startup().size()
        && incarnation == life.incarnation()
        && life.state() instanceof InstanceState.Starting;
  }

  /** Returns how one of those programs has failed, by its exit code; empty if it has not. */
  Optional<String> startupFailure(int code) {
    RoleSpec.StartupTask task = role().startup().get(startupDone);
    Child ended = child;
    return code == 0
        ? Optional.empty()
        : Optional.of(
            "its startup program '"
                + task.name()
                + (ended != null && ended.overran()
                    ? "' did not end within " + task.timeout().toMillis() / 1000.0 + " s"
                    : "' ended with " + code));
  }

  void startupDone(int count) {
    startupDone = count;
  }

  /** The process is gone. */
  void ended() {
    if (probe != null) {
      probe.close();
    }
    probe = null;
    child = null;
    reported = Reported.NOTHING;
  }

  /** Returns the full name of its state: what the process says where there is one. */
  String stateName() {
    return switch (life.state()) {
      case InstanceState.Created _ -> "CREATED";
      case InstanceState.Starting _ -> reported.state().isEmpty() ? "STARTING" : reported.state();
      case InstanceState.Up(boolean ready, _, _) ->
          !reported.state().isEmpty() ? reported.state() : ready ? "READY" : "BUSY";
      case InstanceState.Stopping _ ->
          reported.state().equals("DRAINING") ? "DRAINING" : "STOPPING";
      case InstanceState.BackingOff _ -> "BACKOFF";
      case InstanceState.Frozen _ -> "FROZEN";
      case InstanceState.Stopped _ -> "STOPPED";
      case InstanceState.Gone _ -> "GONE";
    };
  }

  Standing standing(long nanos) {
    return new Standing(role().name(), kind(nanos), life.incarnation(), NodeStatus.told(this));
  }

  private Standing.Kind kind(long nanos) {
    return switch (life.state()) {
      case InstanceState.Created _ -> Standing.Kind.NEW;
      case InstanceState.Stopped _ -> Standing.Kind.NOT_WANTED;
      case InstanceState.Starting _, InstanceState.Up _ ->
          switch (word()) {
            case "ready" -> isSettling(nanos) ? Standing.Kind.SETTLING : Standing.Kind.READY;
            case "frozen" -> Standing.Kind.HELD;
            default -> Standing.Kind.COMING;
          };
      case InstanceState.Stopping _ -> Standing.Kind.COMING;
      case InstanceState.BackingOff _ -> Standing.Kind.WAITING;
      case InstanceState.Frozen _ -> Standing.Kind.FROZEN;
      case InstanceState.Gone _ -> Standing.Kind.GONE;
    };
  }

  private boolean isSettling(long nanos) {
    return life.state() instanceof InstanceState.Up(_, long firstReady, _)
        && nanos - firstReady < role().update().minReady().toNanos();
  }

  /** Returns one of the six words that tables show. */
  String word() {
    return switch (life.state()) {
      case InstanceState.Created _ -> "starting";
      case InstanceState.Starting _ -> reported.state().equals("HELD") ? "frozen" : "starting";
      case InstanceState.Up(boolean ready, _, _) ->
          ready
              ? "ready"
              : reported.state().equals("DRAINING") || reported.state().equals("STOPPING")
                  ? "stopping"
                  : "not ready";
      case InstanceState.Stopping _ -> "stopping";
      case InstanceState.BackingOff _ -> "waiting to retry";
      case InstanceState.Frozen _ -> "frozen";
      case InstanceState.Stopped _, InstanceState.Gone _ -> "not ready";
    };
  }

  /**
   * What a process said of itself.
   *
   * @param port of its management plane; 0 = not known yet
   * @param state the full name of its state; empty = not known yet
   * @param reason why it is not ready; empty if it is, or did not say
   * @param residentBytes how much memory it has; 0 = not known
   */
  record Reported(int port, String state, String reason, long residentBytes) {
    static final Reported NOTHING = new Reported(0, "", "");

    Reported(int port, String state, String reason) {
      this(port, state, reason, 0);
    }
  }
}
