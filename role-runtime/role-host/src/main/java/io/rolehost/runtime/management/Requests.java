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
        Optional.ofNullable(headers.get(HttpHeaderNames.AUTHORIZATION)),
        headers.get(HttpHeaderNames.ACCEPT, "").toLowerCase(Locale.ROOT),
        Optional.ofNullable(headers.get("last-event-id")));
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
