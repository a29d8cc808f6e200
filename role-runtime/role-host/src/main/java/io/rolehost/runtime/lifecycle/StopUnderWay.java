package io.rolehost.runtime.boot;

import io.rolehost.api.StopContext;
import io.rolehost.api.StopReason;
import io.rolehost.runtime.lifecycle.DeadlineLedger;
import io.rolehost.runtime.lifecycle.HostEvent;
import io.rolehost.runtime.lifecycle.HostState;
import io.rolehost.runtime.process.Ticks;
import java.time.Duration;

/** What {@code onStop} and {@code onApplicationEnd} are told. */
final class HostStopContext implements StopContext {

  private final HostLoop loop;
  private final Ticks ticks;

  HostStopContext(HostLoop loop, Ticks ticks) {
    this.loop = loop;
    this.ticks = ticks;
  }

  @Override
  public StopReason reason() {
    return stop().cause().reason();
  }

  @Override
  public Duration remaining() {
    return Duration.ofNanos(stop().ledger().remaining(ticks.nanos()));
  }

  @Override
  public Duration extend(Duration more) {
    if (more.isNegative()) {
      throw new IllegalArgumentException("a stop can't be shortened, asked for " + more);
    }
    DeadlineLedger extended = stop().ledger().extend(ticks.nanos(), more.toNanos());
    loop.post(new HostEvent.ExtensionAsked(more.toNanos()));
    return Duration.ofNanos(extended.remaining(ticks.nanos()));
  }

  private HostState.Stop stop() {
    return switch (loop.state()) {
      case HostState.Stopping(var stop, _) -> stop;
      case HostState.Draining(var stop) -> stop;
      case HostState.Ended(var stop) -> stop;
      case HostState.Booting _,
          HostState.Gate _,
          HostState.Preparing _,
          HostState.Starting _,
          HostState.StartingApplication _,
          HostState.Running _,
          HostState.Killing _ ->
          throw new IllegalStateException("the context of a stop is used when there is no stop");
    };
  }
}
