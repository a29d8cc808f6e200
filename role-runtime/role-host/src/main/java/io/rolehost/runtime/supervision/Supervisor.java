package io.rolehost.runtime.supervision;

import io.rolehost.runtime.process.Ticks;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the machine: a mailbox, a thread of its own for the timers and for all that may block, and
 * the right to work the mailbox off for whoever has put something into it.
 *
 * <p>The machine has one owner at a time. An owner decides and does what can't wait and does not
 * block; the rest goes to the outbox, which the supervisor's thread alone delivers, in order. So a
 * failed attempt is followed by the next one without the wake-up of another thread, and neither a
 * slow log nor a virtual thread that gets no carrier can hold the machine.
 */
final class Supervisor {

  /**
   * How many messages somebody else than the supervisor works off before it is the supervisor's.
   */
  private static final int HELP = 64;

  /** How many messages the supervisor works off before it delivers. */
  private static final int TURN = 1024;

  /** How much may wait to be delivered before only the supervisor goes on: the back-pressure. */
  private static final int FULL = 10_000;

  private final Ticks ticks;
  private final long origin;
  private final TaskMachine machine;
  private final HangWatch hangs;
  private final Deliverer deliverer;
  private final Queue<Event> mailbox = new ConcurrentLinkedQueue<>();
  private final Queue<Effect.Report> outbox = new ConcurrentLinkedQueue<>();
  private final AtomicInteger undelivered = new AtomicInteger();
  private final AtomicBoolean owned = new AtomicBoolean();
  private final Object lateDelivery = new Object();
  private final Thread thread;
  private volatile long nextDue = Long.MAX_VALUE;
  private volatile long wakeAt = Long.MIN_VALUE;
  private volatile int armed;
  private volatile long changes;
  private long effects; // of the owner
  private volatile boolean sleeping;
  private volatile boolean allLeft;
  private volatile boolean finished;
  private volatile @Nullable Throwable vmError;

  /** Does what may block; called by the supervisor's thread. */
  interface Deliverer {

    void deliver(Effect.Report report);

    /** All that was there is delivered. */
    void delivered();

    /**
     * A look at the tasks found something.
     *
     * @param mail takes what the machine has to know, now or soon, on any thread
     */
    void news(HangWatch.Finding finding, int ofThisLook, Consumer<Event> mail);
  }

  /**
   * Creates it; {@link #start} has to follow.
   *
   * @param machine makes the machine, given where its effects go
   * @param quick does what does not block
   */
  Supervisor(
      Ticks ticks,
      HangWatch hangs,
      Function<Consumer<Effect>, TaskMachine> machine,
      Consumer<Effect.Quick> quick,
      Deliverer deliverer) {
    this.ticks = ticks;
    this.origin = ticks.nanos();
    this.hangs = hangs;
    this.deliverer = deliverer;
    this.machine =
        machine.apply(effect -> {
          effects += effect instanceof Effect.Reached ? 0 : 1;
          switch (effect) {
            case Effect.Quick now -> quick.accept(now);
            case Effect.Report later -> enqueue(later);
          }
        });
    this.thread = Thread.ofPlatform().daemon().name("task-supervisor").unstarted(this::supervise);
  }

  void start() {
    thread.start();
  }

  /** Returns the ticks since the beginning. */
  long now() {
    return ticks.nanos() - origin;
  }

  /** Translates a reading of the ticks. */
  long since(long nanos) {
    return nanos - origin;
  }

  /** Tells the machine; on return somebody is at it. */
  void post(Event event) {
    mailbox.add(event);
    if (Thread.currentThread() != thread) {
      help();
    }
  }

  /** Tells the machine and delivers what follows, if this is the supervisor's own thread. */
  boolean postFromWithin(Event event) {
    if (Thread.currentThread() != thread) {
      return false;
    }
    mailbox.add(event);
    work(TURN);
    deliver();
    return true;
  }

  /** There was not even the memory to post something. */
  void vmError(Throwable error) {
    vmError = error;
    wake();
  }

  void allLeft() {
    allLeft = true;
  }

  boolean isFinished() {
    return finished;
  }

  /** Returns how many timers are armed, the looks at progress among them. */
  int armed() {
    return armed;
  }

  /** Asks the owner's data something; waits for the machine, which never takes long. */
  <T> T ask(Supplier<T> question) {
    own();
    try {
      return question.get();
    } finally {
      disown();
      help();
    }
  }

