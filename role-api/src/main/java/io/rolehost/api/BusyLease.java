package io.rolehost.api;

/**
 * Holds the instance out of the load balancer; see {@link RoleContext#busy}. Closing it twice, or
 * after its time is over, does nothing. May be closed from any thread.
 */
public interface BusyLease extends AutoCloseable {

  /** Gives the lease back. */
  @Override
  void close();
}
