package io.rolehost.runtime.management;

import java.util.Locale;

/** What somebody may do. Each includes those before it. */
public enum Right {
  /** Probes and metrics, which anybody may ask. */
  NONE,
  /** Looking: free for anybody as long as no read token is set. */
  READ,
  /** What an operator does from day to day: freeze, restart, recycle, redrive. */
  OPERATE,
  /** Everything, also a stop and a thread dump. */
  ADMIN;

  /** Returns whether whoever has this right may do what needs {@code other}. */
  boolean includes(Right other) {
    return compareTo(other) >= 0;
  }

  /** Returns the word for it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
