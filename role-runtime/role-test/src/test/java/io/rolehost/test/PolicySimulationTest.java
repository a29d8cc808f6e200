package io.rolehost.test;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.api.Backoff;
import io.rolehost.api.FatalTaskException;
import io.rolehost.api.PermanentFailureException;
import io.rolehost.api.Restart;
import io.rolehost.api.Task;
import io.rolehost.api.TaskBody;
import io.rolehost.api.TaskContext;
import io.rolehost.runtime.supervision.Jitter;
import io.rolehost.runtime.supervision.PolicySimulation;
import io.rolehost.runtime.supervision.PolicySimulation.Fate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is shown for given failures is what happens at them. */
final class PolicySimulationTest {

  @Test
  void simulation_ofRandomCases_equalsTheirTraceInVirtualTime() {
    compare(300, 1);
  }

  @Test
  @Tag("long")
  void simulation_ofTenThousandCases_equalsTheirTraceInVirtualTime() {
    compare(10_000, 2);
  }

  private static void compare(int cases, long firstSeed) {
    for (int each = 0; each < cases; each++) {
      long seed = firstSeed * 1_000_000 + each;
      Random random = new Random(seed);
      List<Fate> fates = fates(random);
      Task rules = rules(random);
      List<String> shown =
          PolicySimulation.run(rules, fates, Jitter.seeded(seed)).stream()
              .map(line -> line.toString())
              .filter(line -> !line.contains(" runs on, "))
              .toList();
      assertEquals(shown, traced(rules, fates, seed), "seed " + seed);
    }
  }

  private static List<String> traced(Task rules, List<Fate> fates, long seed) {
    try (VirtualTasks tasks = new VirtualTasks(seed)) {
      var _ = tasks.start(withBody(rules, new Script(fates)));
      tasks.advance(Duration.ofDays(2));
      return tasks.history();
    }
  }

  /** Ends each attempt as it is written. */
  private static final class Script implements TaskBody {
    private final Deque<Fate> fates;

    Script(List<Fate> fates) {
      this.fates = new ArrayDeque<>(fates);
    }

    @Override
    public void run(TaskContext task) throws Exception {
      Fate fate = fates.poll();
      if (fate == null) {
        task.stopToken().await();
        return;
      }
      if (task.stopToken().await(fate.after())) {
        return;
      }
      @Nullable Throwable failure = fate.failure();
      switch (failure) {
        case null -> {}
        case Exception exception -> throw exception;
        case Throwable error -> throw new IllegalStateException(error);
      }
    }
  }

  private static Task withBody(Task rules, TaskBody body) {
    return Task.named(rules.name())
        .body(body)
        .restart(rules.restart())
        .backoff(rules.backoff())
        .budget(rules.budget().restarts(), rules.budget().window());
  }

  private static Task rules(Random random) {
    Duration first = Duration.ofMillis(100 + random.nextInt(2_000));
    Duration cap = first.multipliedBy(1 + random.nextInt(10));
    return Task.named("task")
        .body(_ -> {})
        .restart(
            switch (random.nextInt(3)) {
              case 0 -> Restart.PERMANENT;
              case 1 -> Restart.TRANSIENT;
              default -> Restart.TEMPORARY;
            })
        .backoff(
            Backoff.exponential(first, cap)
                .factor(1 + random.nextInt(3))
                .jitter(random.nextInt(10) / 10.0))
        .budget(random.nextInt(6), Duration.ofHours(1));
  }

  private static List<Fate> fates(Random random) {
    List<Fate> fates = new ArrayList<>();
    int failures = random.nextInt(12);
    for (int i = 0; i < failures; i++) {
      fates.add(new Fate(Duration.ofMillis(1 + random.nextInt(100_000)), failure(random)));
    }
    return fates;
  }

  private static @Nullable Throwable failure(Random random) {
    return switch (random.nextInt(12)) {
      case 0 -> null;
      case 1 -> new FatalTaskException("fatal");
      case 2 -> new PermanentFailureException("permanent");
      case 3, 4, 5 -> new IOException("one");
      default -> new IllegalStateException("other " + random.nextInt(3));
    };
  }
}
