package io.rolehost.jobs.queue;

import io.rolehost.jobs.JobId;
import io.rolehost.jobs.Outgoing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A message that is being written. */
final class Draft implements Outgoing {

  /** Where a draft goes when it is done. */
  interface Target {
    JobId submit(Dispatch dispatch, Optional<Tracking.Window> window);

    /** Returns an id for a message whose sender chose none. */
    JobId nextId();
  }

  private final String queue;
  private final String type;
  private final byte[] body;
  private final Target target;
  private final InstantSource clock;
  private Duration delay = Duration.ZERO;
  private @Nullable Instant at;
  private int priority = Letter.DEFAULT_PRIORITY;
  private @Nullable String group;
  private @Nullable String dedupKey;
  private Tracking.@Nullable Window window;
  private @Nullable JobId id;
  private @Nullable String replyTo;
  private @Nullable String correlationId;
  private @Nullable Map<String, String> headers;
  private boolean tracked;

  Draft(String queue, Object payload, Target target, InstantSource clock) {
    this.queue = QueueName.checked(queue);
    this.type = Payloads.names(payload.getClass()).getFirst();
    this.body = Payloads.bytes(payload);
    this.target = target;
    this.clock = clock;
  }

  @Override
  public Outgoing delay(Duration length) {
    if (length.isNegative()) {
      throw new IllegalArgumentException("delay must not be negative, was " + length);
    }
    delay = length;
    at = null;
    return this;
  }

  @Override
  public Outgoing at(Instant instant) {
    at = instant;
    return this;
  }

  @Override
  public Outgoing priority(int value) {
    if (value < 0 || value > 9) {
      throw new IllegalArgumentException("priority must be from 0 to 9, was " + value);
    }
    priority = value;
    return this;
  }

  @Override
  public Outgoing group(String name) {
    group = filled("group", name);
    return this;
  }

  @Override
  public Outgoing dedupKey(String key) {
    dedupKey = filled("dedupKey", key);
    return this;
  }

  @Override
  public Outgoing dedupKey(String key, Duration length) {
    if (!length.isPositive()) {
      throw new IllegalArgumentException("A key's window must be positive, was " + length);
    }
    window = new Tracking.Window(filled("dedupKey", key), length);
    return this;
  }

  @Override
  public Outgoing id(JobId chosen) {
    id = chosen;
    return this;
  }

  @Override
  public Outgoing replyTo(String name) {
    replyTo = QueueName.checked(name);
    return this;
  }

  @Override
  public Outgoing correlationId(String value) {
    correlationId = filled("correlationId", value);
    return this;
  }

  @Override
  public Outgoing header(String name, String value) {
    if (headers == null) {
      headers = new HashMap<>();
    }
    headers.put(filled("header", name), value);
    return this;
  }

  @Override
  public Outgoing tracked() {
    tracked = true;
    return this;
  }

  @Override
  public JobId submit() {
    JobId own = id == null ? target.nextId() : id;
    String key = dedupKey == null && id != null ? id.value() : dedupKey;
    Letter letter =
        new Letter(
            own,
            type,
            body,
            headers == null ? Map.of() : Map.copyOf(headers),
            correlationId == null ? own.value() : correlationId,
            Optional.ofNullable(replyTo),
            Optional.ofNullable(group),
            priority,
            0,
            0,
            List.of(),
            tracked,
            Optional.empty());
    return target.submit(
        new Dispatch(queue, letter, wait(clock.instant()), Optional.ofNullable(key)),
        Optional.ofNullable(window));
  }

  private Duration wait(Instant now) {
    if (at == null) {
      return delay;
    }
    Duration left = Duration.between(now, at);
    return left.isNegative() ? Duration.ZERO : left;
  }

  private static String filled(String what, String text) {
    if (text.isBlank() || text.length() > 500) {
      throw new IllegalArgumentException(
          what + " has 1 to 500 characters and is not blank, was \"" + text + "\"");
    }
    return text;
  }
}
