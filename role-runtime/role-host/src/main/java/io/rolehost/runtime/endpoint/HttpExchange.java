package io.rolehost.runtime.endpoint;

import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.DATE;
import static io.netty.handler.codec.http.HttpHeaderNames.TRANSFER_ENCODING;
import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;
import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.rolehost.api.Work;
import io.rolehost.api.WorkObserver;
import io.rolehost.api.http.BodyTooLargeException;
import io.rolehost.api.http.HttpHandler;
import io.rolehost.api.http.HttpRequest;
import io.rolehost.api.http.HttpResponse;
import io.rolehost.api.http.HttpStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer. In flight from the request's head until the last byte of the answer
 * was handed to the operating system. Its own virtual thread runs the handler and feeds a large
 * answer to the socket piece by piece, so neither a slow disk nor a slow client holds an event
 * loop.
 */
final class HttpExchange implements Runnable {

  /** In bytes: an answer up to this size is one write; a larger one is sent in pieces of it. */
  static final int PIECE = 64 * 1024;

  /** What a trace goes on by: W3C Trace Context, and baggage. */
  private static final List<String> TRACE_HEADERS = List.of("traceparent", "tracestate", "baggage");

  private static final int MAX_ID = 128;

  private static final System.Logger LOG = System.getLogger(HttpExchange.class.getName());

  private final HttpListener listener;
  private final HttpConnection connection;
  private final HttpHandler handler;
  private final HttpRequest request;
  private final RequestBody body;
  private final String line;
  private final boolean headOnly;
  private volatile @Nullable Thread thread;

  /** Whether the head of an answer is on its way; on the thread of the handler only. */
  private boolean answered;

  /** What the client asked for and nothing has ruled out since; on the event loop only. */
  boolean keepAlive;

  /** Whether an HTTP/1.0 client must be told that the connection stays; on the event loop only. */
  boolean http10Keep;

  /** Whether the client waits for a 100 before it sends the body; on the event loop only. */
  boolean continueDue;

  /** The status that an unfinished body leads to; 0 where nobody is left to be told. */
  volatile int bodyStatus;

  HttpExchange(
      HttpListener listener,
      HttpConnection connection,
      HttpHandler handler,
      HttpRequest request,
      RequestBody body,
      String line) {
    this.listener = listener;
    this.connection = connection;
    this.handler = handler;
    this.request = request;
    this.body = body;
    this.line = line;
    this.headOnly = request.method().equals("HEAD");
  }

  RequestBody body() {
    return body;
  }

  /** Begins it: from now on it is in flight. */
  void start() {
    listener.began(this);
    Thread started = listener.handlerThread(this);
    thread = started;
    started.start();
  }

  boolean isServedBy(Thread candidate) {
    return thread == candidate;
  }

  void interrupt() {
    Thread serving = thread;
    if (serving != null) {
      serving.interrupt();
    }
  }

  /** Ends it for good; harmless when repeated. */
  void end() {
    body.close();
    listener.ended(this);
  }

  /** Its thread will never come back. */
  void abandon() {
    connection.drop();
    end();
  }

  @Override
  public void run() {
    try {
      send(answer());
    } catch (Throwable e) {
      connection.drop();
      end();
      if (e instanceof RequestBody.UnfinishedException) {
        LOG.log(DEBUG, line, e);
      } else {
        tell(e);
      }
    }
  }

  private @Nullable HttpResponse answer() {
    WorkObserver.Observed observed = WorkObserver.Observed.NOBODY;
    @Nullable Throwable failure = null;
    try {
      observed = WorkObserver.installed().begins(work());
      return requireNonNull(handler.handle(request), "the handler returned null");
    } catch (Throwable e) {
      failure = e;
      return answerOf(e);
    } finally {
      observed.ended(failure);
    }
  }

  private Work work() {
    Map<String, String> context = new HashMap<>();
    for (String header : TRACE_HEADERS) {
      request.header(header).ifPresent(value -> context.put(header, value));
    }
    String id = request.header("x-request-id").orElse("");
    return new Work(
        Work.Kind.REQUEST,
        request.method() + " " + request.path(),
        1,
        id.length() > MAX_ID ? id.substring(0, MAX_ID) : id,
        context);
  }

  private @Nullable HttpResponse answerOf(Throwable e) {
    int status = bodyFailure(e);
    if (status == 0) {
      LOG.log(DEBUG, line + ": the client went away", e);
      return null;
    }
    return switch (status) {
      case 413 -> HttpConnection.tooLarge(listener.maxBody());
      case 408 ->
          HttpResponse.problem(
              408, "Request timeout", "The body stopped coming; send the request again.");
      case 400 ->
          HttpResponse.problem(
              400, "Bad request", "The body of the request is not well-formed HTTP/1.1.");
      default -> {
        tell(e);
        yield failed();
      }
    };
  }

  /**
   * Returns the status that tells the client why its body failed the handler; 500 if it did not.
   */
  private int bodyFailure(Throwable thrown) {
    Throwable cause = thrown;
    for (int i = 0; cause != null && i < 10; i++, cause = cause.getCause()) {
      if (cause instanceof BodyTooLargeException) {
        return 413;
      }
      if (cause instanceof RequestBody.UnfinishedException) {
        return bodyStatus;
      }
    }
    return 500;
  }

  private void tell(Throwable e) {
    listener.thrown(e);
    LOG.log(WARNING, "Endpoint " + listener.name() + ": " + line + " failed", e);
  }

