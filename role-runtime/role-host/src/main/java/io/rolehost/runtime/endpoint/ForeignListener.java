package io.rolehost.runtime.endpoint;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.WARNING;

import io.rolehost.api.EndpointServer;
import io.rolehost.runtime.process.Ticks;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A server that the role brought. Its code is the user's: whatever it throws is caught here, and
 * its close, which may wait for requests, has a thread of its own.
 */
final class ForeignListener implements Listener {

  /** How long {@link #close} waits for a server's own close, at most. */
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

  /** How often it is asked whether it is alive. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final System.Logger LOG = System.getLogger(ForeignListener.class.getName());

  private final String name;
  private final EndpointServer server;
  private final Ticks ticks;
  private final Consumer<Throwable> thrown;
  private final AtomicBoolean open = new AtomicBoolean();
  private final AtomicBoolean draining = new AtomicBoolean();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
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
    var _ =
        Thread.ofPlatform().daemon().name("endpoint-" + name + "-watch").start(() -> watch(bound));
    return bound;
  }

  /** On a thread of its own: what it asks is the user's, and a probe must not wait for it. */
  private void watch(int port) {
    boolean[] listening = {true};
    try {
      while (listening[0] && !stopping.await(LOOK.toNanos(), TimeUnit.NANOSECONDS)) {
        calling("isListening", () -> listening[0] = server.isListening());
      }
    } catch (InterruptedException e) {
      return; // nobody has this thread to do so
    }
    if (!listening[0] && !closing.get()) {
      death = "Endpoint " + name + " stopped listening on port " + port + " by itself";
      LOG.log(ERROR, death);
    }
  }

  @Override
  public void drain() {
    if (open.get() && draining.compareAndSet(false, true)) {
      calling("drain", server::drain);
    }
  }

  /** A server that is still closing counts as well: {@code onApplicationEnd} comes after it. */
  @Override
  public int inFlight() {
    if (!open.get() || closed.getCount() == 0) {
      return 0;
    }
    int[] inFlight = {0};
    calling("inFlight", () -> inFlight[0] = Math.max(0, server.inFlight()));
    if (inFlight[0] > 0) {
      lastSeenBusy = ticks.nanos();
    }
    return closing.get() ? Math.max(1, inFlight[0]) : inFlight[0];
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
      stopping.countDown();
      var _ =
          Thread.ofPlatform()
              .daemon()
              .name("endpoint-" + name + "-close")
              .start(() -> {
                calling("close", server::close);
                closed.countDown();
              });
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
      LOG.log(
          WARNING,
          "Endpoint " + name + ": " + server.getClass().getName() + "." + method + " threw",
          e);
    }
  }
}
