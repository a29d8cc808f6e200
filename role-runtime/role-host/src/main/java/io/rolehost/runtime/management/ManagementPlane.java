package io.rolehost.runtime.management;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.process.NettySetup;
import io.rolehost.runtime.process.PortHolder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Probes, status, events, metrics and commands over HTTP/1.1, on threads of its own: the first part
 * of a host or node that is up and the last that is down. One thread does the input and output and
 * answers the probes; what may take its time is done by workers.
 *
 * <p>All methods may be called from any thread.
 */
public final class ManagementPlane implements AutoCloseable {

  /** How many ports after the wanted one are tried. */
  private static final int PORTS_TO_SEARCH = 100;

  private static final int BACKLOG = 1024;

  /** What a slow reader may leave unread before nothing more is written to it. */
  private static final WriteBufferWaterMark UNREAD_BYTES =
      new WriteBufferWaterMark(32 * 1024, 256 * 1024);

  private final EventLoopGroup group;
  private final EventLoop loop;
  private final Workers workers;
  private final EventStreams streams;
  private final AuditTrail audit;
  private final Optional<PlaneTls> tls;
  private final IdleOrder<Channel> order = new IdleOrder<>();
  private final IdleOrder<Channel> checks = new IdleOrder<>();
  private final List<Channel> listeners = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final int port;
  private final Optional<Integer> agentCheckPort;

  private ManagementPlane(
      HostSettings.Management settings,
      Managed view,
      ManagementTokens tokens,
      Optional<PlaneTls> tls)
      throws PortTaken {
    this.tls = tls;
    group = NettySetup.eventLoops(1, new DefaultThreadFactory("rolehost-management", true));
    loop = group.next();
    workers = new Workers();
    streams = new EventStreams(view, loop);
    audit = new AuditTrail(view);
    Connection.Shared shared =
        new Connection.Shared(
            new RequestRules(settings.allowedHosts(), tokens, Route.Side.of(view)),
            new Answers(view),
            workers,
            streams,
            audit,
            order,
            settings.maxConnections());
    boolean up = false;
    try {
      port = listen(settings, settings.port(), "management", http(shared, tls));
      agentCheckPort =
          settings.agentCheckPort().isEmpty()
              ? Optional.empty()
              : Optional.of(
                  listen(
                      settings,
                      settings.agentCheckPort().get(),
                      "agent-check",
                      agentCheck(view, checks)));
      up = true;
    } finally {
      if (!up) {
        close();
      }
    }
  }

  /**
   * Opens the ports and answers from now on.
   *
   * @param view the host or node; asked from the plane's threads
   * @param tokens what gives which right
   * @throws PortTaken if a port can't be opened, or there is no certificate where it is said to be
   */
  public static ManagementPlane start(
      HostSettings.Management settings, Managed view, ManagementTokens tokens) throws PortTaken {
    NettySetup.once();
    Optional<PlaneTls> tls = Optional.empty();
    if (settings.tls().isPresent()) {
      try {
        tls = Optional.of(PlaneTls.of(settings.tls().get(), settings.maxConnections()));
      } catch (IOException e) {
        String why = "The management plane can't speak TLS: " + e.getMessage() + ".";
        throw new PortTaken(settings.host(), settings.port(), why, e);
      }
    }
    return new ManagementPlane(settings, view, tokens, tls);
  }

  /**
   * Has the JVM initialize what a plane is made of, which takes a fifth of a start and waits for
   * nothing. No other thread may use Netty meanwhile: its classes need each other.
   */
  public static void prepare() {
    NettySetup.once();
    var _ = Unpooled.EMPTY_BUFFER.isReadable();
  }

  /** Returns the port it listens on, also if 0 was asked for. */
  public int port() {
    return port;
  }

  /** Returns the port of HAProxy's agent check, if there is one. */
  public Optional<Integer> agentCheckPort() {
    return agentCheckPort;
  }

