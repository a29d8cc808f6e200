package io.rolehost.node;

import io.rolehost.runtime.journal.JournalEntry;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The last events of all instances of a node, and those who listen. Safe for any thread. */
final class NodeEvents {
  private static final int KEPT = 1_000;

  private final Deque<JournalEntry> kept = new ArrayDeque<>();
  private final List<Consumer<JournalEntry>> listeners = new CopyOnWriteArrayList<>();
  private final long beforeFirst;
  private long sequence;

  /**
   * Creates it without events.
   *
   * @param now the numbers of events go on from here, so that those of a later node are greater
   */
  NodeEvents(Instant now) {
    beforeFirst = now.toEpochMilli();
    sequence = beforeFirst;
  }

  /** Adds an event; called by the node's thread alone, so that listeners hear them in order. */
  void add(JournalEntry written, Supervised instance, Map<String, Object> facts) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("instance", instance.id());
    detail.put("role", instance.role().name());
    detail.putAll(facts);
    add(written, detail);
  }

  /** Adds an event that is not about one instance, with all its detail. */
  void add(JournalEntry written) {
    add(written, written.detail());
  }

  private void add(JournalEntry written, Map<String, Object> detail) {
    JournalEntry entry;
    synchronized (kept) {
      sequence++;
      entry =
          new JournalEntry(
              sequence,
              written.at(),
              written.nanos(),
              written.incarnation(),
              written.type(),
              written.from(),
              written.to(),
              written.cause(),
              detail);
      kept.addLast(entry);
      if (kept.size() > KEPT) {
        kept.removeFirst();
      }
    }
    for (Consumer<JournalEntry> listener : listeners) {
      listener.accept(entry);
    }
  }

  /** Returns the number before that of the first event. */
  long beforeFirst() {
    return beforeFirst;
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
