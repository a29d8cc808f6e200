package io.rolehost.node;

import io.rolehost.node.machine.InstanceState;
import io.rolehost.node.machine.RoleOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Holds instances back until the roles that theirs depends on are ready: before their first start,
 * and before one that follows a failure. Lets roles end behind those that depend on them. Decided
 * by the node's thread; any may ask.
 */
final class Dependencies {
  private final Supplier<List<Supervised>> instances;
  private final Set<Supervised> waiting = ConcurrentHashMap.newKeySet();

  Dependencies(Supplier<List<Supervised>> instances) {
    this.instances = instances;
  }

  /** All instances are wanted, and wait for what they need. */
  void begin() {
    waiting.addAll(instances.get());
  }

  /** One that was added later is wanted, and waits for what it needs. */
  void hold(Supervised added) {
    waiting.add(added);
  }

  /** Returns those that need not wait any more, in the order of the solution. */
  List<Supervised> startable() {
    if (waiting.isEmpty()) {
      return List.of();
    }
    // An operator may have started one already.
    waiting.removeIf(one -> !(one.life().state() instanceof InstanceState.Created));
    List<Supervised> startable =
        instances.get().stream()
            .filter(one -> waiting.contains(one) && waitsFor(one).isEmpty())
            .toList();
    startable.forEach(waiting::remove);
    return startable;
  }

  /** Returns whether an instance is held back. */
  boolean isWaiting(Supervised instance) {
    return waiting.contains(instance);
  }

  /** Returns the roles that an instance waits for, though it is to be started otherwise. */
  List<String> waitsFor(Supervised instance) {
    if (instance.role().dependsOn().isEmpty()) {
      return List.of();
    }
    if (isWaiting(instance)) {
      return order().waitsFor(instance.role().name(), this::isReady);
    }
    // To try again beside what is down would only add failures; what will not come is not awaited.
    return instance.life().state() instanceof InstanceState.BackingOff
        ? order().waitsFor(instance.role().name(), role -> isReady(role) || isGivenUp(role))
        : List.of();
  }

  /** Returns whether an instance waits for a role that will not come. */
  boolean isHopeless(Supervised instance) {
    return isWaiting(instance) && order().isHopeless(instance.role().name(), this::isGivenUp);
  }

  /** Returns those to be told to end now: nothing that depends on them has a process any more. */
  List<Supervised> stoppable() {
    RoleOrder order = order();
    List<Supervised> stoppable = new ArrayList<>();
    for (Supervised instance : instances.get().reversed()) {
      InstanceState state = instance.life().state();
      boolean asked =
          state instanceof InstanceState.Stopping(_, InstanceState.Then then)
              && then == InstanceState.Then.STOP;
      if (!asked
          && !state.isFinal()
          && (!state.isLive() || order.mayStop(instance.role().name(), this::isLive))) {
        stoppable.add(instance);
      }
    }
    return stoppable;
  }

  /** Returns how long a stop of all can take: roles that need each other stop one after another. */
  Duration longestStop(Function<Supervised, Duration> killAfter) {
    Map<String, Duration> times = new HashMap<>();
    instances
        .get()
        .forEach(one ->
            times.merge(
                one.role().name(), killAfter.apply(one), (a, b) -> a.compareTo(b) < 0 ? b : a));
    return order().longestPath(times);
  }

  private RoleOrder order() {
    Map<String, List<String>> dependsOn = new HashMap<>();
    instances.get().forEach(one -> dependsOn.put(one.role().name(), one.role().dependsOn()));
    return new RoleOrder(dependsOn);
  }

  /** A role that has ended because its work is done is as good as ready. */
  private boolean isReady(String role) {
    return of(role)
        .allMatch(one ->
            one.life().state() instanceof InstanceState.Up(boolean ready, _, _)
                ? ready
                : one.life().state() instanceof InstanceState.Stopped);
  }

  private boolean isGivenUp(String role) {
    return of(role).anyMatch(one -> one.life().state() instanceof InstanceState.Gone);
  }

  private boolean isLive(String role) {
    return of(role).anyMatch(one -> one.life().state().isLive());
  }

  private Stream<Supervised> of(String role) {
    return instances.get().stream().filter(one -> one.role().name().equals(role));
  }
}
