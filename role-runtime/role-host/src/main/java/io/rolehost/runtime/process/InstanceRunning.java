package io.rolehost.runtime.process;

import java.io.IOException;

/** Another live process is this instance; the start is to be refused with 75. */
public final class InstanceRunning extends IOException {
  private static final long serialVersionUID = 1;

  private final long pid;

  InstanceRunning(String message, long pid) {
    super(message);
    this.pid = pid;
  }

  /** Returns the process id of the other one; 0 if it did not say. */
  public long pid() {
    return pid;
  }
}
