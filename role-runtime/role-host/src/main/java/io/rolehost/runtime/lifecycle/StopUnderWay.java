package io.rolehost.runtime.lifecycle;

import io.rolehost.api.StopContext;
import io.rolehost.api.StopReason;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What {@code onStop} and {@code onApplicationEnd} are told, by the state and the time given. */
public final class StopUnderWay implements StopContext {

  private final Supplier<HostState> state;
  private final LongSupplier now;
  private final Consumer<HostEvent> events;

  /**
   * Creates it.
   *
   * @param state gives the state of the moment; there has to be a stop whenever it is asked
   * @param now reads the monotonic time
   * @param events takes the wish for more time
   */
  public StopUnderWay(Supplier<HostState> state, LongSupplier now, Consumer<HostEvent> events) {
    this.state = state;
    this.now = now;
    this.events = events;
  }

  @Override
  public StopReason reason() {
    return stop().cause().reason();
  }

  @Override
  public Duration remaining() {
    return Duration.ofNanos(stop().ledger().remaining(now.getAsLong()));
  }

  @Override
  public Duration extend(Duration more) {
    if (more.isNegative()) {
      throw new IllegalArgumentException("a stop can't be shortened, asked for " + more);
    }
    DeadlineLedger extended = stop().ledger().extend(now.getAsLong(), more.toNanos());
    events.accept(new HostEvent.ExtensionAsked(more.toNanos()));
    return Duration.ofNanos(extended.remaining(now.getAsLong()));
  }

  private HostState.Stop stop() {
    return state
        .get()
        .stopUnderWay()
        .orElseThrow(
            () -> new IllegalStateException("the context of a stop is used when there is no stop"));
  }
}
