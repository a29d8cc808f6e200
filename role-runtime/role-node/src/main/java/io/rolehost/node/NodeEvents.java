package io.rolehost.node;

import io.rolehost.runtime.journal.JournalEntry;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The last events of all instances of a node, and those who listen. Safe for any thread. */
final class NodeEvents {
  private static final int KEPT = 1_000;

  private final Deque<JournalEntry> kept = new ArrayDeque<>();
  private final List<Consumer<JournalEntry>> listeners = new CopyOnWriteArrayList<>();
  private long sequence;

  /** Adds an event; called by the node's thread alone, so that listeners hear them in order. */
  void add(Instant at, long nanos, Supervised instance, String from, String cause) {
    JournalEntry entry;
    synchronized (kept) {
      sequence++;
      entry =
          new JournalEntry(
              sequence,
              at,
              nanos,
              instance.life().incarnation(),
              "transition",
              from,
              instance.stateName(),
              cause,
              Map.of("instance", instance.id(), "role", instance.role().name()));
      kept.addLast(entry);
      if (kept.size() > KEPT) {
        kept.removeFirst();
      }
    }
    for (Consumer<JournalEntry> listener : listeners) {
      listener.accept(entry);
    }
  }

  List<JournalEntry> after(long earlier) {
    synchronized (kept) {
      List<JournalEntry> later = new ArrayList<>();
      for (JournalEntry entry : kept) {
        if (entry.sequence() > earlier) {
          later.add(entry);
        }
      }
      return later;
    }
  }

  AutoCloseable listen(Consumer<JournalEntry> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }
}
