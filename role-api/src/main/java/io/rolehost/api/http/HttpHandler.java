package io.rolehost.api.http;

/** Answers requests, each on a virtual thread of its own; may block. */
@FunctionalInterface
public interface HttpHandler {

  /**
   * Answers one request.
   *
   * @throws Exception is logged and answered with 500 and a problem document
   */
  HttpResponse handle(HttpRequest request) throws Exception;
}
