package io.rolehost.runtime.boot;

import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.journal.Fingerprint;
import io.rolehost.runtime.journal.Incident;
import io.rolehost.runtime.journal.Incidents;
import io.rolehost.runtime.journal.Journal;
import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.process.HostLog;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The incidents that an incarnation writes of itself, each with its last events and log lines. */
record OwnIncidents(HostSettings settings, long incarnation, Journal journal, HostLog log) {

  private static final int LAST_EVENTS = 200;

  /** Returns where one of this moment is written. */
  Path folder(Instant at) {
    return Incidents.folder(settings.stateDir(), at, settings.instanceId(), incarnation);
  }

  /**
   * Writes one; see {@link Incident} for what it is made of.
   *
   * @param code the exit code; 0 while the process goes on
   * @return its folder; empty if it could not be written
   */
  Optional<Path> write(
      Instant at,
      String reason,
      int code,
      String why,
      Fingerprint fingerprint,
      String threadsJson,
      Map<String, Object> facts) {
    List<JournalEntry> events = journal.after(0);
    return Incidents.write(
        settings.stateDir(),
        settings.instanceId(),
        incarnation,
        new Incident(
            at,
            reason,
            code,
            why,
            fingerprint,
            events.subList(Math.max(0, events.size() - LAST_EVENTS), events.size()),
            threadsJson,
            log.tail(),
            facts));
  }
}
