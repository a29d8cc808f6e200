package io.rolehost.bench.peer;

import com.sun.management.OperatingSystemMXBean;
import io.rolehost.api.Backoff;
import io.rolehost.api.Instance;
import io.rolehost.api.Task;
import io.rolehost.api.TaskBody;
import io.rolehost.api.TaskContext;
import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.process.HostLog;
import io.rolehost.runtime.process.SystemTime;
import io.rolehost.runtime.supervision.SupervisionListener;
import io.rolehost.runtime.supervision.TaskTree;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;

/**
 * Our supervised tasks, and the bare virtual threads below them, under the same two questions.
 *
 * <pre>
 * restart N, restart-floor N   nanoseconds from a failure to the new attempt, one line a restart
 * many N, many-floor N         milliseconds to start N that wait, and bytes for each
 * scan N                       microseconds to look at the progress of N tasks, one line a look
 * recorded N                   of N pairs: wall and CPU nanoseconds a restart, without the flight
 *                              recorder and with it, one line a pair
 * recorded-restart N           of N pairs: the median of restarts as "restart" measures them,
 *                              without the flight recorder and with it, one line a pair
 * </pre>
 */
public final class TasksPeer {

  private static final int LOOKS = 20;

  private static final Duration PAUSE = Duration.ofMillis(10);

  /** Restarts without a pause before the measured ones: compiled code is compared with OTP's. */
  private static final int WARM_UP = 20_000;

  /** Pairs that are compiled on the way. */
  private static final int WARM_PAIRS = 2;

  /** Restarts with a pause of which one half of a pair is the median. */
  private static final int PACED = 200;

  /** Restarts without a pause between two changes of the flight recorder. */
  private static final int BLOCK = 100_000;

  /** Restarts after such a change that are not measured. */
  private static final int SETTLE = 30_000;

  private TasksPeer() {}

  /** Runs one of them, with the log off: the peers write no line for a restart either. */
  public static void main(String[] args) throws InterruptedException {
    HostLog.bind(
        HostLog.open(
            new HostSettings.Log(false, false, "off", 1, 1),
            Path.of(""),
            new Instance("bench", "tasks", "tasks_IN_0", 1),
            new SystemTime()));
    int n = Integer.parseInt(args[1]);
    switch (args[0]) {
      case "restart" -> restart(n);
      case "restart-floor" -> restartFloor(n);
      case "many" -> many(n);
      case "many-floor" -> manyFloor(n);
      case "scan" -> scan(n);
      case "recorded" -> recorded(n);
      case "recorded-restart" -> recordedRestart(n);
      default -> throw new IllegalArgumentException(args[0]);
    }
    System.exit(0);
  }

  private static TaskTree tree() {
    SystemTime time = new SystemTime();
    return new TaskTree(time, time, new Random(1), new SupervisionListener() {}, false);
  }

  /** What the attempts of one task tell one another. */
  private static final class Times {
    private final long[] nanos;
    private final AtomicLong died = new AtomicLong();
    private final AtomicInteger count = new AtomicInteger();
    private final CountDownLatch done = new CountDownLatch(1);

    Times(int restarts) {
      nanos = new long[restarts];
    }

    /** Notes that an attempt runs; tells whether it is to fail. */
    boolean born() {
      long now = System.nanoTime();
      int before = count.getAndIncrement() - WARM_UP;
      if (before > 0 && before <= nanos.length) {
        nanos[before - 1] = now - died.get();
      }
      if (before >= nanos.length) {
        done.countDown();
        return false;
      }
      return true;
    }

    void fail() throws InterruptedException {
      if (count.get() > WARM_UP) {
        Thread.sleep(PAUSE);
      }
      died.set(System.nanoTime());
      throw new IllegalStateException("failed");
    }

    long median() throws InterruptedException {
      done.await();
      long[] sorted = nanos.clone();
      Arrays.sort(sorted);
      return sorted[sorted.length / 2];
    }

    void print() throws InterruptedException {
      done.await();
      for (long each : nanos) {
        System.out.println(each);
      }
    }
  }

  private static void restart(int n) throws InterruptedException {
    Times times = new Times(n);
    var _ =
        tree()
            .start(
                Task.named("failing")
                    .body(context -> {
                      if (!times.born()) {
                        context.stopToken().await();
                      }
                      times.fail();
                    })
                    .backoff(Backoff.none())
                    .unlimitedRestarts());
    times.print();
  }

  /** One task that always fails, while a recording comes and goes. */
  private static void recorded(int pairs) throws InterruptedException {
    AtomicLong restarts = new AtomicLong();
    var _ =
        tree()
            .start(
                Task.named("failing")
                    .body(_ -> {
                      restarts.incrementAndGet();
                      throw new IllegalStateException("failed");
                    })
                    .backoff(Backoff.none())
                    .unlimitedRestarts());
    for (int pair = -WARM_PAIRS; pair < pairs; pair++) {
      boolean first = pair % 2 == 0; // each comes first as often
      long[] one = block(restarts, first);
      long[] other = block(restarts, !first);
      long[] without = first ? other : one;
      long[] with = first ? one : other;
      if (pair >= 0) {
        System.out.println(without[0] + " " + without[1] + " " + with[0] + " " + with[1]);
      }
    }
  }

