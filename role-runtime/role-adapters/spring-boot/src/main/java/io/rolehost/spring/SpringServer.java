package io.rolehost.spring;

import io.rolehost.api.EndpointServer;
import java.util.function.IntSupplier;

/**
 * What Spring has opened by itself, as an endpoint of the host's: counted and drained by the host,
 * closed by Spring with its context.
 */
final class SpringServer implements EndpointServer {
  private final IntSupplier port;
  private final Runnable drain;
  private final IntSupplier inFlight;

  SpringServer(IntSupplier port, Runnable drain, IntSupplier inFlight) {
    this.port = port;
    this.drain = drain;
    this.inFlight = inFlight;
  }

  @Override
  public int open(String host, int declared) {
    int bound = port.getAsInt();
    return bound == 0 ? declared : bound;
  }

  @Override
  public void drain() {
    drain.run();
  }

  @Override
  public int inFlight() {
    return inFlight.getAsInt();
  }

  /** The context closes it in {@code onStop}, and ends what is in flight. */
  @Override
  public void close() {}
}
