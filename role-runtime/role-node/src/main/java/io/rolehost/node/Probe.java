package io.rolehost.node;

/** What finds out whether a process is ready, until it is closed. */
@FunctionalInterface
interface Probe extends AutoCloseable {
  @Override
  void close();
}