  private static HttpResponse failed() {
    return HttpResponse.problem(
        500, "Internal error", "The request failed here; the log of this service says why.");
  }

  private void send(@Nullable HttpResponse response) throws IOException {
    if (response == null) {
      connection.drop();
      end();
      return;
    }
    try {
      switch (response.body()) {
        case HttpResponse.Body.Empty() -> sendWhole(response, new byte[0]);
        case HttpResponse.Body.Bytes(byte[] bytes) -> {
          if (bytes.length <= PIECE || headOnly) {
            sendWhole(response, bytes);
          } else {
            sendPieces(response, bytes);
          }
        }
        case HttpResponse.Body.Stream(var writer) -> sendStream(response, writer);
        case HttpResponse.Body.File(var path) -> {
          try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            sendFile(response, file);
          }
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      // A file that can't be opened, or a header that would break the message.
      if (answered) {
        throw e;
      }
      tell(e);
      sendWhole(failed(), ((HttpResponse.Body.Bytes) failed().body()).bytes());
    }
  }

  private void sendWhole(HttpResponse response, byte[] bytes) {
    DefaultHttpResponse head = head(response, bytes.length);
    boolean withBody = !headOnly && mayHaveBody(response.status());
    ByteBuf content = withBody ? Unpooled.wrappedBuffer(bytes) : Unpooled.EMPTY_BUFFER;
    begin(head, content);
  }

  private void sendPieces(HttpResponse response, byte[] bytes) throws IOException {
    DefaultHttpResponse head = head(response, bytes.length);
    begin(head, null);
    var pieces = new Pieces();
    for (int at = 0; at < bytes.length; at += PIECE) {
      pieces.send(Unpooled.wrappedBuffer(bytes, at, Math.min(PIECE, bytes.length - at)));
    }
    onLoop(() -> connection.finish(this));
  }

  private void sendFile(HttpResponse response, FileChannel file) throws IOException {
    long size = file.size();
    DefaultHttpResponse head = head(response, size);
    if (headOnly || size == 0 || !mayHaveBody(response.status())) {
      begin(head, Unpooled.EMPTY_BUFFER);
      return;
    }
    begin(head, null);
    var pieces = new Pieces();
    for (long at = 0; at < size; ) {
      int wanted = (int) Math.min(PIECE, size - at);
      ByteBuf piece = connection.buffer(wanted);
      int read;
      try {
        read = piece.writeBytes(file, at, wanted);
      } catch (IOException | RuntimeException e) {
        piece.release();
        throw e;
      }
      if (read <= 0) {
        piece.release();
        throw new IOException("the file became shorter while it was sent: " + at + " of " + size);
      }
      at += read;
      pieces.send(piece);
    }
    onLoop(() -> connection.finish(this));
  }

  private void sendStream(HttpResponse response, HttpStream.Writer writer) throws IOException {
    DefaultHttpResponse head = head(response.header("Connection", "close"), 0);
    head.headers().remove(CONTENT_LENGTH);
    if (headOnly || !mayHaveBody(response.status())) {
      begin(head, Unpooled.EMPTY_BUFFER);
      return;
    }
    begin(head, null);
    try {
      writer.write(new Flow());
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("the answer could not be written to its end", e);
    }
    onLoop(() -> connection.finish(this));
  }

  /** What the writer of an answer without a known length is given. */
  private final class Flow implements HttpStream {
    private final Pieces pieces = new Pieces();

    @Override
    public void send(byte[] bytes) throws IOException {
      for (int at = 0; at < bytes.length; at += PIECE) {
        pieces.send(Unpooled.wrappedBuffer(bytes, at, Math.min(PIECE, bytes.length - at)));
      }
    }

    @Override
    public boolean leaving() {
      return listener.isDraining() || connection.isGone();
    }
  }

  /** Two pieces are under way at most: one in the socket while the next is made. */
  private final class Pieces {
    private @Nullable ChannelFuture last;

    void send(ByteBuf piece) throws IOException {
      ChannelFuture before = last;
      last = connection.write(piece);
      if (before == null) {
        return;
      }
      try {
        before.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while the answer was sent", e);
      }
      if (!before.isSuccess()) {
        throw new RequestBody.UnfinishedException("the client went away while it was answered");
      }
    }
  }

  private DefaultHttpResponse head(HttpResponse response, long length) {
    HttpHeaders headers = new DefaultHttpHeaders();
    response.headers().forEach(headers::add);
    boolean closes = headers.containsValue(CONNECTION, "close", true);
    boolean saysLength = headOnly && length == 0 && headers.contains(CONTENT_LENGTH);
    headers.remove(CONNECTION).remove(TRANSFER_ENCODING);
    if (!mayHaveBody(response.status())) {
      headers.remove(CONTENT_LENGTH);
    } else if (!saysLength) {
      headers.set(CONTENT_LENGTH, length);
    }
    if (closes) {
      headers.set(CONNECTION, "close");
    }
    if (!headers.contains(DATE)) {
      headers.set(DATE, listener.date());
    }
    return new DefaultHttpResponse(
        HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()), headers);
  }

  private static boolean mayHaveBody(int status) {
    return status != 204 && status != 304;
  }

  private void begin(DefaultHttpResponse head, @Nullable ByteBuf content) {
    answered = true;
    listener.answered(head.status().code());
    onLoop(() -> connection.answer(this, head, content));
  }

  private void onLoop(Runnable task) {
    try {
      connection.onLoop(task);
    } catch (RejectedExecutionException e) {
      end(); // the endpoint has been closed
    }
  }
}
