package io.rolehost.runtime.endpoint;

import io.rolehost.runtime.config.HostSettings.EndpointLimits;
import java.time.Duration;

/**
 * What a client may cost.
 *
 * @param head from the connect, or the first byte of a later request, until its headers are whole
 * @param idle how long a connection is kept between two requests
 * @param body the longest pause in a body that the handler waits for
 * @param write the longest pause of a client that takes its answer
 * @param leave how long the server waits, after its last answer, for the client to close first
 * @param lastChance once the listener is closed: how long who has connected may still send a
 *     request
 * @param connections per endpoint
 */
record HttpLimits(
    Duration head,
    Duration idle,
    Duration body,
    Duration write,
    Duration leave,
    Duration lastChance,
    int connections) {

  static final HttpLimits USUAL = of(EndpointLimits.USUAL);

  /** Takes what is set; the two that belong to the stop are no settings. */
  static HttpLimits of(EndpointLimits set) {
    return new HttpLimits(
        set.headerTimeout(),
        set.idleTimeout(),
        set.bodyTimeout(),
        set.answerTimeout(),
        Duration.ofSeconds(5),
        Duration.ofSeconds(1),
        set.maxConnections());
  }
}
