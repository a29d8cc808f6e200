package io.rolehost.samples.photos.web;

import static io.rolehost.jobs.HttpTrigger.Method.POST;
import static io.rolehost.jobs.Triggers.http;

import com.codahale.metrics.MetricRegistry;
import io.rolehost.api.HealthCheck;
import io.rolehost.api.HealthImpact;
import io.rolehost.api.RoleContext;
import io.rolehost.api.WebRole;
import io.rolehost.jobs.Jobs;
import io.rolehost.samples.photos.PhotoSettings;
import io.rolehost.samples.photos.PhotoStore;
import io.rolehost.samples.photos.Photos;
import io.rolehost.samples.photos.Reindex;
import io.rolehost.samples.photos.Thumbnails;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.function.Function;

/**
 * Takes photos in and shows what became of them. With {@code photos.thumbnails.in-web = true} it
 * also makes the thumbnails, by the worker's own handlers.
 */
public final class PhotoWeb implements WebRole {
  private final InstantSource clock;
  private final Function<RoleContext, Jobs> opening;

  /** Built by the host. */
  @Inject
  public PhotoWeb(InstantSource clock, MetricRegistry metrics) {
    this(clock, context -> Jobs.open(context, metrics));
  }

  PhotoWeb(InstantSource clock, Function<RoleContext, Jobs> opening) {
    this.clock = clock;
    this.opening = opening;
  }

  @Override
  public boolean onStart(RoleContext context) throws Exception {
    PhotoSettings settings = PhotoSettings.of(context.config());
    PhotoStore store = new PhotoStore(settings);
    Jobs jobs = opening.apply(context);
    context.healthCheck(
        "photos",
        () -> {
          store.probe();
          return HealthCheck.Result.ok();
        },
        HealthImpact.GATES_READINESS);
    Photos photos = new Photos(store, jobs, settings, clock);
    jobs.accept(http(POST, "/reindex"), Reindex.class);
    context.endpoint("http").serve(jobs.http(new PhotoSite(photos, settings.maxUpload())));
    if (settings.inWeb()) {
      Thumbnails.declare(jobs, store, settings, clock);
    }
    return true;
  }
}
