package io.rolehost.runtime.metrics;

import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long the answers of the probes took, counted by bounds. A probe is asked far more often than
 * anybody scrapes, so that a count is two plain writes. Written by one thread, read by any.
 */
final class ProbeTimes {

  static final List<String> PROBES = List.of("livez", "readyz", "startupz");

  /** Upper bounds, in seconds; the last bucket has none. */
  static final double[] BOUNDS = {0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5};

  private static final long[] NANOS = new long[BOUNDS.length];

  static {
    for (int i = 0; i < BOUNDS.length; i++) {
      NANOS[i] = (long) (BOUNDS[i] * 1e9);
    }
  }

  /** For each probe the counts by bound, that without a bound, and the nanoseconds together. */
  private static final int ROW = BOUNDS.length + 2;

  private final AtomicLongArray counts = new AtomicLongArray(PROBES.size() * ROW);

  /** Counts an answer; a path that is no probe's is not counted. */
  void answered(String probe, long nanos) {
    int row = PROBES.indexOf(probe) * ROW;
    if (row < 0) {
      return;
    }
    int bucket = 0;
    while (bucket < NANOS.length && nanos > NANOS[bucket]) {
      bucket++;
    }
    add(row + bucket, 1);
    add(row + ROW - 1, nanos);
  }

  private void add(int index, long more) {
    counts.lazySet(index, counts.getPlain(index) + more);
  }

  /** Returns the counts of a probe by bound, the last those past all. */
  long[] counts(String probe) {
    int row = PROBES.indexOf(probe) * ROW;
    long[] found = new long[ROW - 1];
    for (int i = 0; i < found.length; i++) {
      found[i] = counts.get(row + i);
    }
    return found;
  }

  /** Returns how long the answers of a probe took together. */
  double seconds(String probe) {
    return counts.get(PROBES.indexOf(probe) * ROW + ROW - 1) / 1e9;
  }
}