  /** Returns how many effects there were so far. */
  long changes() {
    return changes;
  }

  /** Returns when something is due, as the ticks read then; empty if nothing is. */
  OptionalLong nextDue() {
    long due = nextDue;
    return due == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(origin + due);
  }

  private void enqueue(Effect.Report report) {

    undelivered.incrementAndGet();
    outbox.add(report);
  }

  private void help() {
    if (undelivered.get() < FULL) {
      work(HELP);
    }
    if (finished) {
      deliverLate();
    } else if (!mailbox.isEmpty() || !outbox.isEmpty() || nextDue < wakeAt) {
      wake();
    }
  }

  private void wake() {
    if (sleeping) {
      LockSupport.unpark(thread);
    }
  }

  private void work(int limit) {
    int done = 0;
    while (done < limit && !mailbox.isEmpty() && owned.compareAndSet(false, true)) {
      try {
        for (@Nullable Event event = mailbox.poll(); event != null; event = mailbox.poll()) {
          decide(event);
          if (++done >= limit) {
            break;
          }
        }
      } finally {
        disown();
      }
    }
  }

  private void decide(Event event) {
    try {
      machine.on(event, now());
    } catch (Throwable thrown) {
      if (AttemptEnd.kindOf(thrown) == AttemptEnd.Kind.VM_ERROR) {
        vmError = thrown;
      } else {
        enqueue(new Effect.Trouble(thrown));
      }
    }
  }

  private void own() {
    while (!owned.compareAndSet(false, true)) {
      Thread.onSpinWait();
    }
  }

  private void disown() {
    nextDue = Math.min(machine.nextDue(), hangs.nextLook());
    changes = effects;
    armed = machine.armed() + (hangs.nextLook() == Long.MAX_VALUE ? 0 : 1);
    owned.set(false);
  }

  // ---- the supervisor's thread

  private void supervise() {
    while (!(allLeft && mailbox.isEmpty() && outbox.isEmpty())) {
      superviseOnce();
    }
    finished = true;
    // What came in between: whoever waits for its answer gets it.
    work(Integer.MAX_VALUE);
    deliverLate();
  }

  private void superviseOnce() {
    try {
      boolean _ = Thread.interrupted();
      Throwable error = vmError;
      if (error != null) {
        vmError = null;
        mailbox.add(new Event.VmBroken(error));
      }
      work(TURN);
      if (nextDue <= now()) {
        fireDue();
      }
      deliver();
      sleep();
    } catch (Throwable thrown) {
      if (AttemptEnd.kindOf(thrown) == AttemptEnd.Kind.VM_ERROR) {
        vmError = thrown;
      } else {
        enqueue(new Effect.Trouble(thrown));
      }
    }
  }

  /** Does what is due by now, the looks at progress first. */
  private void fireDue() {
    List<HangWatch.Finding> news;
    // First what has come by now: who has left must not be pressed.
    work(mailbox.size());
    own();
    try {
      news = hangs.look(now());
      decide(new Event.TimeIs());
    } finally {
      disown();
    }
    for (int i = 0; i < news.size(); i++) {
      deliverer.news(news.get(i), i, this::post);
    }
    work(TURN);
  }

  private void deliver() {
    for (Effect.@Nullable Report report = outbox.poll(); report != null; report = outbox.poll()) {
      undelivered.decrementAndGet();
      if (report instanceof Effect.Reached(Runnable action)) {
        if (!finished && nextDue <= now()) {
          // Something else is due by now; it comes first.
          fireDue();
          mailbox.add(new Event.Marker(action));
          work(TURN);
          continue;
        }
        deliverer.delivered();
      }
      deliverer.deliver(report);
    }
    deliverer.delivered();
  }

  /** After the end of the supervisor's thread, whoever posts also delivers. */
  private void deliverLate() {
    synchronized (lateDelivery) {
      deliver();
    }
  }

  private void sleep() {
    long due = nextDue;
    wakeAt = due;
    sleeping = true;
    if (mailbox.isEmpty() && outbox.isEmpty() && nextDue >= due && vmError == null) {
      if (due == Long.MAX_VALUE) {
        LockSupport.park(this);
      } else {
        long wait = due - now();
        if (wait > 0) {
          LockSupport.parkNanos(this, wait);
        }
      }
    }
    sleeping = false;
    wakeAt = Long.MIN_VALUE;
  }
}
