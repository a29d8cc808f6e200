package io.rolehost.freeze;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Those who want to hear that a source's answer has become another; each source has one of these.
 * Safe for use by any thread.
 */
public final class Watchers {

  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

  /** Nobody watches yet. */
  public Watchers() {}

  /** Adds one; the same may be added twice, and is then called twice. */
  public FreezeSource.Watch add(Runnable changed) {
    Watcher watcher = new Watcher(changed);
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  /** Returns whether nobody watches. */
  public boolean isEmpty() {
    return watchers.isEmpty();
  }

  /**
   * Calls each on the calling thread. To be called without a lock held.
   *
   * @param source the name of the source, to log when a watcher throws
   */
  public void tell(String source) {
    for (Watcher watcher : watchers) {
      try {
        watcher.changed.run();
      } catch (RuntimeException broken) {
        // A watcher's failure is its own; the others must hear of the freeze all the same.
        System.getLogger("rolehost.freeze")
            .log(System.Logger.Level.WARNING, "A watcher of the " + source + " failed", broken);
      }
    }
  }

  /** Forgets all of them. */
  public void clear() {
    watchers.clear();
  }

  /** Of its own identity, so that the same listener can be added twice and removed once. */
  private static final class Watcher {
    private final Runnable changed;

    Watcher(Runnable changed) {
      this.changed = changed;
    }
  }
}
