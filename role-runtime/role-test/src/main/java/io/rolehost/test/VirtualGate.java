package io.rolehost.test;

import io.rolehost.runtime.supervision.Gate;

/** A gate whose waiters wait in virtual time. */
final class VirtualGate implements Gate {

  private final VirtualTime time;
  private volatile boolean open;

  VirtualGate(VirtualTime time) {
    this.time = time;
  }

  @Override
  public void open() {
    open = true;
    time.opened(this);
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void await() throws InterruptedException {
    time.await(this, Long.MAX_VALUE);
  }

  @Override
  public boolean await(long nanos) throws InterruptedException {
    time.await(this, nanos);
    return open;
  }
}
