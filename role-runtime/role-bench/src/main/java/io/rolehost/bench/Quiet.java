package io.rolehost.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for the machine to have nothing better to do. */
final class Quiet {

  private static final double BUSY = 0.3;
  private static final int TRIES = Integer.getInteger("bench.quiet.tries", 40);

  private Quiet() {}

  /**
   * Returns when other work used less than 30 % of the cores for a quarter of a second, or after 10
   * s.
   */
  static void await() throws IOException {
    long[] before = read();
    for (int i = 0; i < TRIES; i++) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(250));
      long[] after = read();
      double busy = (double) (after[0] - before[0]) / Math.max(1, after[1] - before[1]);
      if (busy < BUSY) {
        return;
      }
      before = after;
    }
  }

  /** Reads {busy, all} in ticks since the boot. */
  private static long[] read() throws IOException {
    String line = Files.readString(Path.of("/proc/stat")).lines().findFirst().orElseThrow();
    String[] fields = line.split(" +", -1);
    long all = 0;
    for (int i = 1; i < fields.length; i++) {
      all += Long.parseLong(fields[i]);
    }
    long idle = Long.parseLong(fields[4]) + Long.parseLong(fields[5]);
    return new long[] {all - idle, all};
  }
}
