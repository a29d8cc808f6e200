package io.rolehost.jobs.queue;

import io.rolehost.jobs.JobId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A job as it travels.
 *
 * @param type name of the payload's type
 * @param body the payload as JSON; not to be changed
 * @param headers what the sender wrote beside it
 * @param correlationId what it joins to; its own id where nobody said
 * @param replyTo queue for an answer
 * @param group whose messages are handled in order
 * @param enqueuedAt when it was first sent, in milliseconds since 1970
 * @param attempts that failed before this message was written
 * @param history how the last of them failed
 * @param tracked whether the ledger has a row
 * @param order its place among the messages of its sender, to find out about overtaking
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and nobody writes into it
public record Letter(
    JobId id,
    String type,
    byte[] body,
    Map<String, String> headers,
    String correlationId,
    Optional<String> replyTo,
    Optional<String> group,
    int priority,
    long enqueuedAt,
    int attempts,
    List<Failure> history,
    boolean tracked,
    Optional<Order> order) {

  /** The priority of a message that nobody gave one. */
  public static final int DEFAULT_PRIORITY = 4;

  /**
   * A place in a sequence.
   *
   * @param sender one process
   * @param number grows with each message to a group
   */
  public record Order(String sender, long number) {}

  /** The same job after so many failed attempts. */
  Letter failed(int count, List<Failure> with) {
    return new Letter(
        id,
        type,
        body,
        headers,
        correlationId,
        replyTo,
        group,
        priority,
        enqueuedAt,
        count,
        with,
        tracked,
        Optional.empty());
  }

  /** The same job, as if it had never been tried. */
  Letter afresh() {
    return failed(0, history);
  }

  /** The same job in a sequence. */
  Letter ordered(@Nullable Order place) {
    return new Letter(
        id,
        type,
        body,
        headers,
        correlationId,
        replyTo,
        group,
        priority,
        enqueuedAt,
        attempts,
        history,
        tracked,
        Optional.ofNullable(place));
  }

  @Override
  public String toString() {
    return "Letter[" + id + ", " + type + ", " + body.length + " bytes]";
  }
}
