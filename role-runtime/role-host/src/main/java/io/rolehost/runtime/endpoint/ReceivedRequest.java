package io.rolehost.runtime.endpoint;

import io.netty.handler.codec.http.HttpHeaders;
import io.rolehost.api.http.HttpRequest;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A request as it came, its target taken apart. */
record ReceivedRequest(
    String method,
    String path,
    Map<String, List<String>> parameters,
    HttpHeaders headers,
    OptionalLong contentLength,
    InputStream body)
    implements HttpRequest {

  @Override
  public Optional<String> query(String name) {
    return Optional.ofNullable(parameters.get(name)).map(List::getFirst);
  }

  @Override
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }
}
