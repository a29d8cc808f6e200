package io.rolehost.jobs;

import com.codahale.metrics.MetricRegistry;
import io.rolehost.api.PermanentFailureException;
import io.rolehost.api.RoleContext;
import java.util.ServiceLoader;

/** Makes {@link Jobs}; found by {@link ServiceLoader}, so that this package needs none below it. */
public interface JobsProvider {

  /** Opens the background work of a role; see {@link Jobs#open(RoleContext)}. */
  Jobs open(RoleContext context, MetricRegistry metrics);

  /** Returns the provider on the class path. */
  static JobsProvider installed() {
    return ServiceLoader.load(JobsProvider.class, JobsProvider.class.getClassLoader())
        .findFirst()
        .orElseThrow(() ->
            new PermanentFailureException(
                "No provider of io.rolehost.jobs.JobsProvider is on the class path, though"
                    + " role-jobs has one: the fat jar was packed without its META-INF/services."
                    + " With maven-shade-plugin add the ServicesResourceTransformer."));
  }
}
