package io.rolehost.runtime.boot;

import static java.lang.System.Logger.Level.INFO;

import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.management.AuditEntry;
import io.rolehost.runtime.management.HostView;
import io.rolehost.runtime.readiness.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the management plane of a hot spare shows: that it stands by, and from its promotion on what
 * any host shows. The plane and its port stay the same.
 */
final class PlaneView implements HostView {

  private static final System.Logger LOG = System.getLogger(PlaneView.class.getName());
  private static final String WHY = "stands by as a hot spare; its node promotes it when needed";
  private static final Answer NOT_YET =
      new Answer(
          409,
          Map.of("title", "Standing by", "status", 409, "detail", "This process " + WHY + "."));

  private final Supplier<Map<String, Object>> identity;
  private volatile @Nullable HostView host;
  private volatile boolean standing;

  /**
   * Shows a spare that still boots.
   *
   * @param identity what {@code /status} says of whose spare it is
   */
  PlaneView(Supplier<Map<String, Object>> identity) {
    this.identity = identity;
  }

  /** It is ready to be promoted. */
  void standsBy() {
    standing = true;
  }

  /** It was promoted; from now on {@code status} answers. */
  void promoted(HostView status) {
    host = status;
  }

  @Override
  public Verdict readiness() {
    HostView promoted = host;
    return promoted != null
        ? promoted.readiness()
        : new Verdict(false, List.of(new Verdict.Reason(false, "state", WHY)));
  }

  @Override
  public boolean isReady() {
    HostView promoted = host;
    return promoted != null && promoted.isReady();
  }

  @Override
  public void probeAnswered(String path, long nanos) {
    HostView promoted = host;
    if (promoted != null) {
      promoted.probeAnswered(path, nanos);
    }
  }

  @Override
  public Optional<String> notLive() {
    HostView promoted = host;
    return promoted != null ? promoted.notLive() : Optional.empty();
  }

  @Override
  public boolean startupDone() {
    HostView promoted = host;
    return promoted != null ? promoted.startupDone() : standing;
  }

  @Override
  public Map<String, Object> status() {
    HostView promoted = host;
    if (promoted != null) {
      return promoted.status();
    }
    Map<String, Object> values = identity.get();
    values.put("state", standing ? "STANDBY" : "STARTING");
    values.put("word", "starting");
    values.put("ready", false);
    values.put("reasons", List.of(WHY));
    return values;
  }

  @Override
  public Map<String, Object> explain() {
    HostView promoted = host;
    return promoted != null ? promoted.explain() : Map.of("lines", explanation(standing));
  }

  /** Returns what a spare tells of itself. */
  static List<String> explanation(boolean standing) {
    return standing
        ? List.of(
            "It " + WHY,
            "now: the process is booted and held before onStart; no freeze check counts for it",
            "next: onStart, at the next start of its instance",
            "you can: leave it alone; the node ends it and makes another one where that is needed")
        : List.of(
            "It boots, to be a hot spare",
            "now: the configuration is read and the role is built",
            "next: it stands by, within seconds",
            "you can: wait");
  }

  @Override
  public String metrics() {
    HostView promoted = host;
    return promoted != null ? promoted.metrics() : "";
  }

  @Override
  public String threads() {
    HostView promoted = host;
    return promoted != null ? promoted.threads() : "{}";
  }

  @Override
  public List<JournalEntry> eventsAfter(long sequence) {
    HostView promoted = host;
    return promoted != null ? promoted.eventsAfter(sequence) : List.of();
  }

  @Override
  public AutoCloseable onEvent(Consumer<JournalEntry> listener) {
    HostView promoted = host;
    return promoted != null ? promoted.onEvent(listener) : () -> {};
  }

  @Override
  public Answer timeline(String instance) {
    HostView promoted = host;
    return promoted != null ? promoted.timeline(instance) : NOT_YET;
  }

  @Override
  public Answer log(String instance) {
    HostView promoted = host;
    return promoted != null ? promoted.log(instance) : NOT_YET;
  }

  @Override
  public Answer incidents() {
    HostView promoted = host;
    return promoted != null ? promoted.incidents() : NOT_YET;
  }

  @Override
  public Answer incident(String incident, String file) {
    HostView promoted = host;
    return promoted != null ? promoted.incident(incident, file) : NOT_YET;
  }

  @Override
  public Map<String, Object> freeze() {
    HostView promoted = host;
    return promoted != null ? promoted.freeze() : Map.of();
  }

  @Override
  public Answer putFreeze(String json, String from) {
    HostView promoted = host;
    return promoted != null ? promoted.putFreeze(json, from) : NOT_YET;
  }

  @Override
  public Answer deleteFreeze(Optional<String> id, Optional<String> scope, String by) {
    HostView promoted = host;
    return promoted != null ? promoted.deleteFreeze(id, scope, by) : NOT_YET;
  }

  @Override
  public Answer task(TaskVerb verb, String name, String by) {
    HostView promoted = host;
    return promoted != null ? promoted.task(verb, name, by) : NOT_YET;
  }

  @Override
  public Answer look(String operations, Map<String, String> query) {
    HostView promoted = host;
    return promoted != null ? promoted.look(operations, query) : NOT_YET;
  }

  @Override
  public Answer act(String operations, String verb, Map<String, String> parameters, String by) {
    HostView promoted = host;
    return promoted != null ? promoted.act(operations, verb, parameters, by) : NOT_YET;
  }

  /** A spare that nobody needs ends by TERM, at once. */
  @Override
  public void recycle(String by) {
    HostView promoted = host;
    if (promoted != null) {
      promoted.recycle(by);
    }
  }

  @Override
  public void stop(String by) {
    HostView promoted = host;
    if (promoted != null) {
      promoted.stop(by);
    }
  }

  @Override
  public void audited(AuditEntry entry) {
    HostView promoted = host;
    if (promoted != null) {
      promoted.audited(entry);
    } else {
      LOG.log(INFO, entry.sentence()); // a spare has no journal, and changes nothing
    }
  }
}
