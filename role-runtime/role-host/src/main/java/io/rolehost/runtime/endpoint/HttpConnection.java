package io.rolehost.runtime.endpoint;

import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderNames.EXPECT;
import static io.netty.handler.codec.http.HttpHeaderNames.HOST;
import static io.netty.handler.codec.http.HttpHeaderNames.TRANSFER_ENCODING;
import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;
import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import io.rolehost.api.http.BodyTooLargeException;
import io.rolehost.api.http.HttpHandler;
import io.rolehost.api.http.HttpResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection: one request after another. Its fields belong to its event loop, except those that
 * are volatile.
 *
 * <p>Nothing is read from the socket unless somebody wants it: the next request when the last one
 * is answered, the body when the handler reads it. That is what pushes back on a client.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {

  /** What the connection is doing. */
  private enum Phase {
    /** Connected, not a byte yet. */
    FIRST_REQUEST,
    /** Between two requests. */
    NEXT_REQUEST,
    /** The first bytes of a request are here. */
    HEAD,
    /** A handler is at work. */
    REQUEST,
    /** The answer is being sent. */
    ANSWER,
    /** The last answer has been sent; the client is to close. */
    LEAVING,
    GONE
  }

  private static final System.Logger LOG = System.getLogger(HttpConnection.class.getName());

  private final HttpListener listener;
  private final SocketChannel channel;
  private volatile Phase phase = Phase.FIRST_REQUEST;
  private volatile long since;
  private volatile @Nullable HttpExchange exchange;

  /** Decoded and not yet wanted; bounded, as nothing is read while it holds something. */
  private final ArrayDeque<Object> arrived = new ArrayDeque<>();

  private @Nullable ChannelHandlerContext context;
  private boolean requestWhole = true;
  private long bodyBytes;
  private boolean wanted;
  private boolean delivering;
  private boolean inputEnded;

  HttpConnection(HttpListener listener, SocketChannel channel) {
    this.listener = listener;
    this.channel = channel;
    since = listener.now();
  }

  /** Builds the pipeline. Called once, before the channel is registered. */
  void install() {
    channel
        .pipeline()
        .addLast(new BytesSeen())
        .addLast(new HttpRequestDecoder())
        .addLast(new HttpResponseEncoder())
        .addLast(this);
  }

  /** Notes the first byte of a request, and that a body makes progress. */
  private final class BytesSeen extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      switch (phase) {
        case FIRST_REQUEST, NEXT_REQUEST -> enter(Phase.HEAD);
        case REQUEST -> since = listener.now();
        case HEAD, ANSWER, LEAVING, GONE -> {}
      }
      ctx.fireChannelRead(message);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    since = listener.now();
    if (listener.isClosing()) {
      lastChance();
    }
    read();
  }

  // ---- reading

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (phase == Phase.LEAVING || phase == Phase.GONE) {
      ReferenceCountUtil.release(message);
    } else {
      arrived.add(message);
      deliver();
    }
  }

  /** Asks for one more message. */
  private void read() {
    wanted = true;
    deliver();
  }

  /** A loop and not a recursion: what is delivered may ask for more, thousands of times. */
  private void deliver() {
    if (delivering) {
      return;
    }
    delivering = true;
    try {
      while (wanted && !arrived.isEmpty()) {
        wanted = false;
        deliver(arrived.remove());
      }
    } finally {
      delivering = false;
    }
    if (wanted && inputEnded) {
      nothingMore();
    } else if (wanted) {
      requireNonNull(context).read();
    }
  }

  private void deliver(Object message) {
    if (message instanceof HttpRequest head) {
      begin(head);
    } else if (message instanceof HttpContent content) {
      body(content);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  private void releaseArrived() {
    wanted = false;
    arrived.forEach(ReferenceCountUtil::release);
    arrived.clear();
  }

  private void nothingMore() {
    switch (phase) {
      case FIRST_REQUEST, NEXT_REQUEST, HEAD, LEAVING -> drop();
      case REQUEST -> {
        HttpExchange current = exchange;
        if (current != null && !requestWhole) {
          fail(
              current,
              0,
              new RequestBody.UnfinishedException(
                  "the client went away after " + bodyBytes + " bytes of the body"));
        }
      }
      case ANSWER, GONE -> {}
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputEnded = true;
      if (wanted && arrived.isEmpty()) {
        nothingMore();
      }
    }
  }

  private void begin(HttpRequest head) {
    enter(Phase.REQUEST);
    requestWhole = false;
    bodyBytes = 0;
    HttpResponse refusal = refusal(head);
    if (refusal != null) {
      refuse(refusal);
      return;
    }
    HttpHandler handler = listener.handler();
    if (handler == null) {
      refuse(
          HttpResponse.problem(
                  503, "Not serving yet", "The role is still starting; try again soon.")
              .header("Retry-After", "1"));
      return;
    }
    QueryStringDecoder target;
    Map<String, List<String>> parameters;
    String path;
    try {
      target = new QueryStringDecoder(originForm(head.uri()), StandardCharsets.UTF_8);
      path = target.path();
      parameters = target.parameters();
    } catch (IllegalArgumentException e) {
      refuse(badRequest("The target of the request is not well-formed: " + e.getMessage() + "."));
      return;
    }
    boolean chunked = HttpUtil.isTransferEncodingChunked(head);
    long length = chunked ? -1 : HttpUtil.getContentLength(head, 0L);
    var body = new RequestBody(this::bodyWanted);
    var request =
        new ReceivedRequest(
            head.method().name(),
            path,
            parameters,
            head.headers(),
            chunked ? OptionalLong.empty() : OptionalLong.of(length),
            body);
    var started =
        new HttpExchange(
            listener, this, handler, request, body, head.method().name() + " " + head.uri());
    started.keepAlive = HttpUtil.isKeepAlive(head);
    started.http10Keep = started.keepAlive && !head.protocolVersion().isKeepAliveDefault();
    started.continueDue = length != 0 && HttpUtil.is100ContinueExpected(head);
    exchange = started;
    started.start();
    if (length == 0) {
      read(); // the end of the request, which is here already
    }
  }

  private @Nullable HttpResponse refusal(HttpRequest head) {
    if (head.decoderResult().isFailure()) {
      Throwable cause = head.decoderResult().cause();
      return switch (cause) {
        case TooLongHttpLineException _ ->
            HttpResponse.problem(
                414, "URI too long", "The first line may have 4096 bytes; send data in the body.");
        case TooLongHttpHeaderException _ ->
            HttpResponse.problem(
                431, "Headers too large", "All headers together may have 8192 bytes.");
        default -> badRequest("This is not well-formed HTTP/1.1.");
      };
    }
    if (head.protocolVersion().majorVersion() != 1) {
      return HttpResponse.problem(
          505, "HTTP version not supported", "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
    }
    HttpHeaders headers = head.headers();
    int hosts = headers.getAll(HOST).size();
    if (hosts > 1 || (hosts == 0 && head.protocolVersion().equals(HttpVersion.HTTP_1_1))) {
      return badRequest("Exactly one Host header is expected, there are " + hosts + ".");
    }
    String coding = headers.get(TRANSFER_ENCODING);
    if (coding != null
        && (headers.getAll(TRANSFER_ENCODING).size() > 1
            || !coding.strip().equalsIgnoreCase("chunked"))) {
      return HttpResponse.problem(
          501, "Not implemented", "Of the transfer codings only chunked is understood.");
    }
    // A proxy in front may have read another target.
    if (!head.uri().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      return badRequest("The target of the request has characters that a URL can't have.");
    }
    if (!originForm(head.uri()).startsWith("/")) {
      return badRequest("The target of the request must be a path that starts with a slash.");
    }
    if (HttpUtil.getContentLength(head, 0L) > listener.maxBody()) {
      return tooLarge(listener.maxBody());
    }
    if (headers.contains(EXPECT) && !HttpUtil.is100ContinueExpected(head)) {
      return HttpResponse.problem(
          417, "Expectation failed", "Of the expectations only 100-continue is understood.");
    }
    return null;
  }

  /** A client may send the whole address, as to a proxy; a server has to understand it. */
  private static String originForm(String target) {
    int scheme = target.indexOf("://");
    if (scheme <= 0 || target.startsWith("/")) {
      return target;
    }
    int path = target.indexOf('/', scheme + 3);
    return path < 0 ? "/" : target.substring(path);
  }

  private static HttpResponse badRequest(String detail) {
    return HttpResponse.problem(400, "Bad request", detail);
  }

  static HttpResponse tooLarge(long maxBody) {
    return HttpResponse.problem(
        413, "Content too large", "The body may have " + maxBody + " bytes at most.");
  }

  /** Answers without a handler, and lets the client go. */
  private void refuse(HttpResponse response) {
    var body = new RequestBody(() -> {});
    var request =
        new ReceivedRequest(
            "GET", "/", Map.of(), EmptyHttpHeaders.INSTANCE, OptionalLong.empty(), body);
    var refused = new HttpExchange(listener, this, _ -> response, request, body, "refused");
    exchange = refused;
    refused.start();
  }

  private void body(HttpContent content) {
    HttpExchange current = exchange;
    boolean last = content instanceof LastHttpContent;
    if (current == null || requestWhole) {
      content.release();
      return;
    }
    if (content.decoderResult().isFailure()) {
      content.release();
      fail(
          current,
          400,
          new RequestBody.UnfinishedException("the body is not well-formed HTTP/1.1"));
      return;
    }
    ByteBuf bytes = content.content();
    bodyBytes += bytes.readableBytes();
    if (bodyBytes > listener.maxBody()) {
      content.release();
      fail(
          current,
          413,
          new BodyTooLargeException(
              "the body is larger than "
                  + listener.maxBody()
                  + " bytes, the max-body of endpoint "
                  + listener.name()));
      return;
    }
    boolean more = current.body().offer(bytes);
    if (last) {
      requestWhole = true;
      current.body().end();
      if (arrived.isEmpty() && !inputEnded) {
        requireNonNull(context).read(); // one ahead: to see a pipelined request, or that it is gone
      }
    } else if (more) {
      read();
    }
  }

  private static void fail(HttpExchange current, int status, IOException cause) {
    current.bodyStatus = status;
    current.keepAlive = false;
    current.body().fail(cause);
  }

  /** On the thread of the handler, which reads a body that is not here yet. */
  private void bodyWanted() {
    since = listener.now();
    HttpExchange wanting = exchange;
    onLoop(() -> {
      if (wanting == null || exchange != wanting || phase != Phase.REQUEST || requestWhole) {
        return;
      }
      if (wanting.continueDue) {
        wanting.continueDue = false;
        channel
            .writeAndFlush(
                new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER))
            .addListener(_ -> {});
      }
      read();
    });
  }

  // ---- answering

  void onLoop(Runnable task) {
    channel.eventLoop().execute(task);
  }

  ByteBuf buffer(int bytes) {
    return channel.alloc().directBuffer(bytes);
  }

  /**
   * Sends the head of an answer, and all of it if {@code content} is given. Here it is decided
   * whether the connection goes on.
   */
  void answer(HttpExchange to, DefaultHttpResponse head, @Nullable ByteBuf content) {
    if (exchange != to || phase != Phase.REQUEST) {
      to.end();
      return;
    }
    boolean asksToClose = head.headers().contains(CONNECTION);
    to.keepAlive = to.keepAlive && !asksToClose && requestEnds(to) && mayGoOn();
    if (!to.keepAlive) {
      head.headers().set(CONNECTION, "close");
    } else if (to.http10Keep) {
      head.headers().set(CONNECTION, "keep-alive");
    }
    enter(Phase.ANSWER);
    if (content == null) {
      channel.write(head).addListener(_ -> {});
      return;
    }
    channel
        .writeAndFlush(
            new DefaultFullHttpResponse(
                head.protocolVersion(),
                head.status(),
                content,
                head.headers(),
                EmptyHttpHeaders.INSTANCE))
        .addListener(written -> done(to, written.isSuccess()));
  }

  /** Sends a piece of an answer; may be called from any thread, after {@link #answer}. */
  ChannelFuture write(ByteBuf piece) {
    return channel
        .writeAndFlush(new DefaultHttpContent(piece))
        .addListener(_ -> since = listener.now());
  }

  /** Sends the end of an answer that came in pieces. */
  void finish(HttpExchange to) {
    channel
        .writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
        .addListener(written -> done(to, written.isSuccess()));
  }

  /**
   * Returns whether the rest of the request is here, and throws it away. What is still to come is
   * not waited for: it may be long, or never sent.
   */
  private boolean requestEnds(HttpExchange current) {
    current.body().close();
    if (current.continueDue) {
      return false;
    }
    while (!requestWhole && current.keepAlive && !arrived.isEmpty()) {
      deliver(arrived.remove());
    }
    return requestWhole;
  }

  /** A drain ends the connection, but not before what a client has already sent is answered. */
  private boolean mayGoOn() {
    return !arrived.isEmpty() || !(listener.isDraining() || inputEnded);
  }

  private void done(HttpExchange of, boolean sent) {
    if (exchange != of) {
      of.end();
      return;
    }
    exchange = null;
    if (!sent) {
      drop();
    } else if (!of.keepAlive) {
      leave();
    } else {
      enter(arrived.isEmpty() ? Phase.NEXT_REQUEST : Phase.HEAD);
      if (listener.isClosing()) {
        lastChance();
      }
      if (listener.isCrowded() && phase == Phase.NEXT_REQUEST) {
        drop();
      }
      read(); // before this one ends: with a pipelined request something is in flight all the time
    }
    of.end();
  }

  /**
   * Ends our side and waits for the client to end its own. Closing at once, while bytes of the
   * client's are under way, would reset the connection and could destroy the answer before it is
   * read.
   */
  private void leave() {
    enter(Phase.LEAVING);
    releaseArrived();
    if (inputEnded || !channel.isActive()) {
      drop();
      return;
    }
    channel.shutdownOutput().addListener(_ -> {});
    channel.config().setAutoRead(true);
  }

  // ---- time and end

  private void enter(Phase entered) {
    if (phase != Phase.GONE) {
      phase = entered;
      since = listener.now();
    }
  }

  /** Returns whether nobody is there any more; any thread. */
  boolean isGone() {
    return phase == Phase.GONE || !channel.isActive();
  }

  /** Returns whether it may still bring a request. */
  boolean isAwaiting() {
    return switch (phase) {
      case FIRST_REQUEST, NEXT_REQUEST, HEAD -> true;
      case REQUEST, ANSWER, LEAVING, GONE -> false;
    };
  }

  /** Returns for how long it has been idle between requests, or -1 if it is not. */
  long idleNanos(long now) {
    return phase == Phase.NEXT_REQUEST ? now - since : -1;
  }

  /** Called about once a second, on any thread. */
  void checkTime(long now) {
    if (isOverdue(now)) {
      onLoop(() -> {
        if (isOverdue(now)) {
          overdue();
        }
      });
    }
  }

  private boolean isOverdue(long now) {
    HttpLimits limits = listener.limits();
    HttpExchange current = exchange;
    Duration limit =
        switch (phase) {
          case FIRST_REQUEST, HEAD -> limits.head();
          case NEXT_REQUEST -> limits.idle();
          case REQUEST -> current != null && current.body().isWaiting() ? limits.body() : null;
          case ANSWER -> limits.write();
          case LEAVING -> limits.leave();
          case GONE -> null;
        };
    return limit != null && now - since > limit.toNanos();
  }

  private void overdue() {
    switch (phase) {
      case HEAD -> {
        enter(Phase.REQUEST);
        refuse(
            HttpResponse.problem(
                408, "Request timeout", "The headers of the request did not come in time."));
      }
      case REQUEST -> {
        HttpExchange current = exchange;
        if (current != null) {
          fail(
              current,
              408,
              new RequestBody.UnfinishedException(
                  "no byte of the body came for " + listener.limits().body().toSeconds() + " s"));
        }
      }
      case FIRST_REQUEST, NEXT_REQUEST, ANSWER, LEAVING, GONE -> drop();
    }
  }

  /** The listener is closed: a request that is on its way is answered, then nothing more. */
  void lastChance() {
    if (!isAwaiting()) {
      return;
    }
    long wait = listener.limits().lastChance().toNanos();
    // Between two requests a client must expect a close: what is here is read, and no more. Who
    // connected long ago and sent nothing has only connected in advance, as browsers do.
    long nanos =
        switch (phase) {
          case FIRST_REQUEST -> Math.clamp(wait - (listener.now() - since), wait / 10, wait);
          case NEXT_REQUEST -> wait / 10;
          case HEAD, REQUEST, ANSWER, LEAVING, GONE -> wait;
        };
    var _ =
        channel
            .eventLoop()
            .schedule(
                () -> {
                  if (isAwaiting()) {
                    drop();
                  }
                },
                nanos,
                TimeUnit.NANOSECONDS);
  }

  /** Closes it now. */
  void drop() {
    channel.close().addListener(_ -> {});
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    phase = Phase.GONE;
    releaseArrived();
    HttpExchange current = exchange;
    if (current != null) {
      current.body().fail(new RequestBody.UnfinishedException("the client went away"));
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (VmErrors.in(cause)) {
      listener.thrown(cause);
    }
    LOG.log(
        cause instanceof IOException ? DEBUG : WARNING,
        "Endpoint " + listener.name() + ": connection of " + channel.remoteAddress() + " failed",
        cause);
    drop();
  }
}
