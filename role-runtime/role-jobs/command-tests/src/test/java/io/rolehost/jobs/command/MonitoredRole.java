package io.rolehost.jobs.command;

import static io.rolehost.jobs.Triggers.cron;
import static io.rolehost.jobs.Triggers.queue;

import com.codahale.metrics.MetricRegistry;
import io.rolehost.api.Backoff;
import io.rolehost.api.HealthCheck;
import io.rolehost.api.HealthImpact;
import io.rolehost.api.Restart;
import io.rolehost.api.RoleContext;
import io.rolehost.api.Task;
import io.rolehost.api.TaskHandle;
import io.rolehost.api.WebRole;
import io.rolehost.api.http.HttpResponse;
import io.rolehost.jobs.Jobs;
import jakarta.inject.Inject;
import java.time.Duration;

/** Has something of everything that is measured: a task that failed once, one that was stopped. */
public final class MonitoredRole implements WebRole {

  record Photo(String name) {}

  private final MetricRegistry metrics;

  /** Called by the host. */
  @Inject
  public MonitoredRole(MetricRegistry metrics) {
    this.metrics = metrics;
  }

  @Override
  public boolean onStart(RoleContext context) {
    Jobs jobs = Jobs.open(context, metrics);
    jobs.on(
        queue("photos").maxAttempts(1),
        Photo.class,
        (photo, job) -> {
          throw new IllegalStateException("no decoder for " + photo.name());
        });
    jobs.on(cron("0 0 3 * * *").named("nightly"), (tick, job) -> {});
    var _ = jobs.send("photos", new Photo("bad")).submit();
    context.healthCheck("disk", HealthCheck.Result::ok, HealthImpact.REPORTS);
    TaskHandle stopped =
        context.tasks().start(Task.named("stopped").body(task -> task.stopToken().await()));
    stopped.stop();
    var _ =
        context
            .tasks()
            .start(
                Task.named("stumbling")
                    .body(task -> {
                      if (task.attempt() == 1) {
                        throw new IllegalStateException("expected by this test");
                      }
                      task.stopToken().await();
                    })
                    .restart(Restart.TRANSIENT)
                    .backoff(new Backoff(Duration.ofMillis(5), Duration.ofMillis(5), 1, 0)));
    return true;
  }

  @Override
  public void onApplicationStart(RoleContext context) {
    context.endpoint("http").serve(_ -> HttpResponse.text(200, "hello"));
  }
}
