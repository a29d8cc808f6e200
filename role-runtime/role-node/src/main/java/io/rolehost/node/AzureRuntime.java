package io.rolehost.node;

import io.rolehost.node.Supervised.Reported;
import io.rolehost.node.azure.CurrentState;
import io.rolehost.node.azure.GoalState;
import io.rolehost.node.azure.StatusLeases;
import io.rolehost.node.process.RuntimePipes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The role environment of one incarnation. For the node's thread. */
final class AzureRuntime {
  private static final int MOST_CLIENTS = 32;
  private static final int KEPT_ENVIRONMENTS = 16;
  private static final long TO_OPEN_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long BETWEEN_LOOKS_NANOS = Duration.ofSeconds(5).toNanos();
  private static final Duration LONGEST_LEASE = Duration.ofDays(365);

  private final Supervised instance;
  private final long incarnation;
  private final RuntimePipes pipes;
  private final Map<RuntimePipes.Stream, Client> clients = new LinkedHashMap<>();
  private final Set<RuntimePipes.Stream> toStop = new HashSet<>();
  private final Set<String> complaints = new HashSet<>();
  private String environment = "";
  private @Nullable GoalState goal;
  private StatusLeases leases = StatusLeases.NONE;
  private boolean ready;
  private Reported reported = Reported.NOTHING;
  private OptionalLong recycleAsked = OptionalLong.empty();
  private OptionalLong termAt = OptionalLong.empty();
  private long lookAgain;

  /** A process that has the environment. */
  private static final class Client {
    private final long came;
    private @Nullable String id;
    private boolean seen;

    private Client(long came) {
      this.came = came;
    }
  }

  AzureRuntime(Supervised instance, long incarnation, RuntimePipes pipes, long nanos) {
    this.lookAgain = nanos;
    this.instance = instance;
    this.incarnation = incarnation;
    this.pipes = pipes;
  }

  /** Returns whether there is something to be told to who comes. */
  boolean isTold() {
    return goal != null;
  }

  Supervised instance() {
    return instance;
  }

  long incarnation() {
    return incarnation;
  }

  /** Takes note of how the instance is by its own means. */
  void seen(boolean isReady, Reported said) {
    ready = isReady;
    reported = said;
  }

  boolean isReady() {
    return ready && leases.busy().isEmpty();
  }

  /** Returns how the instance is by its own means and by what its processes hold. */
  Reported reported() {
    Optional<String> busy = leases.busy();
    return busy.isEmpty() || !ready
        ? reported
        : new Reported(
            reported.port(),
            "BUSY",
            "busy: so says the client " + busy.get() + " of its role environment",
            reported.residentBytes());
  }

  /** Returns who keeps it from being ready. */
  Optional<String> busy() {
    return leases.busy();
  }

  /** Tells another environment, where it is one. */
  void tell(String xml) throws IOException {
    if (!xml.equals(environment) && (goal == null || goal.stopBy().isEmpty())) {
      long next = goal == null ? 1 : goal.incarnation() + 1;
      goal = new GoalState(next, Optional.empty(), pipes.writeEnvironment(next, xml));
      environment = xml;
      pipes.removeEnvironment(next - KEPT_ENVIRONMENTS);
      send();
    }
  }

  /** Tells that the instance is to end; returns whether somebody has something to do before. */
  boolean stop(Instant by, long termAtNanos) {
    GoalState before = goal;
    if (before == null || before.stopBy().isPresent()) {
      termAt = OptionalLong.empty();
      return false;
    }
    goal = new GoalState(before.incarnation() + 1, Optional.of(by), before.environment());
    send();
    if (instance.role().roleHost()) {
      return false; // it has a stop of its own, which begins now
    }
    clients.forEach((stream, client) -> {
      if (client.seen) {
        toStop.add(stream);
      }
    });
    termAt = toStop.isEmpty() ? OptionalLong.empty() : OptionalLong.of(termAtNanos);
    return !toStop.isEmpty();
  }

  /** Returns whether SIGTERM is due now, and says so once. */
  boolean mayEnd(long nanos) {
    if (termAt.isPresent() && (toStop.isEmpty() || termAt.getAsLong() - nanos <= 0)) {
      termAt = OptionalLong.empty();
      return true;
    }
    return false;
  }

  /** A client came; returns whether it is served. */
  boolean came(RuntimePipes.Stream stream, long nanos) {
    GoalState now = goal;
    if (now == null) {
      return false;
    }
    if (clients.size() >= MOST_CLIENTS) {
      weed(nanos);
    }
    if (clients.size() >= MOST_CLIENTS || !stream.write(now.frame(stream.currentState()))) {
      return false;
    }
    clients.put(stream, new Client(nanos));
    return true;
  }

