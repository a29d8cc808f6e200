package io.rolehost.samples.photos.worker;

import com.codahale.metrics.MetricRegistry;
import io.rolehost.api.HealthCheck;
import io.rolehost.api.HealthImpact;
import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.jobs.Jobs;
import io.rolehost.samples.photos.PhotoSettings;
import io.rolehost.samples.photos.PhotoStore;
import io.rolehost.samples.photos.Thumbnails;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.function.Function;

/** Makes the thumbnails of the photos. {@code run} is the default: supervise. */
public final class PhotoWorker implements Role {
  private final InstantSource clock;
  private final Function<RoleContext, Jobs> opening;

  /** Built by the host. */
  @Inject
  public PhotoWorker(InstantSource clock, MetricRegistry metrics) {
    this(clock, context -> Jobs.open(context, metrics));
  }

  PhotoWorker(InstantSource clock, Function<RoleContext, Jobs> opening) {
    this.clock = clock;
    this.opening = opening;
  }

  @Override
  public boolean onStart(RoleContext context) throws Exception {
    PhotoSettings settings = PhotoSettings.of(context.config());
    PhotoStore store = new PhotoStore(settings);
    context.healthCheck(
        "photos",
        () -> {
          store.probe();
          return HealthCheck.Result.ok();
        },
        HealthImpact.GATES_READINESS);
    Thumbnails.declare(opening.apply(context), store, settings, clock);
    return true;
  }
}
