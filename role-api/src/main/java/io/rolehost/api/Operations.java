package io.rolehost.api;

import java.util.Map;

/**
 * A part of a role that operators may look at and act on. Called on threads of the management
 * plane's workers, several at once; must return within a second or two.
 */
@Experimental
public interface Operations {

  /** Returns a few values that are JSON, for {@code /status}; must not wait for anything. */
  Map<String, Object> summary();

  /**
   * Returns values that are JSON.
   *
   * @param query what was asked for: {@code GET /operations/<name>?queue=photos}
   */
  Answer look(Map<String, String> query);

  /**
   * Acts. The host has checked the token and journals the answer.
   *
   * @param verb what to do, for instance {@code redrive}
   * @param parameters the other parameters of the request
   * @param by who asks, for the record
   */
  Answer act(String verb, Map<String, String> parameters, String by);

  /**
   * What to answer.
   *
   * @param status the HTTP status
   * @param body values that are JSON; with a status of 400 or more {@code detail} says what was
   *     wrong and what to do
   */
  record Answer(int status, Map<String, Object> body) {}
}
