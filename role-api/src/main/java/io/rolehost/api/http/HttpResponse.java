package io.rolehost.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.rolehost.api.Experimental;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One answer, an immutable value.
 *
 * @param status the status code, 200 to 599
 * @param headers sent as they are; the host adds length, date and connection
 * @param body what follows
 */
public record HttpResponse(int status, Map<String, String> headers, Body body) {

  /** What follows the headers. */
  public sealed interface Body {
    /** Nothing. */
    record Empty() implements Body {}

    /** Bytes in memory; must not be changed afterwards. Not copied: a page may be large. */
    @SuppressWarnings("ArrayRecordComponent")
    record Bytes(byte[] bytes) implements Body {}

    /** The content of a file, read while it is sent. */
    record File(Path path) implements Body {}

    /** What is written while it is sent, of no known length; ends with the connection. */
    @Experimental
    record Stream(HttpStream.Writer writer) implements Body {}
  }

  /** Checks the status and takes a copy of the headers. */
  public HttpResponse {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("status must be from 200 to 599, was " + status);
    }
    headers = Map.copyOf(headers);
    requireNonNull(body, "body");
  }

  /** An answer without a body. */
  public static HttpResponse of(int status) {
    return new HttpResponse(status, Map.of(), new Body.Empty());
  }

  /** A text, in UTF-8. */
  public static HttpResponse text(int status, String text) {
    return bytes(status, "text/plain; charset=utf-8", text.getBytes(UTF_8));
  }

  /** A page, in UTF-8. */
  public static HttpResponse html(int status, String html) {
    return bytes(status, "text/html; charset=utf-8", html.getBytes(UTF_8));
  }

  /** A JSON document, given as text. */
  public static HttpResponse json(int status, String json) {
    return bytes(status, "application/json", json.getBytes(UTF_8));
  }

  /** Bytes of the given media type. */
  public static HttpResponse bytes(int status, String contentType, byte[] bytes) {
    return new HttpResponse(status, Map.of("Content-Type", contentType), new Body.Bytes(bytes));
  }

  /** A file of the given media type. */
  public static HttpResponse file(int status, String contentType, Path file) {
    return new HttpResponse(status, Map.of("Content-Type", contentType), new Body.File(file));
  }

  /** An answer of the given media type that is written while it is sent. */
  @Experimental
  public static HttpResponse stream(int status, String contentType, HttpStream.Writer writer) {
    return new HttpResponse(status, Map.of("Content-Type", contentType), new Body.Stream(writer));
  }

  /**
   * An error for a client, as a problem document (RFC 9457).
   *
   * @param title the kind of problem, the same for all of its kind
   * @param detail what is wrong this time and what to do
   */
  public static HttpResponse problem(int status, String title, String detail) {
    String json =
        "{\"status\":"
            + status
            + ",\"title\":"
            + quote(title)
            + ",\"detail\":"
            + quote(detail)
            + "}";
    return bytes(status, "application/problem+json", json.getBytes(UTF_8));
  }

  /** Returns a copy with one more header, which replaces one of the same name. */
  public HttpResponse header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new HttpResponse(status, more, body);
  }

  private static String quote(String text) {
    StringBuilder json = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        default -> {
          if (c < 0x20) {
            json.append(String.format("\\u%04x", (int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    return json.append('"').toString();
  }
}
