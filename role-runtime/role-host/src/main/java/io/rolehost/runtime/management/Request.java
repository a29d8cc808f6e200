package io.rolehost.runtime.management;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the rules need of a request.
 *
 * @param legacy HTTP/1.0
 * @param path of the target, decoded
 * @param query of the target, decoded
 * @param hosts all {@code Host} headers
 * @param authorization all {@code Authorization} headers
 * @param sender what a browser says of the page that sends it
 * @param accept the {@code Accept} header, or ""
 * @param lastEventId the {@code Last-Event-ID} header, if there is one
 * @param callers all {@link Caller} headers
 */
record Request(
    String method,
    boolean legacy,
    String path,
    Map<String, List<String>> query,
    List<String> hosts,
    List<String> authorization,
    Sender sender,
    String accept,
    Optional<String> lastEventId,
    List<String> callers) {

  /**
   * What a browser says of the page that sends a request, and scripts can't change.
   *
   * @param origins all {@code Origin} headers
   * @param site the {@code Sec-Fetch-Site} header, or ""
   * @param contentType the {@code Content-Type} header in small letters without parameters, or ""
   */
  record Sender(List<String> origins, String site, String contentType) {}

  boolean asks(String parameter) {
    return query.containsKey(parameter);
  }

  boolean wantsJson() {
    return accept.contains("application/json");
  }
}
