package io.rolehost.samples.photos.worker;

import io.rolehost.api.HealthCheck;
import io.rolehost.api.HealthImpact;
import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.samples.photos.PhotoSettings;
import io.rolehost.samples.photos.Spool;
import io.rolehost.samples.photos.Thumbnails;
import jakarta.inject.Inject;
import java.time.InstantSource;

/** Makes the thumbnails of the photos in the spool. {@code run} is the default: supervise. */
public final class PhotoWorker implements Role {
  private final InstantSource clock;

  /** Built by the host. */
  @Inject
  public PhotoWorker(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public boolean onStart(RoleContext context) throws Exception {
    PhotoSettings settings = PhotoSettings.of(context.config());
    Spool spool = new Spool(settings, context.instance(), clock);
    context.healthCheck(
        "spool",
        () -> {
          spool.probe();
          return HealthCheck.Result.ok();
        },
        HealthImpact.GATES_READINESS);
    new Thumbnails(spool, settings, context.side()).start(context.tasks());
    return true;
  }
}
