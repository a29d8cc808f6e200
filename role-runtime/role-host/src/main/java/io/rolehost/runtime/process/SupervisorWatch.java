package io.rolehost.runtime.process;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Notices the end of the node that started this process, in two ways, for a kill leaves no time to
 * say so: standard input ends, which is at once, or the parent is another one, which is looked at
 * twice a second.
 */
public final class SupervisorWatch implements AutoCloseable {

  private static final String NODE = "ROLEHOST_NODE";
  private static final long LOOK_EVERY_MILLIS = 500;

  private final Consumer<String> lost;
  private final AtomicBoolean told = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);

  private SupervisorWatch(Consumer<String> lost) {
    this.lost = lost;
  }

  /**
   * Starts to watch if {@code ROLEHOST_NODE} is set; otherwise standard input is left alone.
   *
   * @param stdin is read to its end; what comes is thrown away
   * @param lost is told the reason, once, on a daemon thread
   * @return ends the watch; closing throws nothing
   */
  public static AutoCloseable start(
      Map<String, String> environment, InputStream stdin, Consumer<String> lost) {
    String node = environment.getOrDefault(NODE, "");
    SupervisorWatch watch = new SupervisorWatch(lost);
    if (!node.isBlank()) {
      Thread.ofPlatform()
          .daemon()
          .name("rolehost-supervisor-input")
          .start(() -> watch.readToEnd(stdin, node));
      Optional<ProcessHandle> parent = ProcessHandle.current().parent();
      Thread.ofPlatform()
          .daemon()
          .name("rolehost-supervisor-parent")
          .start(() -> watch.lookAtParent(parent, node));
    }
    return watch;
  }

  @Override
  public void close() {
    told.set(true);
    closed.countDown();
  }

  private void readToEnd(InputStream stdin, String node) {
    byte[] ignored = new byte[256];
    try {
      while (stdin.read(ignored) >= 0 && closed.getCount() > 0) {
        // A node says nothing there; it only has to keep it open.
      }
      tell("standard input ended, so node " + node + " is gone");
    } catch (IOException e) {
      tell("standard input broke (" + e + "), so node " + node + " is gone");
    }
  }

  private void lookAtParent(Optional<ProcessHandle> first, String node) {
    try {
      do {
        Optional<String> gone = gone(first, ProcessHandle.current().parent(), node);
        if (gone.isPresent()) {
          tell(gone.get());
          return;
        }
      } while (!closed.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Optional<String> gone(
      Optional<ProcessHandle> first, Optional<ProcessHandle> now, String node) {
    if (first.isPresent() && !now.equals(first)) {
      return Optional.of(
          "the parent process was "
              + first.get().pid()
              + " and is "
              + now.map(parent -> Long.toString(parent.pid())).orElse("none")
              + ", so node "
              + node
              + " is gone");
    }
    // A node that died before we looked for the first time left us another parent already.
    if (node.chars().allMatch(Character::isDigit)
        && node.length() < 19
        && ProcessHandle.of(Long.parseLong(node)).isEmpty()) {
      return Optional.of("there is no process " + node + " any more, which is the node's");
    }
    return Optional.empty();
  }

  private void tell(String reason) {
    if (told.compareAndSet(false, true)) {
      closed.countDown();
      lost.accept(reason);
    }
  }
}
