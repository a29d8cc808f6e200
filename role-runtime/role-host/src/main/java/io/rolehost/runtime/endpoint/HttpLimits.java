package io.rolehost.runtime.endpoint;

import java.time.Duration;

/**
 * What a client may cost. Not settings until somebody needs other figures. Stricter than nginx's
 * defaults (60 s for headers, for a pause in a body and for a pause of the answer; 5 s to leave),
 * since a stop waits for whoever is being served.
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

  static final HttpLimits USUAL =
      new HttpLimits(
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          10_000);
}
