package io.rolehost.runtime.management;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.rolehost.runtime.management.IdleOrder.Rank;
import io.rolehost.runtime.management.RequestRules.Decision;
import io.rolehost.runtime.management.Route.Kind;
import io.rolehost.runtime.process.NettySetup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One connection: reads one request, answers it, reads the next. What a client sends ahead stays in
 * the socket until then, and each phase has a time after which it is over. Of the plane's thread.
 */
final class Connection extends ChannelInboundHandlerAdapter {

  static final int MAX_HEADER_BYTES = 8 * 1024;
  static final int MAX_LINE_BYTES = 4 * 1024;

  private static final Logger LOG = System.getLogger(Connection.class.getName());
  private static final int MAX_BODY_BYTES = 64 * 1024;
  private static final int HEAD_MILLIS = 5_000;
  private static final int BODY_MILLIS = 5_000;
  private static final int KEEP_ALIVE_MILLIS = 60_000;
  private static final int ANSWER_MILLIS = 30_000;
  private static final int WRITE_MILLIS = 10_000;
  private static final int LINGER_MILLIS = 1_000;

  /** What all connections of a plane share. */
  record Shared(
      RequestRules rules,
      Answers answers,
      Workers workers,
      EventStreams streams,
      AuditTrail audit,
      IdleOrder<Channel> order,
      int maxConnections) {}

  private enum Phase {
    HEAD,
    BODY,
    ANSWERING,
    WRITING,
    STREAMING,
    LINGERING
  }

