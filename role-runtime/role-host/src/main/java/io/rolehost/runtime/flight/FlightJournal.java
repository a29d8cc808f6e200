package io.rolehost.runtime.flight;

import io.rolehost.runtime.journal.JournalEntry;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Makes an event for the Flight Recorder of each entry of the journal, while a recording runs. Told
 * by one thread at a time.
 */
public final class FlightJournal implements Consumer<JournalEntry> {

  private static final String DRAINING = "DRAINING";

  private long drainingSince;

  /** Has nothing to tell yet. */
  public FlightJournal() {}

  @Override
  public void accept(JournalEntry entry) {
    if (entry.type().equals("transition") && entry.to().equals(DRAINING)) {
      drainingSince = entry.nanos();
    }
    if (!Recorder.isOn()) {
      return;
    }
    if (entry.type().equals("transition") && entry.from().equals(DRAINING)) {
      Recording.drained(entry, Duration.ofNanos(entry.nanos() - drainingSince));
    }
    Recording.happened(entry);
  }
}
