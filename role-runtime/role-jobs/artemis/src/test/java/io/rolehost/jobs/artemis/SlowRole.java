package io.rolehost.jobs.artemis;

import static io.rolehost.jobs.Triggers.queue;

import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.api.Task;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.Jobs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;

/** Handles one job, for ever where {@code holds} is set. */
public final class SlowRole implements Role {

  record Slow(String name) {}

  /** Called by the host. */
  public SlowRole() {}

  @Override
  public boolean onStart(RoleContext context) {
    Jobs jobs = Jobs.open(context);
    boolean holds = Boolean.getBoolean("holds");
    jobs.on(
        queue("slow"),
        Slow.class,
        (slow, job) -> {
          Path _ =
              Files.writeString(
                  Path.of(System.getProperty("folder"), "slow"),
                  context.instance().role() + " " + job.attempt() + "\n",
                  StandardOpenOption.CREATE,
                  StandardOpenOption.APPEND);
          if (holds) {
            new CountDownLatch(1).await();
          }
        });
    if (holds) {
      Object _ =
          context
              .tasks()
              .start(
                  Task.named("send")
                      .body(task -> {
                        JobId _ = jobs.send("slow", new Slow("a")).submit();
                        task.stopToken().await();
                      }));
    }
    return true;
  }
}