  /**
   * Sends the event streams what is left for them, then closes everything. Takes at most a second.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    workers.close();
    audit.close();
    // Behind the answers the workers made, and last on the loop.
    loop.submit(
            () -> {
              listeners.forEach(ManagementPlane::close);
              streams.end();
              order.all().forEach(ManagementPlane::close);
              checks.all().forEach(ManagementPlane::close);
            })
        .awaitUninterruptibly(300, TimeUnit.MILLISECONDS);
    group
        .shutdownGracefully(0, 300, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(400, TimeUnit.MILLISECONDS);
    tls.ifPresent(PlaneTls::close);
  }

  private static void close(Channel channel) {
    var _ = channel.close();
  }

  private int listen(
      HostSettings.Management settings, int wanted, String what, ChannelHandler child)
      throws PortTaken {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNREAD_BYTES)
            // A pool would cost more to start than it saves on a few requests a second.
            .childOption(ChannelOption.ALLOCATOR, new UnpooledByteBufAllocator(false))
            .childOption(NettySetup.receiveBuffers(), new HeapReads())
            .childHandler(child);
    int last =
        settings.portSearch() && wanted > 0 ? Math.min(wanted + PORTS_TO_SEARCH, 0xffff) : wanted;
    Throwable first = null;
    for (int candidate = wanted; candidate <= last; candidate++) {
      ChannelFuture bound =
          bootstrap.bind(new InetSocketAddress(settings.host(), candidate)).awaitUninterruptibly();
      if (bound.isSuccess()) {
        listeners.add(bound.channel());
        return ((InetSocketAddress) bound.channel().localAddress()).getPort();
      }
      first = first == null ? bound.cause() : first;
    }
    throw taken(settings.host(), wanted, last, what, first);
  }

  private static PortTaken taken(
      String host, int wanted, int last, String what, @Nullable Throwable cause) {
    String key = "rolehost.management." + (what.equals("management") ? "port" : "agent-check-port");
    if (cause instanceof UnresolvedAddressException) {
      return new PortTaken(
          host,
          wanted,
          "The "
              + what
              + " listener could not open port "
              + wanted
              + ": "
              + host
              + " is neither an address nor a name that this machine knows. Set"
              + " rolehost.management.host to one, such as 127.0.0.1 or 0.0.0.0.",
          cause);
    }
    String ports = last == wanted ? "port " + wanted : "none of the ports " + wanted + "–" + last;
    String sentence =
        "The "
            + what
            + " listener could not open "
            + ports
            + " on "
            + host
            + " ("
            + (cause == null ? "no cause" : cause.getMessage())
            + ")"
            + holder(wanted)
            + ". Set "
            + key
            + " to another port, or to 0 for any free one.";
    return new PortTaken(
        host, wanted, sentence, cause == null ? new IllegalStateException(sentence) : cause);
  }

  private static String holder(int port) {
    OptionalLong pid = port == 0 ? OptionalLong.empty() : PortHolder.of(port);
    return pid.isPresent() ? ": the process with pid " + pid.getAsLong() + " has it" : "";
  }

  private static ChannelHandler http(Connection.Shared shared, Optional<PlaneTls> tls) {
    HttpDecoderConfig limits =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(Connection.MAX_LINE_BYTES)
            .setMaxHeaderSize(Connection.MAX_HEADER_BYTES);
    return new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel channel) {
        Connection connection = new Connection(shared);
        tls.ifPresent(own ->
            channel
                .pipeline()
                .addLast(own.handler(channel.alloc(), channel.eventLoop().ticker().nanoTime())));
        channel
            .pipeline()
            .addLast(
                connection.new Arrivals(),
                // Not HttpServerCodec: it gives up on a client that sends 128 requests ahead.
                new HttpRequestDecoder(limits),
                connection);
      }
    };
  }

  private static ChannelHandler agentCheck(Managed view, IdleOrder<Channel> checks) {
    return new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel channel) {
        channel.pipeline().addLast(new AgentCheck(view, checks));
      }
    };
  }
}
