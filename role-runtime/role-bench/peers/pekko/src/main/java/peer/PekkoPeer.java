package peer;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Pekko typed under the same two questions as the others.
 *
 * <pre>
 * restart N   nanoseconds from a failure to the behavior being set up again, one line a restart
 * many N      milliseconds for N supervised actors, and bytes for each
 * </pre>
 */
public final class PekkoPeer {

  private PekkoPeer() {}

  /** Restarts without a pause before the measured ones. */
  private static final int WARM_UP = 20_000;

  private static volatile long died;
  private static int count;

  public static void main(String[] args) throws Exception {
    int n = Integer.parseInt(args[1]);
    switch (args[0]) {
      case "restart" -> restart(n);
      case "many" -> many(n);
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static void restart(int n) throws Exception {
    long[] nanos = new long[n];
    CountDownLatch done = new CountDownLatch(1);
    Behavior<String> failing =
        Behaviors.supervise(
                Behaviors.<String>setup(context -> {
                  long now = System.nanoTime();
                  if (count > 0 && count <= n) {
                    nanos[count - 1] = now - died;
                  }
                  if (count++ >= n) {
                    done.countDown();
                    return Behaviors.empty();
                  }
                  context.scheduleOnce(Duration.ofMillis(10), context.getSelf(), "fail");
                  return Behaviors.receive(String.class)
                      .onAnyMessage(message -> {
                        died = System.nanoTime();
                        throw new IllegalStateException("failed");
                      })
                      .build();
                }))
            .onFailure(SupervisorStrategy.restart().withLoggingEnabled(false));
    ActorSystem<String> system = ActorSystem.create(failing, "restart");
    done.await();
    for (long each : nanos) {
      System.out.println(each);
    }
    system.terminate();
  }

  private static void many(int n) throws Exception {
    CountDownLatch up = new CountDownLatch(n);
    CountDownLatch counted = new CountDownLatch(1);
    long before = used();
    long start = System.nanoTime();
    Behavior<String> waiting =
        Behaviors.supervise(
                Behaviors.<String>setup(context -> {
                  up.countDown();
                  return Behaviors.empty();
                }))
            .onFailure(SupervisorStrategy.restart());
    ActorSystem<String> system =
        ActorSystem.create(
            Behaviors.setup(context -> {
              for (int i = 0; i < n; i++) {
                context.spawnAnonymous(waiting);
              }
              return Behaviors.empty();
            }),
            "many");
    up.await();
    long took = (System.nanoTime() - start) / 1_000_000;
    System.out.println(took + " " + (used() - before) / n);
    system.terminate();
    counted.countDown();
  }

  private static long used() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(100);
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
