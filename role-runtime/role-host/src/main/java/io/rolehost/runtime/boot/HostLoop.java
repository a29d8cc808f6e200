package io.rolehost.runtime.boot;

import io.rolehost.runtime.lifecycle.Effect;
import io.rolehost.runtime.lifecycle.HostEvent;
import io.rolehost.runtime.lifecycle.HostState;
import io.rolehost.runtime.lifecycle.IllegalTransitionException;
import io.rolehost.runtime.lifecycle.Step;
import io.rolehost.runtime.lifecycle.Transitions;
import io.rolehost.runtime.process.Ticks;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The host thread's loop: takes what happened from a queue, asks the transition table what follows,
 * and has the shell do it. Alarms are part of the same loop, so that no timer can race an event.
 *
 * <p>The queue has no bound, but whoever posts has at most one event under way, and changes of
 * facts are coalesced by {@link #factsChanged}.
 */
final class HostLoop {

  /** Does what the table decides. All methods are called on the host thread and must not block. */
  interface Shell {

    /** The state changed, for the given cause; called before the effects are performed. */
    void entered(HostState from, HostState to, HostEvent cause);

    /** Performs one effect. */
    void perform(Effect effect);

    /** A lease, a task or a health check may have changed what readiness depends on. */
    void factsChanged();

    /** Something happened that can't happen. */
    void illegal(IllegalTransitionException wrong);
  }

  /** Something that is to be done at a time. */
  private record Alarm(long at, Runnable action) {}

  private final Transitions table;
  private final Ticks ticks;
  private final BlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
  private final Map<Object, Alarm> alarms = new HashMap<>();
  private final AtomicBoolean factsToLookAt = new AtomicBoolean();
  private volatile HostState state = new HostState.Booting();
  private @Nullable Shell shell;

  HostLoop(Transitions table, Ticks ticks) {
    this.table = table;
    this.ticks = ticks;
  }

  /** Returns the state of this moment; from any thread. */
  HostState state() {
    return state;
  }

  /** Hands in what happened; from any thread. */
  void post(HostEvent event) {
    wake(() -> apply(event));
  }

  /** Runs {@code action} on the host thread; from any thread. */
  void wake(Runnable action) {
    queue.add(action);
  }

  /** Has the shell look at the facts; many calls before it does so are one. From any thread. */
  void factsChanged() {
    if (factsToLookAt.compareAndSet(false, true)) {
      wake(() -> {
        factsToLookAt.set(false);
        performer().factsChanged();
      });
    }
  }

  /** Runs {@code action} at {@code atNanos}, in place of the last action for {@code key}. */
  void alarm(Object key, long atNanos, Runnable action) {
    alarms.put(key, new Alarm(atNanos, action));
  }

  /** Forgets the action for {@code key}. */
  void noAlarm(Object key) {
    alarms.remove(key);
  }

  /** Runs the loop on the calling thread; it ends with the process. */
  void run(Shell performer) throws InterruptedException {
    shell = performer;
    while (true) {
      next().run();
    }
  }

  /** What has happened comes before what is due: an event in the queue may put an alarm off. */
  private Runnable next() throws InterruptedException {
    while (true) {
      Runnable happened = queue.poll();
      if (happened != null) {
        return happened;
      }
      Optional<Map.Entry<Object, Alarm>> first = firstAlarm();
      if (first.isEmpty()) {
        return queue.take();
      }
      long wait = first.get().getValue().at() - ticks.nanos();
      if (wait <= 0) {
        alarms.remove(first.get().getKey());
        return first.get().getValue().action();
      }
      Runnable woken = queue.poll(wait, TimeUnit.NANOSECONDS);
      if (woken != null) {
        return woken;
      }
    }
  }

  private Optional<Map.Entry<Object, Alarm>> firstAlarm() {
    Map.Entry<Object, Alarm> first = null;
    for (Map.Entry<Object, Alarm> entry : alarms.entrySet()) {
      if (first == null || entry.getValue().at() - first.getValue().at() < 0) {
        first = entry;
      }
    }
    return Optional.ofNullable(first);
  }

  private void apply(HostEvent event) {
    Shell performer = performer();
    HostState from = state;
    Step step;
    try {
      step = table.next(from, event, ticks.nanos());
    } catch (IllegalTransitionException wrong) {
      performer.illegal(wrong);
      return;
    }
    state = step.state();
    if (differ(from, step.state())) {
      performer.entered(from, step.state(), event);
    }
    for (Effect effect : step.effects()) {
      if (effect instanceof Effect.Arm(var timer, long at)) {
        alarm(timer, at, () -> apply(new HostEvent.TimerFired(timer)));
      } else if (effect instanceof Effect.Disarm(var timer)) {
        noAlarm(timer);
      } else {
        performer.perform(effect);
      }
    }
  }

  /** By identity and class first: the JVM makes the equals of a record at its first call. */
  @SuppressWarnings("ReferenceEquality") // Only what is not the same has to be compared.
  private static boolean differ(HostState from, HostState to) {
    return from != to && (from.getClass() != to.getClass() || !from.equals(to));
  }

  private Shell performer() {
    Shell performer = shell;
    if (performer == null) {
      throw new IllegalStateException("the loop does not run yet");
    }
    return performer;
  }
}
