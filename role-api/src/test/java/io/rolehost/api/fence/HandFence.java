package io.rolehost.api.fence;

import io.rolehost.api.Fence;
import io.rolehost.api.StaleFenceException;

/** A fence that a test raises by hand, at once or at a later check. */
final class HandFence implements Fence {

  private int passes = Integer.MAX_VALUE;

  void raise() {
    raiseAfter(0);
  }

  /** Lets {@code checks} more pass. */
  void raiseAfter(int checks) {
    passes = checks;
  }

  @Override
  public void check() {
    if (!isCurrent()) {
      throw new StaleFenceException("raised by the test");
    }
    passes--;
  }

  @Override
  public boolean isCurrent() {
    return passes > 0;
  }

  @Override
  public long number() {
    return 7;
  }
}
