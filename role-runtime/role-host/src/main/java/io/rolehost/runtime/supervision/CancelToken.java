package io.rolehost.runtime.supervision;

import io.rolehost.api.StopToken;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A stop token that its owner cancels. Cancelled once, it stays so. Every method may be called from
 * any thread, before, during and after the cancellation; there is no lock.
 *
 * <p>Made for a million at a time: who waits, what is to run and who is to be told form one chain,
 * and an empty one takes no object.
 */
public final class CancelToken implements StopToken {

  /** How many actions one token takes; more come from a loop that registers in each turn. */
  static final int MAX_ACTIONS = 10_000;

  private static final System.Logger LOG = System.getLogger(CancelToken.class.getName());
  private static final Link CANCELLED = new Link(null, CancelToken.class, 0);
  private static final VarHandle CHAIN;

  static {
    try {
      CHAIN = MethodHandles.lookup().findVarHandle(CancelToken.class, "chain", Link.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** One who is to be told: a thread, a gate, an action or a child; and those before. */
  private static final class Link {
    private final @Nullable Link before;
    private final Object who;

    /** How many actions are in this link and those before. */
    private final int actions;

    Link(@Nullable Link before, Object who, int actions) {
      this.before = before;
      this.who = who;
      this.actions = actions;
    }

    // The very same thread or action is meant, whatever its equals says.
    @SuppressWarnings("ReferenceEquality")
    boolean isOf(Object other) {
      return who == other;
    }
  }

  private record Action(Runnable run) {}

  private final @Nullable Supplier<Gate> gates;
  private final @Nullable CancelToken parent;
  private volatile @Nullable Link chain;

  /** Creates a token that stands alone. */
  public CancelToken() {
    this(null, null);
  }

  /**
   * Creates a token that stands alone.
   *
   * @param gates makes what each wait at this token and at its children waits at
   */
  public CancelToken(Supplier<Gate> gates) {
    this(gates, null);
  }

  private CancelToken(@Nullable Supplier<Gate> gates, @Nullable CancelToken parent) {
    this.gates = gates;
    this.parent = parent;
  }

  /**
   * Creates a token that stands alone.
   *
   * @param gates as above, or null for the time of the machine, where most waits need no gate
   */
  static CancelToken with(@Nullable Supplier<Gate> gates) {
    return new CancelToken(gates, null);
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
    if (!add(child, 0)) {
      child.cancel();
    }
    return child;
  }

  /** Takes a child off its parent without cancelling it; the parent forgets it. */
  public void close() {
    if (parent != null) {
      parent.remove(this);
    }
  }

  @Override
  public boolean isStopRequested() {
    return chain == CANCELLED;
  }

  @Override
  public void await() throws InterruptedException {
    if (gates != null) {
      boolean _ = awaitAt(gates.get(), OptionalLong.empty());
      return;
    }
    refuseInterrupted();
    Object me = Thread.currentThread();
    if (!add(me, 0)) {
      return;
    }
    try {
      while (!isStopRequested()) {
        LockSupport.park(this);
        refuseInterrupted();
      }
    } finally {
      remove(me);
    }
  }

  @Override
  public boolean await(Duration timeout) throws InterruptedException {
    Gate gate = gates == null ? Gate.real() : gates.get();
    return awaitAt(gate, OptionalLong.of(TimeUnit.NANOSECONDS.convert(timeout)));
  }

  private boolean awaitAt(Gate gate, OptionalLong nanos) throws InterruptedException {
    if (!add(gate, 0)) {
      gate.open();
    }
    try {
      if (nanos.isPresent()) {
        return gate.await(nanos.getAsLong());
      }
      gate.await();
      return true;
    } finally {
      remove(gate);
    }
  }

  private static void refuseInterrupted() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  @Override
  public void onStop(Runnable action) {
    if (!add(new Action(action), 1)) {
      runSafely(action);
    }
  }

  /**
   * Cancels this token and its children and returns their actions, for the caller to run with
   * {@link #runSafely}, each once.
   */
  List<Runnable> trip() {
    @Nullable Link link = (Link) CHAIN.getAndSet(this, CANCELLED);
    if (link == null || link == CANCELLED) {
      close();
      return List.of();
    }
    close();
    List<Runnable> actions = new ArrayList<>();
    List<CancelToken> children = new ArrayList<>();
    for (; link != null; link = link.before) {
      switch (link.who) {
        case Thread waiting -> LockSupport.unpark(waiting);
        case Gate gate -> gate.open();
        case Action action -> actions.add(action.run());
        case CancelToken child -> children.add(child);
        default -> throw new IllegalStateException("Unknown: " + link.who);
      }
    }
    List<Runnable> due = new ArrayList<>(actions.reversed());
    children.reversed().forEach(child -> due.addAll(child.trip()));
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
    int children = 0;
    for (@Nullable Link link = chain; link != null; link = link.before) {
      children += link.who instanceof CancelToken ? 1 : 0;
    }
    return children;
  }

  /** Adds one who is to be told; returns false if it is too late for that. */
  private boolean add(Object who, int actions) {
    while (true) {
      @Nullable Link last = chain;
      if (last == CANCELLED) {
        return false;
      }
      int known = last == null ? 0 : last.actions;
      if (known + actions > MAX_ACTIONS) {
        throw new IllegalStateException(
            "This stop token has %,d actions already. Register an action once, outside of the loop."
                .formatted(MAX_ACTIONS));
      }
      if (CHAIN.compareAndSet(this, last, new Link(last, who, known + actions))) {
        return true;
      }
    }
  }

  private void remove(Object who) {
    while (true) {
      @Nullable Link last = chain;
      if (last == null
          || last == CANCELLED
          || CHAIN.compareAndSet(this, last, without(last, who))) {
        return;
      }
    }
  }

  /** Returns the chain without {@code who}, sharing what was before it. */
  private static @Nullable Link without(@Nullable Link last, Object who) {
    List<Link> after = new ArrayList<>(0);
    @Nullable Link link = last;
    while (link != null && !link.isOf(who)) {
      after.add(link);
      link = link.before;
    }
    if (link == null) {
      return last;
    }
    @Nullable Link kept = link.before;
    for (Link later : after.reversed()) {
      int actions = later.who instanceof Action ? 1 : 0;
      kept = new Link(kept, later.who, (kept == null ? 0 : kept.actions) + actions);
    }
    return kept;
  }
}
