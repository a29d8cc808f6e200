package io.rolehost.samples.consolidated;

import com.typesafe.config.Config;
import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.api.Task;
import io.rolehost.api.TaskContext;
import jakarta.inject.Inject;
import java.util.List;

/**
 * Does the work of several small worker roles in one process: each piece is a supervised task. What
 * the worker template of Cloud Services did by hand (a token, an event, a list of tasks, waiting
 * for all of them) is the host's; see {@code docs/azure-sample.md}.
 */
public final class ConsolidatedWorker implements Role {
  private static final System.Logger LOG = System.getLogger(ConsolidatedWorker.class.getName());

  private final List<Work> works;

  /** Called by the host. */
  @Inject
  public ConsolidatedWorker(Config config) {
    this(
        List.of(
            new Work(
                "orders",
                config.getDuration("consolidated-worker.orders.pause"),
                _ -> LOG.log(System.Logger.Level.INFO, "Orders are worked off")),
            new Work(
                "reports",
                config.getDuration("consolidated-worker.reports.pause"),
                _ -> LOG.log(System.Logger.Level.INFO, "Reports are written"))));
  }

  ConsolidatedWorker(List<Work> works) {
    this.works = works;
  }

  @Override
  public boolean onStart(RoleContext context) {
    for (Work work : works) {
      context.tasks().start(Task.named(work.name()).body(task -> repeat(work, task)));
    }
    return true;
  }

  private static void repeat(Work work, TaskContext task) throws Exception {
    long steps = 0;
    do {
      work.step().take(task.stopToken());
      task.progress(++steps);
    } while (!task.stopToken().await(work.pause()));
  }
}
