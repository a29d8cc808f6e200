package io.rolehost.jobs.queue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How one attempt failed; goes with the message.
 *
 * @param attempt which it was
 * @param text one line
 */
public record Failure(int attempt, Instant at, String text) {

  /** So many are kept, the newest. */
  static final int KEPT = 10;

  static final int MAX_TEXT = 500;

  /** Bounds the text. */
  public Failure {
    text = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
  }

  static List<Failure> plus(List<Failure> history, Failure last) {
    List<Failure> longer = new ArrayList<>(history);
    longer.add(last);
    return List.copyOf(longer.subList(Math.max(0, longer.size() - KEPT), longer.size()));
  }
}
