package io.rolehost.runtime.boot;

import static java.lang.System.Logger.Level.ERROR;

import io.rolehost.runtime.journal.Journal;
import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.journal.JournalObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds those who want to be told what happens, beside the start and not before it: an SDK that one
 * of them brings takes longer to load than a host to start. They are told what they missed first.
 */
final class JournalObservers {

  private static final System.Logger LOG = System.getLogger(JournalObservers.class.getName());

  private JournalObservers() {}

  /** Looks for observers on a thread of its own, and tells them of all after {@code sequence}. */
  static void start(Journal journal, long sequence) {
    HostThread.start("observers", () -> find(journal, sequence));
  }

  private static void find(Journal journal, long sequence) {
    try {
      for (JournalObserver observer :
          ServiceLoader.load(JournalObserver.class, JournalObserver.class.getClassLoader())) {
        new Telling(observer::happened).begin(journal, sequence);
      }
    } catch (ServiceConfigurationError | LinkageError broken) {
      LOG.log(ERROR, "An observer of the journal can't be loaded, and none after it is", broken);
    }
  }

  /** One of them, and what came while it was told of what had been. */
  static final class Telling implements Consumer<JournalEntry> {

    private final Consumer<JournalEntry> observer;
    private final Deque<JournalEntry> early = new ArrayDeque<>();
    private boolean live;
    private long told;

    Telling(Consumer<JournalEntry> observer) {
      this.observer = observer;
    }

    void begin(Journal journal, long sequence) {
      AutoCloseable _ = journal.subscribe(this); // as long as the process lives
      told = sequence;
      journal.after(sequence).forEach(this::tell);
      for (@Nullable JournalEntry next = next(); next != null; next = next()) {
        tell(next);
      }
    }

    private synchronized @Nullable JournalEntry next() {
      JournalEntry next = early.poll();
      live = next == null;
      return next;
    }

    @Override
    public void accept(JournalEntry entry) {
      synchronized (this) {
        if (!live) {
          early.add(entry);
          return;
        }
      }
      tell(entry);
    }

    private void tell(JournalEntry entry) {
      if (entry.sequence() > told) {
        told = entry.sequence();
        observer.accept(entry);
      }
    }
  }
}
