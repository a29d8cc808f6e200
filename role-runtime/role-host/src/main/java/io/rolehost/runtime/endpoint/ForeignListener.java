package io.rolehost.runtime.endpoint;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.WARNING;

import io.rolehost.api.EndpointServer;
import io.rolehost.runtime.process.Ticks;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A server that the role brought. Its code is the user's: whatever it throws is caught here, and
 * its close, which may wait for requests, has a thread of its own.
 */
final class ForeignListener implements Listener {

  /** How long {@link #close} waits for a server's own close, at most. */
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

  /** How long the caller waits for a drain to be begun. */
  private static final Duration DRAIN_WAIT = Duration.ofMillis(100);

  /** How often it is asked what it does while it serves, and how often once it drains. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final Duration LOOK_AT_DRAIN = Duration.ofMillis(10);

  private static final System.Logger LOG = System.getLogger(ForeignListener.class.getName());

  private final String name;
  private final EndpointServer server;
  private final Ticks ticks;
  private final Consumer<Throwable> thrown;
  private final AtomicBoolean open = new AtomicBoolean();
  private final AtomicBoolean draining = new AtomicBoolean();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch drained = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Set<String> told = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Thread watch;
  private volatile int inFlight;
  private volatile long lastSeenBusy;
  private volatile @Nullable String death;

  ForeignListener(String name, EndpointServer server, ListenerParts parts) {
    this.name = name;
    this.server = server;
    this.ticks = parts.ticks();
    this.thrown = parts.thrown();
    lastSeenBusy = ticks.nanos();
  }

  @Override
  public int open(String host, int port) throws Exception {
    int bound = server.open(host, port);
    lastSeenBusy = ticks.nanos();
    open.set(true);
    watch =
        Thread.ofPlatform().daemon().name("endpoint-" + name + "-watch").start(() -> watch(bound));
    return bound;
  }

  /**
   * On a thread of its own: what it asks is the user's, and neither probe nor stop waits for it.
   */
  private void watch(int port) {
    while (closed.getCount() > 0) {
      calling("inFlight", () -> seeBusy(Math.max(0, server.inFlight())));
      if (death == null && !closing.get()) {
        calling("isListening", () -> seeListening(server.isListening(), port));
      }
      boolean often = draining.get() || closing.get();
      LockSupport.parkNanos(this, (often ? LOOK_AT_DRAIN : LOOK).toNanos());
    }
  }

  private void seeBusy(int requests) {
    inFlight = requests;
    if (requests > 0) {
      lastSeenBusy = ticks.nanos();
    }
  }

  private void seeListening(boolean listening, int port) {
    if (!listening && !closing.get()) {
      String sentence = "Endpoint " + name + " stopped listening on port " + port + " by itself";
      death = sentence;
      LOG.log(ERROR, sentence);
    }
  }

  private void lookNow() {
    LockSupport.unpark(watch);
  }

  @Override
  public void drain() {
    if (!open.get() || !draining.compareAndSet(false, true)) {
      return;
    }
    lookNow();
    Thread draining =
        Thread.ofPlatform()
            .daemon()
            .name("endpoint-" + name + "-drain")
            .start(() -> {
              calling("drain", server::drain);
              drained.countDown();
            });
    try {
      boolean _ = draining.join(DRAIN_WAIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * As seen by the last look. A server that is still closing counts as well: {@code
   * onApplicationEnd} comes after it.
   */
  @Override
  public int inFlight() {
    if (!open.get() || closed.getCount() == 0) {
      return 0;
    }
    return closing.get() ? Math.max(1, inFlight) : inFlight;
  }

  /**
   * A server tells how many it serves, not when one came: the last time it had one stands for it.
   */
  @Override
  public long lastRequest() {
    return inFlight() > 0 ? ticks.nanos() : lastSeenBusy;
  }

  @Override
  public long served() {
    return -1;
  }

  @Override
  public Optional<String> death() {
    return Optional.ofNullable(death);
  }

  @Override
  public void closeListener() {
    if (open.get() && closing.compareAndSet(false, true)) {
      lookNow();
      var _ =
          Thread.ofPlatform()
              .daemon()
              .name("endpoint-" + name + "-close")
              .start(() -> {
                awaitDrain();
                calling("close", server::close);
                closed.countDown();
                lookNow();
              });
    }
  }

  /** The two calls come one after the other, unless the first hangs. */
  private void awaitDrain() {
    try {
      boolean _ = !draining.get() || drained.await(CLOSE_WAIT.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closeListener();
    if (!open.get()) {
      return;
    }
    try {
      if (!closed.await(CLOSE_WAIT.toNanos(), TimeUnit.NANOSECONDS)) {
        LOG.log(
            WARNING,
            "Endpoint {0}: close() of {1} did not return within {2} s; the stop goes on without"
                + " it.",
            name,
            server.getClass().getName(),
            CLOSE_WAIT.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Its threads are its own: what it counts can't be corrected from here. */
  @Override
  public void threadEnded(Thread thread) {}

  private interface Call {
    void run() throws Exception;
  }

  private void calling(String method, Call call) {
    try {
      call.run();
    } catch (Throwable e) {
      if (VmErrors.in(e)) {
        thrown.accept(e);
      }
      if (told.add(method)) { // it is asked again and again
        LOG.log(
            WARNING,
            "Endpoint " + name + ": " + server.getClass().getName() + "." + method + " threw",
            e);
      }
    }
  }
}
