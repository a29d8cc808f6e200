package io.rolehost.jobs.command;

import static io.rolehost.jobs.Triggers.cron;
import static io.rolehost.jobs.Triggers.queue;

import com.codahale.metrics.MetricRegistry;
import io.rolehost.api.Backoff;
import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.Jobs;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Can't decode two photos as long as there is no file {@code fixed}; has a schedule. */
public final class OperatedRole implements Role {

  record Photo(String name) {}

  private static final Backoff SOON = new Backoff(Duration.ofMillis(5), Duration.ofMillis(5), 1, 0);

  private final MetricRegistry metrics;

  /** Called by the host. */
  @Inject
  public OperatedRole(MetricRegistry metrics) {
    this.metrics = metrics;
  }

  @Override
  public boolean onStart(RoleContext context) {
    Path folder = Path.of(System.getProperty("folder"));
    Jobs jobs = Jobs.open(context, metrics);
    jobs.on(
        queue("photos").maxAttempts(2).backoff(SOON),
        Photo.class,
        (photo, job) -> {
          if (photo.name().startsWith("bad") && !Files.exists(folder.resolve("fixed"))) {
            throw new IllegalStateException("no decoder for " + photo.name());
          }
        });
    jobs.on(cron("0 0 3 * * *").named("nightly"), (tick, job) -> {});
    for (String name : new String[] {"bad1", "bad2", "bad3", "good"}) {
      JobId _ =
          jobs.send("photos", new Photo(name)).id(new JobId("job-" + name)).tracked().submit();
    }
    return true;
  }
}