  /**
   * A client wrote a document.
   *
   * @return a sentence for an operator, said once; empty if all is well
   */
  Optional<String> said(RuntimePipes.Stream stream, byte[] document, Instant wall, long nanos) {
    Client client = clients.get(stream);
    if (client == null) {
      return Optional.empty();
    }
    client.seen = true;
    CurrentState state;
    try {
      state = CurrentState.read(document);
    } catch (CurrentState.Malformed e) {
      return complaint("wrote what its role environment does not understand: " + e.getMessage());
    }
    client.id = state.clientId();
    if (state.acquired().isEmpty()) {
      leases = leases.without(state.clientId());
      return Optional.empty();
    }
    CurrentState.Acquired acquired = state.acquired().get();
    return switch (acquired.status()) {
      case STARTED, BUSY -> {
        OptionalLong due =
            acquired.until().isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(nanos + left(acquired.until().get(), wall).toNanos());
        Optional<StatusLeases> next =
            leases.with(state.clientId(), new StatusLeases.Lease(acquired.status(), due));
        leases = next.orElse(leases).at(nanos);
        yield next.isPresent()
            ? Optional.empty()
            : complaint("has more than " + StatusLeases.MAX + " clients that hold a status");
      }
      case RECYCLE -> {
        recycleAsked = recycleAsked.isPresent() ? recycleAsked : OptionalLong.of(nanos);
        yield Optional.empty();
      }
      case STOPPED -> {
        toStop.remove(stream);
        yield Optional.empty();
      }
    };
  }

  private static Duration left(Instant until, Instant now) {
    Duration left = Duration.between(now, until);
    return left.compareTo(LONGEST_LEASE) > 0 ? LONGEST_LEASE : left;
  }

  /** Returns a sentence for an operator the first time. */
  Optional<String> complaint(String sentence) {
    return complaints.add(sentence) && complaints.size() < MOST_CLIENTS
        ? Optional.of("! " + instance.id() + " " + sentence)
        : Optional.empty();
  }

  /** Since when a process wants a recycle, in monotonic nanoseconds; empty = none does. */
  OptionalLong recycleAsked() {
    return recycleAsked;
  }

  void recycled() {
    recycleAsked = OptionalLong.empty();
  }

  /** Lets lapse what has lapsed. */
  void at(long nanos) {
    leases = leases.at(nanos);
    if (leases.busy().isPresent() && lookAgain - nanos <= 0) {
      weed(nanos); // who holds it may be gone
      lookAgain = nanos + BETWEEN_LOOKS_NANOS;
    }
    clients.forEach((stream, client) -> client.seen |= stream.hasReadAll());
  }

  /** Returns when {@link #at} or {@link #mayEnd} has something to do; empty = never. */
  OptionalLong due() {
    OptionalLong due = leases.due();
    for (OptionalLong other :
        List.of(
            termAt,
            leases.busy().isPresent() ? OptionalLong.of(lookAgain) : OptionalLong.empty())) {
      if (other.isPresent() && (due.isEmpty() || other.getAsLong() - due.getAsLong() < 0)) {
        due = other;
      }
    }
    return due;
  }

  private void send() {
    GoalState now = goal;
    if (now != null) {
      for (Map.Entry<RuntimePipes.Stream, Client> entry : List.copyOf(clients.entrySet())) {
        RuntimePipes.Stream stream = entry.getKey();
        entry.getValue().seen |= stream.hasReadAll();
        if (!stream.write(now.frame(stream.currentState()))) {
          drop(stream);
        }
      }
    }
  }

  /**
   * Finds out who is gone: who has read all is told the same again, which changes nothing for him;
   * who never read anything is given up after a while.
   */
  private void weed(long nanos) {
    GoalState now = goal;
    if (now == null || now.stopBy().isPresent()) {
      return;
    }
    for (Map.Entry<RuntimePipes.Stream, Client> entry : List.copyOf(clients.entrySet())) {
      RuntimePipes.Stream stream = entry.getKey();
      Client client = entry.getValue();
      if (stream.hasReadAll()) {
        client.seen = true;
        if (!stream.write(now.frame(stream.currentState()))) {
          drop(stream);
        }
      } else if (!client.seen && nanos - client.came > TO_OPEN_NANOS) {
        drop(stream);
      }
    }
  }

  private void drop(RuntimePipes.Stream stream) {
    Client client = clients.remove(stream);
    toStop.remove(stream);
    if (client != null && client.id != null) {
      leases = leases.without(client.id);
    }
    stream.close();
  }

  void close() {
    pipes.close();
  }
}
