package io.rolehost.runtime.management;

import io.rolehost.runtime.config.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A whole response, as a value.
 *
 * @param headers beyond those every response has
 */
record Answer(int status, String contentType, String body, Map<String, String> headers) {

  static final String TEXT = "text/plain; charset=utf-8";
  static final String JSON = "application/json";
  static final String PROBLEM = "application/problem+json";

  /** What a probe hears of what is well. */
  static final Answer OK = text(200, "ok\n");

  static Answer text(int status, String body) {
    return new Answer(status, TEXT, body, Map.of());
  }

  static Answer json(int status, Object body) {
    return new Answer(status, status >= 400 ? PROBLEM : JSON, Json.render(body), Map.of());
  }

  /** Returns a problem document as of RFC 9457; {@code detail} says what to do next. */
  static Answer problem(int status, String detail) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "about:blank");
    body.put("title", title(status));
    body.put("status", status);
    body.put("detail", detail);
    return json(status, body);
  }

  static Answer tryAgain(String detail) {
    return problem(503, detail).with("Retry-After", "1");
  }

  Answer with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Answer(status, contentType, body, more);
  }

  byte[] bytes() {
    return body.getBytes(StandardCharsets.UTF_8);
  }

  private static String title(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 408 -> "Request Timeout";
      case 413 -> "Content Too Large";
      case 414 -> "URI Too Long";
      case 415 -> "Unsupported Media Type";
      case 421 -> "Misdirected Request";
      case 431 -> "Request Header Fields Too Large";
      case 501 -> "Not Implemented";
      case 503 -> "Service Unavailable";
      case 505 -> "HTTP Version Not Supported";
      default -> status < 500 ? "Refused" : "Internal Error";
    };
  }
}