  /** As {@link #restart} measures, while a recording comes and goes. */
  private static void recordedRestart(int pairs) throws InterruptedException {
    SynchronousQueue<Times> blocks = new SynchronousQueue<>();
    var _ =
        tree()
            .start(
                Task.named("failing")
                    .body(new Paced(blocks))
                    .backoff(Backoff.none())
                    .unlimitedRestarts());
    for (int pair = -WARM_PAIRS; pair < pairs; pair++) {
      boolean first = pair % 2 == 0; // each comes first as often
      long one = median(blocks, first);
      long other = median(blocks, !first);
      if (pair >= 0) {
        System.out.println(first ? other + " " + one : one + " " + other);
      }
    }
  }

  /** Fails as often as a block wants, then waits for the next block. */
  private static final class Paced implements TaskBody {
    private final SynchronousQueue<Times> blocks;
    private @Nullable Times block;

    Paced(SynchronousQueue<Times> blocks) {
      this.blocks = blocks;
    }

    @Override
    public void run(TaskContext context) throws InterruptedException {
      Times current = block;
      if (current == null || !current.born()) {
        current = blocks.take();
        block = current;
        boolean _ = current.born();
      }
      current.fail();
    }
  }

  private static long median(SynchronousQueue<Times> blocks, boolean record)
      throws InterruptedException {
    if (!record) {
      return median(blocks);
    }
    try (Recording recording = new Recording()) {
      recording.start();
      return median(blocks);
    }
  }

  private static long median(SynchronousQueue<Times> blocks) throws InterruptedException {
    Times times = new Times(PACED);
    blocks.put(times);
    return times.median();
  }

  /** Returns what a restart takes: nanoseconds on the wall, and of all processors. */
  private static long[] block(AtomicLong restarts, boolean record) throws InterruptedException {
    if (!record) {
      return block(restarts);
    }
    try (Recording recording = new Recording()) { // of all events only ours: it has no settings
      recording.start();
      return block(restarts);
    }
  }

  private static long[] block(AtomicLong restarts) throws InterruptedException {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    await(restarts, SETTLE); // compiled anew, since an event is another code when it is recorded
    long count = restarts.get();
    long wall = System.nanoTime();
    long cpu = system.getProcessCpuTime();
    await(restarts, BLOCK);
    long n = restarts.get() - count;
    return new long[] {(System.nanoTime() - wall) / n, (system.getProcessCpuTime() - cpu) / n};
  }

  private static void await(AtomicLong restarts, int more) throws InterruptedException {
    long end = restarts.get() + more;
    while (restarts.get() < end) {
      Thread.sleep(1);
    }
  }

  private static void restartFloor(int n) throws InterruptedException {
    Times times = new Times(n);
    next(times);
    times.print();
  }

  /** A virtual thread that throws, catches, and starts its successor. */
  private static void next(Times times) {
    var _ =
        Thread.ofVirtual()
            .start(() -> {
              if (!times.born()) {
                return;
              }
              try {
                times.fail();
              } catch (InterruptedException | IllegalStateException _) {
                next(times);
              }
            });
  }

  private static void many(int n) throws InterruptedException {
    TaskTree tree = tree();
    CountDownLatch up = new CountDownLatch(n);
    long before = used();
    long start = System.nanoTime();
    for (int i = 0; i < n; i++) {
      var _ =
          tree.start(
              Task.named("t" + i)
                  .body(context -> {
                    up.countDown();
                    context.stopToken().await();
                  }));
    }
    report(up, start, before, n);
  }

  private static void scan(int n) throws InterruptedException {
    TaskTree tree = tree();
    CountDownLatch up = new CountDownLatch(n);
    for (int i = 0; i < n; i++) {
      var _ =
          tree.start(
              Task.named("t" + i)
                  .body(context -> {
                    context.progress(1);
                    up.countDown();
                    context.stopToken().await();
                  })
                  .hang(Duration.ofHours(1), Duration.ofHours(2)));
    }
    up.await();
    for (int look = 0; look < 2 * LOOKS; look++) {
      long start = System.nanoTime();
      int standing = tree.standing(Duration.ofHours(1).toNanos()).size();
      long took = (System.nanoTime() - start) / 1_000;
      if (look >= LOOKS && standing == 0) { // the first ones are compiled on the way
        System.out.println(took);
      }
    }
  }

  private static void manyFloor(int n) throws InterruptedException {
    CountDownLatch up = new CountDownLatch(n);
    CountDownLatch stop = new CountDownLatch(1);
    Thread[] threads = new Thread[n];
    long before = used();
    long start = System.nanoTime();
    for (int i = 0; i < n; i++) {
      threads[i] =
          Thread.ofVirtual()
              .name("t" + i)
              .start(() -> {
                up.countDown();
                try {
                  stop.await();
                } catch (InterruptedException _) {
                  Thread.currentThread().interrupt();
                }
              });
    }
    report(up, start, before, n);
    stop.countDown();
  }

  private static void report(CountDownLatch up, long start, long before, int n)
      throws InterruptedException {
    up.await();
    long took = (System.nanoTime() - start) / 1_000_000;
    System.out.println(took + " " + (used() - before) / n);
  }

  /** Collections in a row until all that is garbage is gone. */
  private static long used() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(100);
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
