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
 * @param authorization the {@code Authorization} header, if there is one
 * @param accept the {@code Accept} header, or ""
 * @param lastEventId the {@code Last-Event-ID} header, if there is one
 */
record Request(
    String method,
    boolean legacy,
    String path,
    Map<String, List<String>> query,
    List<String> hosts,
    Optional<String> authorization,
    String accept,
    Optional<String> lastEventId) {

  boolean asks(String parameter) {
    return query.containsKey(parameter);
  }

  boolean wantsJson() {
    return accept.contains("application/json");
  }
}
