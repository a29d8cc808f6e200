package io.rolehost.jobs.boot;

import com.codahale.metrics.MetricRegistry;
import io.rolehost.api.RoleContext;
import io.rolehost.jobs.Jobs;
import io.rolehost.jobs.JobsProvider;

/** Makes the background work of a role; called by {@link java.util.ServiceLoader}. */
public final class RoleJobsProvider implements JobsProvider {

  /** Called by {@link java.util.ServiceLoader}. */
  public RoleJobsProvider() {}

  @Override
  public Jobs open(RoleContext context, MetricRegistry metrics) {
    HostLogging.where(RoleJobsProvider.class.getClassLoader());
    return RoleJobs.open(
        context, JobsSettings.of(context), System.getenv("ROLEHOST_NODE") != null, metrics);
  }
}
