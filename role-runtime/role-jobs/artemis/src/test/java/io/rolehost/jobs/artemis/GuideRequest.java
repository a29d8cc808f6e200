package io.rolehost.jobs.artemis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.api.http.HttpRequest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;

/** A request with a body of JSON, as an endpoint hands it on. */
record GuideRequest(String method, String path, String text) implements HttpRequest {

  @Override
  public Optional<String> query(String name) {
    return Optional.empty();
  }

  @Override
  public Optional<String> header(String name) {
    return name.equals("Content-Type") ? Optional.of("application/json") : Optional.empty();
  }

  @Override
  public OptionalLong contentLength() {
    return OptionalLong.of(text.length());
  }

  @Override
  public InputStream body() {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }
}
