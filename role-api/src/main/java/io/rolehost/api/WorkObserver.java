package io.rolehost.api;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Is told of each piece of a role's work as it begins and ends, on the very thread that does it: so
 * that it can be traced, measured, and named in a log. Found by {@link ServiceLoader}; without one
 * nothing is called.
 *
 * <p>Must not block, and should not throw: what it throws is logged once a call and changes
 * nothing.
 */
@Experimental
@FunctionalInterface
public interface WorkObserver {

  /** Is told how a piece of work ended. */
  @FunctionalInterface
  interface Observed {

    /** Nobody wants to know. */
    Observed NOBODY = _ -> {};

    /**
     * It has ended; on the thread it began on.
     *
     * @param failure what was thrown; null if nothing was
     */
    void ended(@Nullable Throwable failure);
  }

  /**
   * A piece of work begins.
   *
   * @return is told its end
   */
  Observed begins(Work work);

  /**
   * Returns one observer for all that are installed, which never throws. Those that begin first end
   * last.
   */
  static WorkObserver installed() {
    return Installed.ALL;
  }

  /** Those found on the class path, looked for once. */
  final class Installed implements WorkObserver {

    private static final System.Logger LOG = System.getLogger(WorkObserver.class.getName());
    private static final WorkObserver ALL = new Installed(found());

    private final List<WorkObserver> observers;

    Installed(List<WorkObserver> observers) {
      this.observers = observers;
    }

    private static List<WorkObserver> found() {
      List<WorkObserver> found = new ArrayList<>();
      try {
        ServiceLoader.load(WorkObserver.class, WorkObserver.class.getClassLoader())
            .forEach(found::add);
      } catch (java.util.ServiceConfigurationError broken) {
        LOG.log(
            System.Logger.Level.ERROR,
            "An observer of the work can't be loaded, and none after it is: " + broken.getMessage(),
            broken);
      }
      return List.copyOf(found);
    }

    @Override
    public Observed begins(Work work) {
      if (observers.isEmpty()) {
        return Observed.NOBODY;
      }
      List<Observed> begun = new ArrayList<>(observers.size());
      for (WorkObserver observer : observers) {
        try {
          Observed observed = observer.begins(work);
          if (!observed.equals(Observed.NOBODY)) {
            begun.add(observed);
          }
        } catch (RuntimeException | LinkageError broken) {
          LOG.log(System.Logger.Level.WARNING, "An observer of the work failed", broken);
        }
      }
      return begun.isEmpty() ? Observed.NOBODY : failure -> end(begun, failure);
    }

    private static void end(List<Observed> begun, @Nullable Throwable failure) {
      for (Observed observed : begun.reversed()) {
        try {
          observed.ended(failure);
        } catch (RuntimeException | LinkageError broken) {
          LOG.log(System.Logger.Level.WARNING, "An observer of the work failed", broken);
        }
      }
    }
  }
}
