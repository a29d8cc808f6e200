package io.rolehost.runtime.supervision;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** The part of a back-off that is left to chance. Asked by one thread at a time. */
@FunctionalInterface
public interface Jitter {

  /**
   * Returns a number from 0 up to, but not, 1.
   *
   * @param name of the task or group that waits
   * @param now the ticks at which its pause begins
   */
  double next(String name, long now);

  /** Another one each time. */
  static Jitter of(RandomGenerator random) {
    return (_, _) -> random.nextDouble();
  }

  /**
   * The same for the same task at the same time, whoever else asks and in whichever order: two
   * tasks that fail at once on two cores do not change places from run to run.
   */
  static Jitter seeded(long seed) {
    return (name, now) ->
        new SplittableRandom(seed ^ ((long) name.hashCode() << 32) ^ now).nextDouble();
  }
}
