package io.rolehost.runtime.process;

import java.time.Instant;
import java.time.InstantSource;

/** The one place where a host reads the time; everybody else is given a source. */
public final class SystemTime implements InstantSource, Ticks {

  @Override
  public Instant instant() {
    return Instant.now();
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }
}
