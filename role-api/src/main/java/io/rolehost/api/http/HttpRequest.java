package io.rolehost.api.http;

import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;

/** One request. Valid until the handler returns. */
public interface HttpRequest {

  /** Returns the method in capitals. */
  String method();

  /** Returns the decoded path without the query; starts with a slash. */
  String path();

  /** Returns the first value of a query parameter, decoded. */
  Optional<String> query(String name);

  /** Returns the first value of a header; the name's case does not matter. */
  Optional<String> header(String name);

  /** Returns the announced length of the body, or empty if it comes in chunks. */
  OptionalLong contentLength();

  /**
   * Returns the body as it arrives. Reading past the endpoint's {@code max-body} throws {@link
   * BodyTooLargeException}; a client that goes away in the middle shows as an {@link
   * java.io.IOException}, never as an early end.
   */
  InputStream body();
}
