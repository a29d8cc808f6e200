package io.rolehost.runtime.process;

/** A monotonic reading in nanoseconds. Only the difference of two readings has a meaning. */
@FunctionalInterface
public interface Ticks {

  /** Reads the clock. */
  long nanos();
}
