package io.rolehost.samples.photos.web;

import io.rolehost.api.HealthCheck;
import io.rolehost.api.HealthImpact;
import io.rolehost.api.RoleContext;
import io.rolehost.api.WebRole;
import io.rolehost.samples.photos.ImageCheck;
import io.rolehost.samples.photos.PhotoSettings;
import io.rolehost.samples.photos.Spool;
import io.rolehost.samples.photos.Thumbnails;
import jakarta.inject.Inject;
import java.time.InstantSource;

/**
 * Takes photos in and shows what became of them. With {@code photos.thumbnails.in-web = true} it
 * also makes the thumbnails, by the worker's own tasks.
 */
public final class PhotoWeb implements WebRole {
  private final InstantSource clock;

  /** Built by the host. */
  @Inject
  public PhotoWeb(InstantSource clock) {
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
    context
        .endpoint("http")
        .serve(new PhotoSite(spool, new ImageCheck(settings.maxPixels()), settings.maxUpload()));
    if (settings.inWeb()) {
      new Thumbnails(spool, settings, context.side()).start(context.tasks());
    }
    return true;
  }
}