  private final Shared shared;
  private Phase phase = Phase.HEAD;
  private boolean begun;
  // What one read of the socket gave beyond the message that was asked for.
  private final Deque<Object> ahead = new ArrayDeque<>(4);
  private boolean wanted;
  private boolean delivering;
  // Between the first message of a read of the socket and the end of it.
  private boolean arriving;
  private boolean nextAfterArrivals;
  private boolean keepAlive;
  // Which request a worker's answer belongs to; a late one is dropped.
  private int turn;
  private @Nullable Request request;
  private @Nullable Decision decision;
  private static final long NEVER = Long.MAX_VALUE;
  // When the phase is over, and when the timer next looks: never later than that.
  private long deadline = NEVER;
  private long nextLook = NEVER;
  private @Nullable Future<?> timer;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);

  Connection(Shared shared) {
    this.shared = shared;
  }

  /** Sees bytes before they are a request: the clock for the headers starts with the first. */
  final class Arrivals extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (phase == Phase.HEAD && !begun) {
        begun = true;
        arm(context.pipeline().context(Connection.this), HEAD_MILLIS);
      }
      context.fireChannelRead(message);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    IdleOrder<Channel> order = shared.order();
    order.touch(context.channel(), Rank.WAITING);
    if (order.size() > shared.maxConnections()) {
      order.idleLongest(context.channel()).ifPresent(Connection::close);
    }
    arm(context, HEAD_MILLIS);
    pull(context);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    disarm();
    Future<?> looking = timer;
    if (looking != null) {
      looking.cancel(false);
    }
    ahead.forEach(ReferenceCountUtil::release);
    ahead.clear();
    shared.order().remove(context.channel());
    shared.streams().remove(context.channel());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    arriving = true;
    ahead.add(message);
    deliver(context);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    arriving = false;
    if (nextAfterArrivals) {
      nextAfterArrivals = false;
      pullInTurn(context);
    } else if (wanted) {
      // What came was not a whole message.
      context.read();
    }
  }

  private void received(ChannelHandlerContext context, Object message) {
    try {
      switch (phase) {
        case HEAD -> {
          if (message instanceof HttpRequest head) {
            head(context, head);
          } else {
            // The end of a request that was refused before its body came.
            pull(context);
          }
        }
        case BODY -> {
          if (message instanceof HttpContent content) {
            body(context, content);
          }
        }
        case STREAMING, LINGERING -> pull(context);
        case ANSWERING, WRITING -> {
          // Nothing is asked for in these phases.
        }
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void head(ChannelHandlerContext context, HttpRequest head) {
    turn++;
    request = null;
    decision = null;
    shared.order().touch(context.channel(), Rank.WAITING);
    if (head.decoderResult().isFailure()) {
      keepAlive = false;
      respond(context, undecodable(head.decoderResult().cause()));
      return;
    }
    Optional<Answer> malformed = Requests.malformed(head);
    if (malformed.isPresent()) {
      keepAlive = false;
      respond(context, malformed.get());
      return;
    }
    Request read;
    try {
      read = Requests.of(head);
    } catch (IllegalArgumentException _) {
      keepAlive = false;
      respond(context, Answer.problem(400, "The target can't be decoded. Check its % escapes."));
      return;
    }
    request = read;
    decision = shared.rules().decide(read);
    if (decision instanceof Decision.Refuse(var answer, var kept) && kept.isPresent()) {
      shared
          .audit()
          .refused(
              kept.get(),
              !read.authorization().isEmpty(),
              client(context),
              answer.status(),
              now(context));
    }
    // After what can be read in two ways nothing is read any more.
    boolean ambiguous = decision instanceof Decision.Refuse(var told, _) && told.status() == 400;
    keepAlive = !ambiguous && !read.legacy() && HttpUtil.isKeepAlive(head);
    body.reset();
    if (HttpUtil.getContentLength(head, 0L) > MAX_BODY_BYTES) {
      refuseBody(context);
      return;
    }
    if (decision instanceof Decision.Refuse(var answer, _)
        && (HttpUtil.isTransferEncodingChunked(head) || HttpUtil.getContentLength(head, 0L) > 0)) {
      // The rest is not waited for.
      keepAlive = false;
      respond(context, answer);
      return;
    }
    if (HttpUtil.is100ContinueExpected(head)) {
      var _ = context.writeAndFlush(Wire.goOn(), context.voidPromise());
    }
    phase = Phase.BODY;
    arm(context, BODY_MILLIS);
    pull(context);
  }

  private void body(ChannelHandlerContext context, HttpContent content) {
    if (content.decoderResult().isFailure()) {
      keepAlive = false;
      respond(context, undecodable(content.decoderResult().cause()));
      return;
    }
    ByteBuf bytes = content.content();
    if (body.size() + bytes.readableBytes() > MAX_BODY_BYTES) {
      refuseBody(context);
      return;
    }
    if (bytes.isReadable()) {
      byte[] piece = new byte[bytes.readableBytes()];
      bytes.readBytes(piece);
      body.write(piece, 0, piece.length);
    }
    if (content instanceof LastHttpContent && request != null && decision != null) {
      dispatch(context, request, decision);
    } else {
      pull(context);
    }
  }

  private void dispatch(ChannelHandlerContext context, Request asked, Decision decided) {
    switch (decided) {
      case Decision.Refuse(var answer, _) -> respond(context, answer);
      case Decision.Serve serve -> {
        if (serve.route() == Route.EVENTS && !lastEventIdIsANumber(asked)) {
          respond(context, Answer.problem(400, "The last event id is not a whole number."));
        } else if (serve.route().kind() == Kind.STREAM && !asked.wantsJson()) {
          stream(context, asked);
        } else {
          serve(context, asked, serve);
        }
      }
    }
  }

  private void serve(ChannelHandlerContext context, Request asked, Decision.Serve serve) {
    byte[] content = body.toByteArray();
    String from =
        AuditTrail.isAbout(serve.route(), serve.verb())
            ? serve
                .caller()
                .map(one -> one.address() + " through the node")
                .orElseGet(() -> client(context))
            : "";
    if (serve.route().kind() == Kind.PROBE) {
      long began = now(context);
      respond(context, answer(asked, serve, content, from));
      shared.answers().probeAnswered(serve.route(), now(context) - began);
      return;
    }
    if (serve.route().kind() == Kind.COMMAND) {
      respond(context, answer(asked, serve, content, from));
      return;
    }
    phase = Phase.ANSWERING;
    shared.order().touch(context.channel(), Rank.ANSWERING);
    arm(context, ANSWER_MILLIS);
    int mine = turn;
    boolean taken =
        shared
            .workers()
            .submit(
                serve.route(),
                () -> {
                  Answer made = answer(asked, serve, content, from);
                  try {
                    context.executor().execute(() -> answered(context, mine, made));
                  } catch (RejectedExecutionException _) {
                    // The plane is down.
                  }
                });
    if (!taken) {
      respond(
          context,
          Answer.tryAgain("Too many requests of this kind are being answered. Try again."));
    }
  }

  private static String client(ChannelHandlerContext context) {
    return context.channel().remoteAddress() instanceof InetSocketAddress address
        ? address.getAddress().getHostAddress()
        : "an unknown address";
  }

  private void answered(ChannelHandlerContext context, int mine, Answer made) {
    if (turn == mine && phase == Phase.ANSWERING) {
      respond(context, made);
    }
  }

  private Answer answer(Request asked, Decision.Serve serve, byte[] content, String from) {
    Answer made = made(asked, serve, content, from);
    Right right = serve.caller().map(Caller::right).orElse(serve.right());
    shared.audit().answered(serve.route(), serve.verb(), right, asked, from, made.status());
    return made;
  }

  private Answer made(Request asked, Decision.Serve serve, byte[] content, String from) {
    try {
      return shared.answers().answer(serve, asked, content, from);
    } catch (Throwable e) {
      // The border to the host and to gauges of the user's. What the VM can't go on from is for the
      // handler that ends the process.
      passOnVmError(e);
      LOG.log(Level.ERROR, "Answering " + serve.route().path() + " failed", e);
      return Answer.problem(
          500, "Answering failed: " + e.getClass().getSimpleName() + ". See log.");
    }
  }

  private void stream(ChannelHandlerContext context, Request asked) {
    if (asked.method().equals("HEAD")) {
      keepAlive = false;
      written(context, context.writeAndFlush(Wire.streamHead()));
      return;
    }
    disarm();
    phase = Phase.STREAMING;
    shared.order().touch(context.channel(), Rank.STREAMING);
    var _ = context.write(Wire.streamHead(), context.voidPromise());
    shared.streams().add(context.channel(), Answers.lastEventId(asked));
    pull(context);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (phase != Phase.STREAMING) {
      return;
    }
    if (context.channel().isWritable()) {
      disarm();
      shared.order().touch(context.channel(), Rank.STREAMING);
      shared.streams().resume(context.channel());
    } else {
      arm(context, WRITE_MILLIS);
    }
  }

  private void respond(ChannelHandlerContext context, Answer answer) {
    boolean headOnly = request != null && request.method().equals("HEAD");
    written(context, context.writeAndFlush(Wire.of(answer, keepAlive, headOnly)));
  }

  private void written(ChannelHandlerContext context, ChannelFuture write) {
    phase = Phase.WRITING;
    request = null;
    decision = null;
    if (write.isSuccess()) {
      sent(context); // the socket took it at once, as it does unless the client is slow
      return;
    }
    shared.order().touch(context.channel(), Rank.ANSWERING);
    arm(context, WRITE_MILLIS);
    write.addListener(done -> {
      if (done.isSuccess()) {
        sent(context);
      } else {
        close(context.channel());
      }
    });
  }

  private void sent(ChannelHandlerContext context) {
    if (keepAlive) {
      next(context);
    } else {
      linger(context);
    }
  }

  private void next(ChannelHandlerContext context) {
    phase = Phase.HEAD;
    begun = false;
    shared.order().touch(context.channel(), Rank.WAITING);
    arm(context, KEEP_ALIVE_MILLIS);
    if (arriving) {
      nextAfterArrivals = true; // only then is it known whether this client sent more ahead
    } else {
      pullInTurn(context);
    }
  }

  /** Others get their turn before what this client sent ahead. */
  private void pullInTurn(ChannelHandlerContext context) {
    if (ahead.isEmpty()) {
      pull(context);
    } else {
      context.executor().execute(() -> pull(context));
    }
  }

  /** Closes so that the answer is not lost to a reset, should the client still be sending. */
  private void linger(ChannelHandlerContext context) {
    phase = Phase.LINGERING;
    shared.order().touch(context.channel(), Rank.WAITING);
    arm(context, LINGER_MILLIS);
    if (context.channel() instanceof SocketChannel socket) {
      SslHandler tls = context.pipeline().get(SslHandler.class);
      if (tls == null) {
        endOutput(socket);
      } else {
        tls.closeOutbound().addListener(_ -> endOutput(socket));
      }
    }
    pull(context);
  }

  private static void endOutput(SocketChannel socket) {
    socket
        .shutdownOutput()
        .addListener(done -> {
          if (!done.isSuccess()) {
            close(socket);
          }
        });
  }

  private void refuseBody(ChannelHandlerContext context) {
    keepAlive = false;
    respond(
        context,
        Answer.problem(413, "A body may have " + MAX_BODY_BYTES + " bytes here. Send less."));
  }

  private static Answer undecodable(Throwable cause) {
    return switch (cause) {
      case TooLongHttpLineException _ ->
          Answer.problem(414, "The request line may have " + MAX_LINE_BYTES + " bytes.");
      case TooLongHttpHeaderException _ ->
          Answer.problem(431, "The headers may have " + MAX_HEADER_BYTES + " bytes together.");
      default -> Answer.problem(400, "This is not HTTP/1.1.");
    };
  }

  private static boolean lastEventIdIsANumber(Request asked) {
    try {
      OptionalLong _ = Answers.lastEventId(asked);
      return true;
    } catch (NumberFormatException _) {
      return false;
    }
  }

  /** Asks for one message more. May be called while one is being handled. */
  private void pull(ChannelHandlerContext context) {
    wanted = true;
    deliver(context);
  }

  private void deliver(ChannelHandlerContext context) {
    if (delivering) {
      return;
    }
    delivering = true;
    try {
      while (wanted && !ahead.isEmpty()) {
        wanted = false;
        received(context, ahead.remove());
      }
    } finally {
      delivering = false;
    }
    if (wanted) {
      context.read();
    }
  }

  /**
   * Moves the deadline. A request moves it several times and hardly ever reaches it, so a timer
   * that looks earlier anyway stays as it is, and looks again when it finds the deadline moved.
   */
  private void arm(ChannelHandlerContext context, int millis) {
    deadline = now(context) + TimeUnit.MILLISECONDS.toNanos(millis);
    Future<?> looking = timer;
    if (looking == null || nextLook - deadline > 0) {
      if (looking != null) {
        looking.cancel(false);
      }
      lookAt(context, deadline);
    }
  }

  private void disarm() {
    deadline = NEVER;
  }

  private void lookAt(ChannelHandlerContext context, long at) {
    nextLook = at;
    timer =
        context.executor().schedule(() -> look(context), at - now(context), TimeUnit.NANOSECONDS);
  }

  private void look(ChannelHandlerContext context) {
    timer = null;
    if (deadline == NEVER) {
      return;
    }
    if (deadline - now(context) > 0) {
      lookAt(context, deadline);
    } else {
      disarm();
      overdue(context);
    }
  }

  private static long now(ChannelHandlerContext context) {
    return NettySetup.nanos(context.executor());
  }

  private void overdue(ChannelHandlerContext context) {
    switch (phase) {
      case HEAD -> {
        if (begun) {
          tooLate(context, Answer.problem(408, "The headers were not whole in 5 s."));
        } else {
          close(context.channel());
        }
      }
      case BODY -> tooLate(context, Answer.problem(408, "The body was not whole in 5 s."));
      case ANSWERING ->
          tooLate(context, Answer.tryAgain("There was no answer in 30 s. See GET /threads."));
      case WRITING, STREAMING, LINGERING -> close(context.channel());
    }
  }

  private void tooLate(ChannelHandlerContext context, Answer answer) {
    keepAlive = false;
    respond(context, answer);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    close(context.channel());
    passOnVmError(cause);
    // A client that hangs up, or speaks no TLS where it should, is nothing to tell anybody.
    if (!(cause instanceof IOException || cause.getCause() instanceof SSLException)) {
      LOG.log(Level.ERROR, "A connection to the management plane was closed by a defect", cause);
    }
  }

  private static void passOnVmError(Throwable thrown) {
    if (thrown instanceof VirtualMachineError && !(thrown instanceof StackOverflowError)) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
    }
  }

  private static void close(Channel channel) {
    var _ = channel.close();
  }
}
