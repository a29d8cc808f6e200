package io.rolehost.node.azure;

import io.rolehost.node.azure.CurrentState.Status;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The statuses that the processes of one instance hold. An instance is busy while at least one of
 * them says so: one that is not ready can't be made so by another. Immutable.
 *
 * @param held by client; in the order in which they came
 */
public record StatusLeases(Map<String, Lease> held) {

  /** How many clients may hold a status at once. */
  public static final int MAX = 64;

  /** Nobody holds anything. */
  public static final StatusLeases NONE = new StatusLeases(Map.of());

  /**
   * A status that somebody holds.
   *
   * @param due when it lapses, in monotonic nanoseconds; empty = never
   */
  public record Lease(Status status, OptionalLong due) {
    boolean isOver(long nanos) {
      return due.isPresent() && due.getAsLong() - nanos <= 0;
    }
  }

  /** Takes a copy, and keeps the order. */
  public StatusLeases {
    held = Collections.unmodifiableMap(new LinkedHashMap<>(held));
  }

  /**
   * Returns what follows when a client holds a status from now on.
   *
   * @return empty if too many others do
   */
  public Optional<StatusLeases> with(String client, Lease lease) {
    if (!held.containsKey(client) && held.size() >= MAX) {
      return Optional.empty();
    }
    Map<String, Lease> next = new LinkedHashMap<>(held);
    next.put(client, lease);
    return Optional.of(new StatusLeases(next));
  }

  /** Returns what follows when a client holds nothing any more. */
  public StatusLeases without(String client) {
    if (!held.containsKey(client)) {
      return this;
    }
    Map<String, Lease> next = new LinkedHashMap<>(held);
    next.remove(client);
    return new StatusLeases(next);
  }

  /** Returns what is left of it at a time. */
  public StatusLeases at(long nanos) {
    if (held.values().stream().noneMatch(lease -> lease.isOver(nanos))) {
      return this;
    }
    Map<String, Lease> next = new LinkedHashMap<>(held);
    next.values().removeIf(lease -> lease.isOver(nanos));
    return new StatusLeases(next);
  }

  /** Returns who keeps the instance from being ready, the first that said so; empty = nobody. */
  public Optional<String> busy() {
    return held.entrySet().stream()
        .filter(entry -> entry.getValue().status() == Status.BUSY)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Returns when the next one lapses, in monotonic nanoseconds. */
  public OptionalLong due() {
    return held.values().stream()
        .filter(lease -> lease.due().isPresent())
        .mapToLong(lease -> lease.due().getAsLong())
        .reduce((one, other) -> one - other < 0 ? one : other);
  }
}
