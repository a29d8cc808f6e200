package io.rolehost.node;

import io.rolehost.node.machine.InstanceEvent;
import io.rolehost.node.machine.InstanceState;
import io.rolehost.node.machine.NodeStop;
import io.rolehost.runtime.process.Ticks;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * The end of a node: tells its instances to end. For the node's thread, but {@link #isUnderWay}.
 */
final class Stopping {

  /** What the node does for it. */
  interface Acts {

    /** Somebody wants an instance to end. */
    void ask(Supervised instance, InstanceEvent event, String by);

    /** Returns how long after SIGTERM an instance is killed. */
    Duration killAfter(Supervised instance);

    /** Tells the service manager that all end now, and how long that may take. */
    void announce(String why, Duration longest);

    void tell(String sentence);
  }

  private final Supplier<List<Supervised>> instances;
  private final Dependencies dependencies;
  private final Ticks ticks;
  private final Acts acts;
  private volatile NodeStop stop = NodeStop.none();
  private int failedCode;

  Stopping(
      Supplier<List<Supervised>> instances, Dependencies dependencies, Ticks ticks, Acts acts) {
    this.instances = instances;
    this.dependencies = dependencies;
    this.ticks = ticks;
    this.acts = acts;
  }

  /** Returns whether the node stops; from any thread. */
  boolean isUnderWay() {
    return stop.isUnderWay();
  }

  /** Somebody asks for it. */
  void asked(String why, Optional<Duration> within) {
    OptionalLong due =
        within.isPresent()
            ? OptionalLong.of(ticks.nanos() + within.get().toNanos())
            : OptionalLong.empty();
    NodeStop next = stop.asked(why, due);
    if (next.equals(stop)) {
      return;
    }
    acts.tell(next.told());
    stop = next;
    acts.announce(why, within.orElseGet(() -> dependencies.longestStop(acts::killAfter)));
    switch (next.stage()) {
      case NONE -> {}
      case IN_ORDER -> goOn();
      case URGENT -> {
        InstanceEvent.StopAsked atOnce = new InstanceEvent.StopAsked(next.urgentTime());
        instances.get().reversed().forEach(one -> acts.ask(one, atOnce, why));
      }
    }
  }

  /** One that is critical was given up: the node ends with its code. */
  void failed(Supervised instance, int code) {
    failedCode = code;
    asked(instance.id() + " is critical and was given up", Optional.empty());
  }

  /** Tells those to end that nobody needs any more; again and again, until all were told. */
  void goOn() {
    NodeStop now = stop;
    for (Supervised instance : dependencies.stoppable()) {
      Duration time = now.timeFor(acts.killAfter(instance), ticks.nanos());
      acts.ask(instance, new InstanceEvent.StopAsked(time), now.why());
    }
  }

  /** Returns the exit code of the node. */
  int exitCode() {
    if (isUnderWay()) {
      return failedCode;
    }
    for (Supervised instance : instances.get()) {
      if (instance.life().state() instanceof InstanceState.Gone
          && instance.life().lastEnd().isPresent()) {
        return instance.life().lastEnd().get().code();
      }
    }
    return 0;
  }
}
