package io.rolehost.runtime.boot;

/**
 * Threads of the host's own. They are platform threads: a role whose virtual threads keep every
 * carrier busy (two spinning ones do on two cores, JDK 25) must not hold up a freeze or a stop.
 */
final class HostThread {

  private HostThread() {}

  /** Runs {@code work} on a new daemon thread that is named {@code rolehost-<name>}. */
  static void start(String name, Runnable work) {
    Thread _ = Thread.ofPlatform().daemon().name("rolehost-" + name).start(work);
  }
}
