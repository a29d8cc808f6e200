package io.rolehost.jobs.artemis;

import com.codahale.metrics.MetricRegistry;
import io.rolehost.api.Backoff;
import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.api.Task;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.Jobs;
import jakarta.inject.Inject;
import java.time.Duration;

/** Sends tracked jobs again and again, and fails as often as there is no ledger. */
public final class LedgerlessRole implements Role {

  private final MetricRegistry metrics;

  /** Called by the host. */
  @Inject
  public LedgerlessRole(MetricRegistry metrics) {
    this.metrics = metrics;
  }

  @Override
  public boolean onStart(RoleContext context) {
    Jobs jobs = Jobs.open(context, metrics);
    context
        .tasks()
        .start(
            Task.named("sender")
                .body(_ -> {
                  JobId _ = jobs.send("photos", "a photo").tracked().submit();
                })
                .backoff(new Backoff(Duration.ofMillis(100), Duration.ofMillis(100), 1, 0))
                .unlimitedRestarts());
    return true;
  }
}
