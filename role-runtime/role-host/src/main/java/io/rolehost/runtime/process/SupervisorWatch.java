package io.rolehost.runtime.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Notices the end of the node that started this process, in two ways, for a kill leaves no time to
 * say so: standard input ends, which is at once, or the parent is another one, which is looked at
 * twice a second and when the kernel says that the thread which started this process has ended.
 */
public final class SupervisorWatch implements AutoCloseable {

  private static final String NODE = "ROLEHOST_NODE";

  /** The line by which a node promotes a hot spare; a node says nothing else. */
  private static final String PROMOTE = "promote";

  private static final long LOOK_EVERY_MILLIS = 500;

  /** The first native call of a JVM takes 50 ms of a processor, which a start has no time for. */
  private static final Duration ASK_KERNEL_AFTER = Duration.ofSeconds(10);

  private final Consumer<String> lost;
  private final AtomicBoolean told = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Semaphore look = new Semaphore(0);

  private SupervisorWatch(Consumer<String> lost) {
    this.lost = lost;
  }

  /**
   * Starts to watch if {@code ROLEHOST_NODE} is set; otherwise standard input is left alone.
   *
   * @param stdin is read to its end
   * @param lost is told the reason, once, on a daemon thread
   * @return ends the watch; closing throws nothing
   */
  public static AutoCloseable start(
      Map<String, String> environment, InputStream stdin, Consumer<String> lost) {
    return start(environment, stdin, lost, () -> {});
  }

  /**
   * As above, for a hot spare.
   *
   * @param promoted is called, on a daemon thread, when the node says {@value #PROMOTE}
   */
  public static AutoCloseable start(
      Map<String, String> environment,
      InputStream stdin,
      Consumer<String> lost,
      Runnable promoted) {
    String node = environment.getOrDefault(NODE, "");
    SupervisorWatch watch = new SupervisorWatch(lost);
    if (!node.isBlank()) {
      Thread.ofPlatform()
          .daemon()
          .name("rolehost-supervisor-input")
          .start(() -> watch.readToEnd(stdin, node, promoted));
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
    look.release();
  }

  private void readToEnd(InputStream stdin, String node, Runnable promoted) {
    LineSplitter lines =
        new LineSplitter(
            StandardCharsets.US_ASCII,
            line -> {
              if (line.equals(PROMOTE)) {
                promoted.run();
              }
            });
    byte[] bytes = new byte[256];
    try {
      int read = stdin.read(bytes);
      while (read >= 0 && closed.getCount() > 0) {
        lines.accept(bytes, 0, read);
        read = stdin.read(bytes);
      }
      tell("standard input ended, so node " + node + " is gone");
    } catch (IOException e) {
      tell("standard input broke (" + e + "), so node " + node + " is gone");
    }
  }

  private void lookAtParent(Optional<ProcessHandle> first, String node) {
    try {
      long looks = 0;
      do {
        Optional<String> gone = gone(first, ProcessHandle.current().parent(), node);
        if (gone.isPresent()) {
          tell(gone.get());
          return;
        }
        if (looks++ == ASK_KERNEL_AFTER.toMillis() / LOOK_EVERY_MILLIS) {
          ParentDeath.tell(look::release); // here, since the kernel forgets it with the thread
        }
        boolean _ = look.tryAcquire(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
      } while (closed.getCount() > 0);
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
