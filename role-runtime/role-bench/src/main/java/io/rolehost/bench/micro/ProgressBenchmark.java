package io.rolehost.bench.micro;

import io.rolehost.api.Task;
import io.rolehost.api.TaskContext;
import io.rolehost.runtime.process.SystemTime;
import io.rolehost.runtime.supervision.SupervisionListener;
import io.rolehost.runtime.supervision.TaskTree;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What {@code progress} costs a body that calls it for each piece of its work: one attempt under a
 * hang limit, beside the same loop with a call that does nothing.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ProgressBenchmark {

  private final TaskTree tree = newTree();

  /** The floor: what is left of it is the loop and the counter. */
  private final LongConsumer nothing = ProgressBenchmark::take;

  private TaskContext task = start(tree);
  private long position;

  @SuppressWarnings("UnusedVariable") // to take it is all that an empty call does
  private static void take(long position) {}

  private static TaskTree newTree() {
    SystemTime time = new SystemTime();
    return new TaskTree(time, time, new Random(1), new SupervisionListener() {}, false);
  }

  private static TaskContext start(TaskTree tree) {
    CompletableFuture<TaskContext> started = new CompletableFuture<>();
    var _ =
        tree.start(
            Task.named("progressing")
                .body(context -> {
                  boolean _ = started.complete(context);
                  context.stopToken().await();
                })
                .hang(Duration.ofHours(1), Duration.ofHours(2)));
    try {
      return started.get();
    } catch (ExecutionException never) {
      throw new IllegalStateException(never);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted before the body ran", e);
    }
  }

  /** Each run begins at the same place. */
  @Setup(Level.Iteration)
  public void begin() {
    position = 0;
  }

  /** Nobody is left behind. */
  @TearDown
  public void end() {
    tree.cancel();
  }

  /** A call that does nothing. */
  @Benchmark
  public void emptyCall() {
    nothing.accept(++position);
  }

  /** The call that a body makes. */
  @Benchmark
  public void progress() {
    task.progress(++position);
  }

  /** The call of a body that has nothing to do. */
  @Benchmark
  public void idle() {
    task.idle();
  }
}
