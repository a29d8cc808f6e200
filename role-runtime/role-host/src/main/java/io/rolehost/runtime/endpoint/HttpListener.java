package io.rolehost.runtime.endpoint;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.WARNING;
import static java.util.Objects.requireNonNull;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.rolehost.api.http.HttpHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The host's own HTTP/1.1 listener: one socket, its connections, and what is in flight on them. */
final class HttpListener implements Listener {

  /** In bytes, per read. Small, since a read is what a connection may hold unasked. */
  private static final int READ_SIZE = 16 * 1024;

  private static final System.Logger LOG = System.getLogger(HttpListener.class.getName());

  private final String name;
  private final long maxBody;
  private final boolean inherit;
  private final HttpLimits limits;
  private final ListenerParts parts;
  private final ThreadFactory handlerThreads;
  private final AtomicReference<@Nullable HttpHandler> handler = new AtomicReference<>();
  private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
  private final Set<HttpExchange> exchanges = ConcurrentHashMap.newKeySet();
  private final LongAdder served = new LongAdder();
  private volatile @Nullable Socket socket;
  private volatile @Nullable Acceptor acceptor;
  private volatile boolean draining;
  private volatile boolean crowded;
  private volatile boolean closing;
  private volatile @Nullable String death;
  private volatile long lastRequest;

  HttpListener(String name, long maxBody, boolean inherit, ListenerParts parts) {
    this.name = name;
    this.maxBody = maxBody;
    this.inherit = inherit;
    this.limits = parts.limits();
    this.parts = parts;
    this.handlerThreads = Thread.ofVirtual().name("endpoint-" + name + "-", 1).factory();
    lastRequest = parts.ticks().nanos();
  }

  /** Sets who answers; returns false if somebody does already. */
  boolean serve(HttpHandler serving) {
    return handler.compareAndSet(null, serving);
  }

  // ---- for its connections

  String name() {
    return name;
  }

  long maxBody() {
    return maxBody;
  }

  HttpLimits limits() {
    return limits;
  }

  long now() {
    return parts.ticks().nanos();
  }

  /** Returns whether clients are to leave after their answer: at a stop, or to make room. */
  boolean isDraining() {
    return draining || crowded;
  }

  String date() {
    return parts.date().now();
  }

  boolean isClosing() {
    return closing;
  }

  /** Returns whether there are too many connections, so that none may stay idle. */
  boolean isCrowded() {
    return crowded;
  }

  @Nullable HttpHandler handler() {
    return handler.get();
  }

  Thread handlerThread(Runnable body) {
    return handlerThreads.newThread(body);
  }

  void began(HttpExchange exchange) {
    lastRequest = now();
    served.increment();
    exchanges.add(exchange);
  }

  void ended(HttpExchange exchange) {
    exchanges.remove(exchange);
  }

  void answered(int status) {
    parts.answered().accept(status);
  }

  void thrown(Throwable e) {
    parts.thrown().accept(e);
  }

  // ---- Listener

  @Override
  public int open(String host, int port) throws Exception {
    EventLoopGroup group = parts.loops().get();
    Socket opening = inherit ? Socket.inherited() : new Socket();
    opening.config().setAutoRead(true);
    var accepting = new Acceptor(group, opening);
    acceptor = accepting;
    opening.pipeline().addLast(accepting);
    group.register(opening).sync();
    if (!inherit) {
      try {
        opening.bind(new InetSocketAddress(host, port)).sync();
      } catch (Throwable e) {
        opening.close().addListener(_ -> {});
        throw e;
      }
    }
    lastRequest = now();
    socket = opening;
    opening
        .closeFuture()
        .addListener(_ -> {
          if (!closing) {
            death = "Endpoint " + name + " stopped listening on port " + port + " by itself";
            LOG.log(ERROR, death);
          }
        });
    scheduleTimeChecks(opening);
    return opening.localAddress().getPort();
  }

  private void scheduleTimeChecks(Socket opened) {
    var _ =
        opened
            .eventLoop()
            .scheduleWithFixedDelay(
                () -> {
                  long now = now();
                  connections.forEach(connection -> connection.checkTime(now));
                },
                1,
                1,
                TimeUnit.SECONDS);
  }

  @Override
  public void drain() {
    draining = true;
  }

  /**
   * Once the listener is closed, whoever is connected and may still send a request counts as well:
   * who was accepted gets an answer.
   */
  @Override
  public int inFlight() {
    int awaiting = 0;
    if (closing) {
      for (HttpConnection connection : connections) {
        if (connection.isAwaiting()) {
          awaiting++;
        }
      }
    }
    return awaiting + exchanges.size();
  }

  @Override
  public long lastRequest() {
    return lastRequest;
  }

  @Override
  public long served() {
    return served.sum();
  }

  @Override
  public Optional<String> death() {
    return Optional.ofNullable(death);
  }

