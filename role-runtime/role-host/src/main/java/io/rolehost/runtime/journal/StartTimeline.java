package io.rolehost.runtime.journal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads from a journal how long each start of an instance was in which state, so that a crash loop
 * is seen at a glance. For the journal of a role host and for the one a node keeps. Pure.
 */
public final class StartTimeline {

  /** The types of entries that are needed. */
  public static final Set<String> TYPES = PastIncarnations.TYPES;

  /** Enough for some forty starts; a journal has more than a screen can show. */
  static final int MOST_SPANS = 300;

  /** What a process that was killed left: the journal goes on with the next start. */
  private static final String KILLED = "KILLED";

  private final List<Map<String, Object>> spans = new ArrayList<>();
  private final List<Map<String, Object>> ends = new ArrayList<>();
  // The span that goes on; none before the first entry.
  private Map<String, Object> open = Map.of();
  private long incarnation;
  private String kind = "";

  private StartTimeline() {}

  /**
   * Returns {@code spans} and {@code ends}, oldest first, as values that are JSON. A span has
   * {@code incarnation}, {@code state}, {@code kind} ({@code start}, {@code ready}, {@code not
   * ready}, {@code drain}, {@code stop}, {@code back-off}, {@code frozen} or {@code away}), {@code
   * from}, and {@code to} unless it goes on. An end has {@code incarnation}, {@code at}, {@code
   * crash}, {@code why}, and {@code code} if there was one.
   *
   * @param oldestFirst the entries of {@link #TYPES}; others are passed over
   */
  public static Map<String, Object> of(List<JournalEntry> oldestFirst) {
    StartTimeline timeline = new StartTimeline();
    for (JournalEntry entry : oldestFirst) {
      if (TYPES.contains(entry.type())) {
        timeline.add(entry);
      }
    }
    Map<String, Object> values = new LinkedHashMap<>();
    List<Map<String, Object>> spans = timeline.spans;
    values.put("spans", spans.subList(Math.max(0, spans.size() - MOST_SPANS), spans.size()));
    values.put("ends", timeline.ends);
    return values;
  }

  private void add(JournalEntry entry) {
    boolean end = PastIncarnations.ENDS.contains(entry.type());
    boolean start = entry.type().equals(PastIncarnations.START);
    if (start && !open.isEmpty() && isUpAnew(entry.incarnation())) {
      killed(entry.at());
    }
    if (end) {
      end(entry);
    }
    String state =
        end && kind(entry.to()).equals(kind(entry.from())) && !kind(entry.to()).equals("start")
            ? "ENDED"
            : start ? "STARTING" : entry.to();
    if (start || end || !entry.to().equals(entry.from())) {
      enter(state, entry);
    }
  }

  /** Whether another start begins although nothing was written of the end of the one before. */
  private boolean isUpAnew(long started) {
    return started != incarnation && !Set.of("away", "back-off", "frozen", "start").contains(kind);
  }

  private void killed(Instant next) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("incarnation", incarnation);
    values.put("at", next.toString());
    values.put("crash", true);
    values.put("why", KILLED + ": it ended without a word, at the latest now");
    ends.add(values);
  }

  private void end(JournalEntry entry) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("incarnation", entry.incarnation());
    values.put("at", entry.at().toString());
    values.put(
        "crash",
        !Boolean.TRUE.equals(entry.detail().get(PastIncarnations.ASKED))
            && !Boolean.TRUE.equals(entry.detail().get(PastIncarnations.EXEMPT)));
    values.put("why", entry.cause());
    if (entry.detail().get(PastIncarnations.CODE) instanceof Number code) {
      values.put("code", code);
    }
    ends.add(values);
  }

  private void enter(String state, JournalEntry entry) {
    String next = kind(state);
    if (!open.isEmpty()) {
      if (next.equals(kind) && entry.incarnation() == incarnation) {
        return;
      }
      open.put("to", entry.at().toString());
    }
    incarnation = entry.incarnation();
    kind = next;
    open = new LinkedHashMap<>();
    open.put("incarnation", incarnation);
    open.put("state", state);
    open.put("kind", kind);
    open.put("from", entry.at().toString());
    spans.add(open);
  }

  private static String kind(String state) {
    return switch (state) {
      case "CREATED", "STARTING", "PREPARING", "STANDBY" -> "start";
      case "READY", "SUSPECT" -> "ready";
      case "HELD", "FROZEN" -> "frozen";
      case "DRAINING" -> "drain";
      case "STOPPING", "KILLING" -> "stop";
      case "BACKOFF" -> "back-off";
      case "ENDED", "STOPPED", "FAILED", "GONE" -> "away";
      default -> "not ready";
    };
  }
}
