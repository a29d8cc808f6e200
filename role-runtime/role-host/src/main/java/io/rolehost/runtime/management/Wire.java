package io.rolehost.runtime.management;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Responses as the bytes of HTTP/1.1. By hand, since that of most probes is known beforehand, and
 * Netty's encoder would make objects of it each time. Pure.
 */
final class Wire {

  private static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");

  /** Ends with the connection: readable by HTTP/1.0 and by the simplest client. */
  private static final byte[] STREAM =
      ascii(
          """
          HTTP/1.1 200 OK\r
          Content-Type: text/event-stream; charset=utf-8\r
          Cache-Control: no-store\r
          X-Content-Type-Options: nosniff\r
          Cross-Origin-Resource-Policy: same-origin\r
          Connection: close\r
          \r
          """);

  /**
   * What every answer says to browsers, unless it says other itself: not to guess what it is, not
   * to show it inside of a page or give it to one of another site, to run nothing, and not to tell
   * the next page where it came from.
   */
  private static final Map<String, String> SAFE =
      new TreeMap<>(
          Map.of(
              "X-Content-Type-Options", "nosniff",
              "X-Frame-Options", "DENY",
              "Cross-Origin-Resource-Policy", "same-origin",
              "Referrer-Policy", "no-referrer",
              "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"));

  private static final byte[] OK = bytes(Answer.OK, true, false);

  private Wire() {}

  /** Returns what a client is told that waits before it sends a body. */
  static ByteBuf goOn() {
    return Unpooled.wrappedBuffer(CONTINUE);
  }

  /** Returns what comes before the events of a stream. */
  static ByteBuf streamHead() {
    return Unpooled.wrappedBuffer(STREAM);
  }

  /**
   * Returns a whole response.
   *
   * @param headOnly whether the body is left out, as for HEAD; its length is told all the same
   */
  @SuppressWarnings("ReferenceEquality") // made once, and an equal one has equal bytes
  static ByteBuf of(Answer answer, boolean keepAlive, boolean headOnly) {
    boolean usual = answer == Answer.OK && keepAlive && !headOnly;
    return Unpooled.wrappedBuffer(usual ? OK : bytes(answer, keepAlive, headOnly));
  }

  private static byte[] bytes(Answer answer, boolean keepAlive, boolean headOnly) {
    byte[] body = answer.bytes();
    StringBuilder text = new StringBuilder(256);
    text.append("HTTP/1.1 ").append(answer.status()).append(' ');
    text.append(HttpResponseStatus.valueOf(answer.status()).reasonPhrase()).append("\r\n");
    header(text, "Content-Type", answer.contentType());
    header(text, "Content-Length", Integer.toString(body.length));
    header(text, "Cache-Control", "no-store");
    SAFE.forEach((name, value) -> {
      if (!answer.headers().containsKey(name)) {
        header(text, name, value);
      }
    });
    answer.headers().forEach((name, value) -> header(text, name, value));
    if (!keepAlive) {
      header(text, "Connection", "close");
    }
    byte[] head = ascii(text.append("\r\n").toString());
    if (headOnly) {
      return head;
    }
    byte[] whole = new byte[head.length + body.length];
    System.arraycopy(head, 0, whole, 0, head.length);
    System.arraycopy(body, 0, whole, head.length, body.length);
    return whole;
  }

  private static void header(StringBuilder text, String name, String value) {
    text.append(name).append(": ").append(value).append("\r\n");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