  @Override
  public void closeListener() {
    draining = true;
    Socket open = socket;
    if (open == null || closing) {
      return;
    }
    closing = true;
    if (inherit) {
      open.leave();
    } else {
      open.closeAcceptingTheRest().forEach(requireNonNull(acceptor)::accept);
    }
    connections.forEach(connection -> connection.onLoop(connection::lastChance));
  }

  @Override
  public void close() {
    closeListener();
    exchanges.forEach(HttpExchange::interrupt);
    connections.forEach(HttpConnection::drop);
  }

  @Override
  public void threadEnded(Thread thread) {
    exchanges.forEach(exchange -> {
      if (exchange.isServedBy(thread)) {
        exchange.abandon();
      }
    });
  }

  /** The listening socket. */
  private static final class Socket extends NioServerSocketChannel {

    /** Each a tenth of a millisecond. */
    private static final int WAITS = 5000;

    Socket() {}

    private Socket(ServerSocketChannel listening) {
      super(listening);
    }

    /** Takes over descriptor 0, as inetd and systemd give it. */
    static Socket inherited() throws IOException {
      @Nullable Channel given = System.inheritedChannel();
      if (given instanceof ServerSocketChannel listening
          && listening.getLocalAddress() instanceof InetSocketAddress) {
        return new Socket(listening);
      }
      throw new IOException("descriptor 0 is not one that listens on TCP");
    }

    /**
     * Accepts nobody any more and stays open: it belongs to somebody else, and who connects waits
     * in its backlog for the next process. To close it would also cost the output, since the JDK
     * takes an inherited socket's end for that of the service, and points descriptors 1 and 2 to
     * {@code /dev/null}.
     */
    void leave() {
      boolean left = deregister().awaitUninterruptibly(1, TimeUnit.SECONDS);
      if (!left) {
        LOG.log(WARNING, "The inherited socket could not be left in a second");
      }
    }

    /**
     * Accepts who waits in the backlog, as the operating system would reset them, and closes.
     *
     * <p>A socket that a selector knows is really closed only when that selector wakes up, and
     * takes connections until then. So it leaves the selector first.
     */
    List<SocketChannel> closeAcceptingTheRest() {
      List<Object> accepted = new ArrayList<>();
      try (ServerSocketChannel socket = javaChannel()) {
        boolean left = deregister().awaitUninterruptibly(1, TimeUnit.SECONDS);
        for (int i = 0; left && i < WAITS && socket.isRegistered(); i++) {
          eventLoop().execute(() -> {}); // wakes the selector
          LockSupport.parkNanos(100_000);
        }
        while (doReadMessages(accepted) > 0) {
          // until nobody waits
        }
      } catch (Exception e) {
        LOG.log(WARNING, "Who waited in the backlog could not be accepted", e);
      } finally {
        close().addListener(_ -> {});
      }
      return accepted.stream().map(SocketChannel.class::cast).toList();
    }
  }

  /** Turns accepted sockets into connections. */
  private final class Acceptor extends ChannelInboundHandlerAdapter {
    private final EventLoopGroup group;

    private final Socket from;

    Acceptor(EventLoopGroup group, Socket from) {
      this.group = group;
      this.from = from;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      accept((SocketChannel) message);
      makeRoom();
    }

    /** May be called from any thread. */
    void accept(SocketChannel accepted) {
      accepted
          .config()
          .setAllowHalfClosure(true)
          .setTcpNoDelay(true)
          .setAutoRead(false)
          .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(READ_SIZE));
      var connection = new HttpConnection(HttpListener.this, accepted);
      connection.install();
      connections.add(connection);
      accepted
          .closeFuture()
          .addListener(_ -> {
            connections.remove(connection);
            if (crowded) {
              from.eventLoop().execute(this::makeRoom);
            }
          });
      group
          .register(accepted)
          .addListener(registered -> {
            if (!registered.isSuccess()) {
              accepted.unsafe().closeForcibly();
            }
          });
    }

    /**
     * Above the limit the connection idle longest is closed. If none is, nobody is accepted and
     * clients are asked to leave, until there is room.
     */
    private void makeRoom() {
      boolean full = connections.size() > limits.connections();
      crowded = full;
      if (full) {
        long now = now();
        connections.stream()
            .filter(connection -> connection.idleNanos(now) >= 0)
            .max(Comparator.comparingLong(connection -> connection.idleNanos(now)))
            .ifPresent(HttpConnection::drop);
      }
      if (!closing && from.config().isAutoRead() == full) {
        from.config().setAutoRead(!full);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      if (VmErrors.in(cause)) {
        thrown(cause);
      }
      if (cause instanceof ClosedChannelException) {
        return;
      }
      LOG.log(
          WARNING,
          "Endpoint "
              + name
              + " could not accept a connection and tries again in 1 s; if it says too many open"
              + " files, raise the limit (ulimit -n)",
          cause);
      from.config().setAutoRead(false);
      var _ = ctx.executor().schedule(this::makeRoom, 1, TimeUnit.SECONDS);
    }
  }
}
