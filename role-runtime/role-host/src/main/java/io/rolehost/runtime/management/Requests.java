package io.rolehost.runtime.management;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Makes a {@link Request} of Netty's. Pure. */
final class Requests {

  private Requests() {}

  /**
   * Reads a request.
   *
   * @throws IllegalArgumentException if the target can't be decoded
   */
  static Request of(HttpRequest request) {
    HttpHeaders headers = request.headers();
    String target = request.uri();
    List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
    int scheme = target.startsWith("/") ? 0 : schemeEnd(target);
    if (scheme > 0) {
      // The absolute form: what it names counts, not the Host header (RFC 9112, 3.2.2).
      int path = target.indexOf('/', scheme);
      hosts = List.of(path < 0 ? target.substring(scheme) : target.substring(scheme, path));
      target = path < 0 ? "/" : target.substring(path);
    }
    QueryStringDecoder decoder = new QueryStringDecoder(target);
    return new Request(
        request.method().name(),
        request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) < 0,
        decoder.path(),
        decoder.parameters(),
        List.copyOf(hosts),
        List.copyOf(headers.getAll(HttpHeaderNames.AUTHORIZATION)),
        new Request.Sender(
            List.copyOf(headers.getAll(HttpHeaderNames.ORIGIN)),
            headers.get("sec-fetch-site", "").strip().toLowerCase(Locale.ROOT),
            mediaType(headers.get(HttpHeaderNames.CONTENT_TYPE, ""))),
        headers.get(HttpHeaderNames.ACCEPT, "").toLowerCase(Locale.ROOT),
        Optional.ofNullable(headers.get("last-event-id")),
        List.copyOf(headers.getAll(Caller.HEADER)));
  }

  /** Returns why a request that could be decoded is none to go on with. */
  static Optional<Answer> malformed(HttpRequest request) {
    if (request.protocolVersion().majorVersion() != 1) {
      return Optional.of(Answer.problem(505, "Only HTTP/1.1 and HTTP/1.0 are spoken here."));
    }
    // Who stands in front may have read another target, or another end of the body.
    if (!request.uri().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      return Optional.of(Answer.problem(400, "The target has characters that a URL can't have."));
    }
    List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    boolean understood =
        codings.isEmpty()
            || (codings.size() == 1 && codings.getFirst().strip().equalsIgnoreCase("chunked"));
    return understood
        ? Optional.empty()
        : Optional.of(
            Answer.problem(501, "Of the transfer codings only chunked is understood here."));
  }

  private static String mediaType(String contentType) {
    int parameters = contentType.indexOf(';');
    return (parameters < 0 ? contentType : contentType.substring(0, parameters))
        .strip()
        .toLowerCase(Locale.ROOT);
  }

  private static int schemeEnd(String target) {
    for (String scheme : List.of("http://", "https://")) {
      if (target.regionMatches(true, 0, scheme, 0, scheme.length())) {
        return scheme.length();
      }
    }
    return 0;
  }
}
