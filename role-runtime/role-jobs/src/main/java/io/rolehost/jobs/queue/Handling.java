package io.rolehost.jobs.queue;

import dev.failsafe.RateLimiter;
import io.rolehost.jobs.JobContext;
import io.rolehost.jobs.JobHandler;
import io.rolehost.jobs.QueueTrigger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;

/** How the messages of one type are handled in one queue. */
final class Handling<T> {

  private static final double NANOS = 1e9;

  private final QueueTrigger trigger;
  private final Class<T> type;
  private final JobHandler<T> handler;
  private final ObjectReader reader;
  private final Optional<RateLimiter<Object>> rate;

  Handling(QueueTrigger trigger, Class<T> type, JobHandler<T> handler) {
    this.trigger = trigger;
    this.type = type;
    this.handler = handler;
    this.reader = Payloads.reader(type);
    this.rate =
        trigger.ratePerSecond().isPresent()
            ? Optional.of(
                RateLimiter.smoothBuilder(
                        Duration.ofNanos(
                            Math.max(1, (long) (NANOS / trigger.ratePerSecond().getAsDouble()))))
                    .build())
            : Optional.empty();
  }

  QueueTrigger trigger() {
    return trigger;
  }

  Class<T> type() {
    return type;
  }

  List<String> names() {
    return Payloads.names(type);
  }

  /** Returns how long this job has to wait for its turn. */
  Duration turn() {
    return rate.isPresent() ? rate.get().reservePermit() : Duration.ZERO;
  }

  /**
   * Reads a payload.
   *
   * @throws IllegalArgumentException if it can't be read as the type
   */
  Object read(byte[] body) {
    try {
      T payload = reader.readValue(body);
      if (payload == null) {
        throw new IllegalArgumentException("The payload is null");
      }
      return payload;
    } catch (JacksonException e) {
      throw new IllegalArgumentException(Payloads.unreadable(type, e), e);
    }
  }

  void call(Object payload, JobContext job) throws Exception {
    handler.handle(type.cast(payload), job);
  }
}
