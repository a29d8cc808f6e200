package io.rolehost.jobs.artemis;

import io.rolehost.api.HealthCheck;
import io.rolehost.api.HealthImpact;
import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.api.Task;
import io.rolehost.jobs.boot.HostLogging;
import io.rolehost.jobs.boot.JobsSettings;
import io.rolehost.jobs.engine.BrokerHouse;
import java.util.Optional;

/**
 * The broker as a role of its own, for a node whose other roles share work: {@code
 * rolehost-broker.jar}. It leaves its address in {@code broker.conf} of {@code
 * rolehost.jobs.directory} when it takes connections, and is ready then.
 */
public final class BrokerRole implements Role {

  private static final System.Logger LOG = System.getLogger(BrokerRole.class.getName());

  /** Called by the host. */
  public BrokerRole() {}

  @Override
  public boolean onStart(RoleContext context) throws Exception {
    HostLogging.where(BrokerRole.class.getClassLoader());
    JobsSettings settings = JobsSettings.of(context);
    Optional<BrokerHouse> opened =
        BrokerHouse.open(settings.directory(), new ArtemisBroker(), settings.localBroker());
    if (opened.isEmpty()) {
      LOG.log(
          System.Logger.Level.ERROR,
          "Another process runs the broker of "
              + settings.directory()
              + "; its pid is in broker.conf there. Stop that one, or give this one another"
              + " rolehost.jobs.directory");
      return false;
    }
    BrokerHouse house = context.closeOnStop(opened.get());
    LOG.log(
        System.Logger.Level.INFO,
        "The broker of {0} is at {1}",
        settings.directory(),
        house.broker().there().shown());
    context.healthCheck("broker", () -> health(house), HealthImpact.GATES_READINESS);
    Object _ = context.tasks().start(Task.named("broker").body(task -> task.stopToken().await()));
    return true;
  }

  private static HealthCheck.Result health(BrokerHouse house) {
    String problem = house.broker().problem();
    return problem.isEmpty() ? HealthCheck.Result.ok() : HealthCheck.Result.unhealthy(problem);
  }
}
