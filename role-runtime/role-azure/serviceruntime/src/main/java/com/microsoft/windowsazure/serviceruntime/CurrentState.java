package com.microsoft.windowsazure.serviceruntime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.time.Instant;

/** What a process tells the runtime of itself: documents, ready to be written. */
final class CurrentState {
  private static final String NEVER = "9999-12-31T23:59:59.9999999Z";
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  private CurrentState() {}

  /** Holds a status until it is released, or taken over by the next one. */
  static byte[] acquire(String clientId, BigInteger incarnation, String status) {
    return document(clientId, incarnation, status, NEVER);
  }

  /** Holds a status until a moment at most. */
  static byte[] acquire(
      String clientId, BigInteger incarnation, String status, Instant expiration) {
    Instant until = expiration.isBefore(Instant.EPOCH) ? Instant.EPOCH : expiration;
    return document(clientId, incarnation, status, until.isAfter(LAST) ? NEVER : until.toString());
  }

  static byte[] release(String clientId) {
    return wrap(clientId, "<Release/>");
  }

  private static byte[] document(
      String clientId, BigInteger incarnation, String status, String expiration) {
    return wrap(
        clientId,
        "<Acquire><Incarnation>"
            + incarnation
            + "</Incarnation><Status>"
            + status
            + "</Status><StatusDetail>"
            + status
            + "</StatusDetail><Expiration>"
            + expiration
            + "</Expiration></Acquire>");
  }

  private static byte[] wrap(String clientId, String content) {
    return ("<?xml version=\"1.0\" encoding=\"utf-8\"?><CurrentState><StatusLease ClientId=\""
            + clientId
            + "\">"
            + content
            + "</StatusLease></CurrentState>")
        .getBytes(UTF_8);
  }
}
