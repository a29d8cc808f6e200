package io.rolehost.runtime.endpoint;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.rolehost.api.Endpoint;
import io.rolehost.runtime.config.HostSettings.EndpointSettings;
import io.rolehost.runtime.process.NettySetup;
import io.rolehost.runtime.process.Ticks;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of a role: opened once it can answer, drained at a stop, closed before it ends.
 *
 * <p>Any thread may call any method. The order of a life is {@link #openBeforeReady}, {@link
 * #open}, {@link #drain}, {@link #closeListeners}, {@link #close}; steps may be left out.
 */
public final class Endpoints {

  /** More event loops do not help: they only copy bytes, handlers run on virtual threads. */
  private static final int MAX_LOOPS = 4;

  /** How long {@link #close} waits for the event loops, in milliseconds. */
  private static final long LOOPS_END = 1000;

  private final Map<String, DeclaredEndpoint> byName = new LinkedHashMap<>();
  private final Ticks ticks;
  private @Nullable EventLoopGroup loops;

  /**
   * Declares the endpoints; nothing is opened and no thread started.
   *
   * @param settings by name
   * @param time measures time limits and quiet, and dates the answers
   * @param thrown told of what a handler threw, and of each error of the virtual machine; whoever
   *     is told decides whether the process can go on
   * @param answered gives, by the name of an endpoint, who is told the status of each of its
   *     answers
   */
  public <T extends Ticks & InstantSource> Endpoints(
      Map<String, EndpointSettings> settings,
      T time,
      Consumer<Throwable> thrown,
      Function<String, IntConsumer> answered) {
    this(settings, time, thrown, answered, endpoint -> HttpLimits.of(endpoint.limits()));
  }

  <T extends Ticks & InstantSource> Endpoints(
      Map<String, EndpointSettings> settings,
      T time,
      Consumer<Throwable> thrown,
      Function<String, IntConsumer> answered,
      Function<EndpointSettings, HttpLimits> limits) {
    ticks = time;
    var answerDate = new AnswerDate(time);
    settings.forEach((name, one) ->
        byName.put(
            name,
            new DeclaredEndpoint(
                one,
                new ListenerParts(
                    limits.apply(one),
                    ticks,
                    answerDate,
                    answered.apply(name),
                    thrown,
                    this::loops))));
  }

  /**
   * Returns the endpoint declared under {@code name}.
   *
   * @throws IllegalArgumentException if there is none; the message names those that exist
   */
  public Endpoint get(String name) {
    DeclaredEndpoint endpoint = byName.get(name);
    if (endpoint == null) {
      throw new IllegalArgumentException(
          "There is no endpoint \""
              + name
              + "\": declare it under rolehost.endpoints."
              + name
              + (byName.isEmpty()
                  ? "; none is declared yet"
                  : ", or use one of " + String.join(", ", byName.keySet())));
    }
    return endpoint;
  }

  /**
   * Opens those that are declared with {@code open-before-ready}. One that nobody serves yet
   * answers 503 until somebody does.
   *
   * @throws EndpointOpenException if one can't be opened; what was opened before it stays open
   */
  public void openBeforeReady() throws EndpointOpenException {
    for (DeclaredEndpoint endpoint : byName.values()) {
      if (endpoint.opensBeforeReady()) {
        endpoint.openEarly();
      }
    }
  }

  /**
   * Opens the others.
   *
   * @throws EndpointOpenException if one can't be opened, or nobody serves it; what was opened
   *     before it stays open, so that the caller {@linkplain #close closes} all in one place
   */
  public void open() throws EndpointOpenException {
    for (DeclaredEndpoint endpoint : byName.values()) {
      endpoint.open();
    }
  }

  /** Returns whether any accepts connections. */
  public boolean anyOpen() {
    return byName.values().stream().anyMatch(DeclaredEndpoint::isOpen);
  }

  /**
   * From now on each answer asks its client to leave, by {@code Connection: close}. Connections are
   * still accepted. Returns at once.
   */
  public void drain() {
    listeners().forEach(Listener::drain);
  }

  /**
   * Returns how many requests are being served. After {@link #closeListeners} also how many
   * connections may still bring one; they have a second for it.
   */
  public int inFlight() {
    return listeners().stream().mapToInt(Listener::inFlight).sum();
  }

  /**
   * Returns the time since a request came last, in nanoseconds; the opening of an endpoint counts
   * as one. {@code Long.MAX_VALUE} if none was ever opened.
   */
  public long nanosSinceLastRequest() {
    long now = ticks.nanos();
    return listeners().stream()
        .mapToLong(listener -> Math.max(0, now - listener.lastRequest()))
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /**
   * Closes the listening sockets and idle connections; what is in flight goes on, which {@link
   * #inFlight} tells. Who has connected and sent nothing yet has a second to do so. Returns soon.
   */
  public void closeListeners() {
    byName.values().forEach(DeclaredEndpoint::closeListener);
  }

  /** Ends everything, requests too. Returns within six seconds; harmless when repeated. */
  public void close() {
    byName.values().forEach(DeclaredEndpoint::close);
    EventLoopGroup ending;
    synchronized (this) {
      ending = loops;
      loops = null;
    }
    if (ending != null) {
      boolean ended =
          ending
              .shutdownGracefully(0, LOOPS_END, TimeUnit.MILLISECONDS)
              .awaitUninterruptibly(LOOPS_END, TimeUnit.MILLISECONDS);
      if (!ended) {
        System.getLogger(Endpoints.class.getName())
            .log(System.Logger.Level.INFO, "Event loops of the endpoints are left behind.");
      }
    }
  }

  /** Returns a sentence about a listener that should accept connections and no longer does. */
  public Optional<String> deadListener() {
    return listeners().stream().flatMap(listener -> listener.death().stream()).findFirst();
  }

  /** A thread will never return, as after {@code System.exit}: its request counts as ended. */
  public void threadEnded(Thread thread) {
    listeners().forEach(listener -> listener.threadEnded(thread));
  }

  /** Returns what is to be said of each, in the order of declaration. */
  public List<EndpointFacts> facts() {
    return byName.values().stream().map(DeclaredEndpoint::facts).toList();
  }

  private List<Listener> listeners() {
    return byName.values().stream().flatMap(endpoint -> endpoint.listener().stream()).toList();
  }

  private synchronized EventLoopGroup loops() {
    EventLoopGroup existing = loops;
    if (existing == null) {
      NettySetup.once();
      int count = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MAX_LOOPS);
      existing = NettySetup.eventLoops(count, new DefaultThreadFactory("endpoint-io", true));
      loops = existing;
    }
    return existing;
  }
}
