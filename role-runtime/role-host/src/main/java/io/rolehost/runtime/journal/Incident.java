package io.rolehost.runtime.journal;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * An abnormal end of a process, or of an attempt that hung, as it is written down for whoever has
 * to explain it.
 *
 * @param at when
 * @param reason the stop reason, for instance {@code TASK_FATAL}
 * @param code the exit code; 0 while the process goes on
 * @param why one sentence
 * @param fingerprint what makes two incidents the same
 * @param events the last ones, oldest first
 * @param threadsJson a thread dump as JSON text; empty if none could be made
 * @param logLines the last ones, oldest first
 * @param facts more of what was true at the end, as values that are JSON
 */
public record Incident(
    Instant at,
    String reason,
    int code,
    String why,
    Fingerprint fingerprint,
    List<JournalEntry> events,
    String threadsJson,
    List<String> logLines,
    Map<String, Object> facts) {

  /** Takes copies. */
  public Incident {
    events = List.copyOf(events);
    logLines = List.copyOf(logLines);
    facts = Map.copyOf(facts);
  }
}
