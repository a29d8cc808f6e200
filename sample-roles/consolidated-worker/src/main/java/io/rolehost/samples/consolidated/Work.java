package io.rolehost.samples.consolidated;

import io.rolehost.api.StopToken;
import java.time.Duration;

/**
 * One piece of work, done in steps.
 *
 * @param name for operators
 * @param pause between two steps
 */
record Work(String name, Duration pause, Step step) {

  /** One step. A stop waits for its end; a long one looks at the token. */
  @FunctionalInterface
  interface Step {
    void take(StopToken stop) throws Exception;
  }
}
