package io.rolehost.test;

import io.rolehost.api.StopContext;
import io.rolehost.api.StopReason;
import io.rolehost.runtime.lifecycle.DeadlineLedger;
import io.rolehost.runtime.lifecycle.HostEvent;
import io.rolehost.runtime.lifecycle.HostState;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What {@code onStop} is told in virtual time. */
final class VirtualStop implements StopContext {

  private final VirtualTime time;
  private final Supplier<HostState> state;
  private final Consumer<HostEvent> events;

  VirtualStop(VirtualTime time, Supplier<HostState> state, Consumer<HostEvent> events) {
    this.time = time;
    this.state = state;
    this.events = events;
  }

  @Override
  public StopReason reason() {
    return stop().cause().reason();
  }

  @Override
  public Duration remaining() {
    return Duration.ofNanos(stop().ledger().remaining(time.nanos()));
  }

  @Override
  public Duration extend(Duration more) {
    if (more.isNegative()) {
      throw new IllegalArgumentException("a stop can't be shortened, asked for " + more);
    }
    DeadlineLedger extended = stop().ledger().extend(time.nanos(), more.toNanos());
    events.accept(new HostEvent.ExtensionAsked(more.toNanos()));
    return Duration.ofNanos(extended.remaining(time.nanos()));
  }

  private HostState.Stop stop() {
    return of(state.get()).orElseThrow(() -> new IllegalStateException("there is no stop"));
  }

  /** Returns the stop that is under way in {@code state}. */
  static Optional<HostState.Stop> of(HostState state) {
    return switch (state) {
      case HostState.Stopping(var stop, _) -> Optional.of(stop);
      case HostState.Draining(var stop) -> Optional.of(stop);
      case HostState.Ended(var stop) -> Optional.of(stop);
      case HostState.Booting _,
          HostState.Gate _,
          HostState.Preparing _,
          HostState.Starting _,
          HostState.StartingApplication _,
          HostState.Running _,
          HostState.Killing _ ->
          Optional.empty();
    };
  }
}
