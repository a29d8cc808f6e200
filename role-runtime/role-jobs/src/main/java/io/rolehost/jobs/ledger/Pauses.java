package io.rolehost.jobs.ledger;

import java.time.Instant;
import java.util.List;

/** Which queues operators have paused. */
public interface Pauses {

  /** A queue that nobody takes from. */
  record Paused(String queue, String by, String reason, Instant since) {}

  /** Pauses a queue for all processes; a second pause replaces the first. */
  void pause(String queue, String by, String reason);

  /** Ends a pause; false if there was none. */
  boolean resume(String queue);

  /** Returns all pauses by queue; cheap enough to be asked each second. */
  List<Paused> list();
}
