package io.rolehost.runtime.supervision;

import io.rolehost.api.StopToken;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A stop token that its owner cancels. Cancelled once, it stays so. Every method may be called from
 * any thread, before, during and after the cancellation; none of them holds a lock while it runs an
 * action.
 */
public final class CancelToken implements StopToken {

  /** How many actions one token takes; more come from a loop that registers in each turn. */
  static final int MAX_ACTIONS = 10_000;

  private static final System.Logger LOG = System.getLogger(CancelToken.class.getName());

  private final Gate cancelled;
  private final Supplier<Gate> gates;
  private final @Nullable CancelToken parent;
  private final Object lock = new Object();
  private final List<Runnable> actions = new ArrayList<>();
  private final Set<CancelToken> children = new LinkedHashSet<>();

  /** Creates a token that stands alone. */
  public CancelToken() {
    this(Gate::real);
  }

  /**
   * Creates a token that stands alone.
   *
   * @param gates makes what the threads of this token and of its children wait at
   */
  public CancelToken(Supplier<Gate> gates) {
    this(gates, null);
  }

  private CancelToken(Supplier<Gate> gates, @Nullable CancelToken parent) {
    this.gates = gates;
    this.cancelled = gates.get();
    this.parent = parent;
  }

  /**
   * Cancels this token and its children, then runs their actions, each once, on this thread. What
   * an action throws is logged. A second call has no effect.
   */
  public void cancel() {
    trip().forEach(CancelToken::runSafely);
  }

  /**
   * Returns a token that is cancelled with this one; already cancelled if this one is. {@link
   * #close Close} it when it is no longer needed, or it lives as long as this one.
   */
  public CancelToken child() {
    CancelToken child = new CancelToken(gates, this);
    boolean late;
    synchronized (lock) {
      late = isStopRequested();
      if (!late) {
        children.add(child);
      }
    }
    if (late) {
      child.cancel();
    }
    return child;
  }

  /** Takes a child off its parent without cancelling it; the parent forgets it. */
  public void close() {
    if (parent != null) {
      parent.forget(this);
    }
  }

  @Override
  public boolean isStopRequested() {
    return cancelled.isOpen();
  }

  @Override
  public void await() throws InterruptedException {
    cancelled.await();
  }

  @Override
  public boolean await(Duration timeout) throws InterruptedException {
    return cancelled.await(TimeUnit.NANOSECONDS.convert(timeout));
  }

  @Override
  public void onStop(Runnable action) {
    synchronized (lock) {
      if (!isStopRequested()) {
        if (actions.size() == MAX_ACTIONS) {
          throw new IllegalStateException(
              "This stop token has %,d actions already. Register an action once, outside of the loop."
                  .formatted(MAX_ACTIONS));
        }
        actions.add(action);
        return;
      }
    }
    runSafely(action);
  }

  /**
   * Cancels this token and its children and returns their actions, for the caller to run with
   * {@link #runSafely}, each once.
   */
  List<Runnable> trip() {
    List<Runnable> due;
    List<CancelToken> told;
    synchronized (lock) {
      if (isStopRequested()) {
        return List.of();
      }
      due = new ArrayList<>(actions);
      told = List.copyOf(children);
      actions.clear();
      children.clear();
      cancelled.open();
    }
    close();
    told.forEach(child -> due.addAll(child.trip()));
    return due;
  }

  /** Runs an action; what it throws is logged and ends there. */
  static void runSafely(Runnable action) {
    try {
      action.run();
    } catch (Throwable thrown) {
      LOG.log(Level.WARNING, "An onStop action failed; the stop goes on", thrown);
    }
  }

  /** Returns how many children are told of a cancellation. */
  int children() {
    synchronized (lock) {
      return children.size();
    }
  }

  private void forget(CancelToken child) {
    synchronized (lock) {
      children.remove(child);
    }
  }
}
