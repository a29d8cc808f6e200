package io.rolehost.jobs.queue;

import io.rolehost.jobs.JobId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What this process does about one queue. Safe for all threads. */
final class QueueWork {

  private final String queue;
  private final PauseGate gate = new PauseGate();
  private final Counts counts;
  private final GroupOrder order = new GroupOrder();
  private final List<Slot> slots = new ArrayList<>();
  private final Map<JobId, Attempt> running = new ConcurrentHashMap<>();
  private volatile Map<String, Handling<?>> handlings = Map.of();
  private volatile boolean groups;

  QueueWork(String queue, Counts counts) {
    this.queue = queue;
    this.counts = counts;
  }

  String queue() {
    return queue;
  }

  PauseGate gate() {
    return gate;
  }

  Counts counts() {
    return counts;
  }

  GroupOrder order() {
    return order;
  }

  @Nullable Handling<?> handling(String type) {
    return handlings.get(type);
  }

  /** Returns the names of all types that somebody handles. */
  Set<String> types() {
    return handlings.keySet();
  }

  /**
   * Adds a handling.
   *
   * @throws IllegalArgumentException if its type has one
   */
  synchronized void add(Handling<?> handling) {
    Map<String, Handling<?>> more = new HashMap<>(handlings);
    for (String name : handling.names()) {
      Handling<?> before = more.putIfAbsent(name, handling);
      if (before != null) {
        throw new IllegalArgumentException(
            "Queue \""
                + queue
                + "\" has a handler of type \""
                + name
                + "\" already, for "
                + before.type().getName()
                + "; the second one is for "
                + handling.type().getName()
                + ". Use one handler, another queue, or another @JobType");
      }
    }
    handlings = Map.copyOf(more);
  }

  /** Returns new slots, so that there are as many as are wanted. */
  synchronized List<Slot> upTo(int wanted, Parts parts) {
    List<Slot> fresh = new ArrayList<>();
    while (slots.size() < wanted) {
      Slot slot = new Slot(this, parts);
      slots.add(slot);
      fresh.add(slot);
    }
    return fresh;
  }

  synchronized int slots() {
    return slots.size();
  }

  void pause(String reason) {
    if (gate.close(reason)) {
      List<Slot> all;
      synchronized (this) {
        all = List.copyOf(slots);
      }
      all.forEach(Slot::wake);
    }
  }

  boolean hasGroups() {
    return groups;
  }

  void groupSeen() {
    if (!groups) {
      groups = true;
    }
  }

  void began(Attempt job, long nowMillis) {
    running.put(job.id(), job);
    if (job.attempt() == 1) {
      counts.began(nowMillis - job.sentAt());
    }
  }

  void ended(Attempt job) {
    running.remove(job.id(), job);
  }

  /** Returns a job that runs here. */
  Optional<Attempt> running(JobId id) {
    return Optional.ofNullable(running.get(id));
  }

  /** Returns which jobs run here. */
  List<JobId> runningIds() {
    return List.copyOf(running.keySet());
  }
}
