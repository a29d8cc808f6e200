package io.rolehost.samples.photos.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.rolehost.api.http.BodyTooLargeException;
import io.rolehost.api.http.HttpHandler;
import io.rolehost.api.http.HttpRequest;
import io.rolehost.api.http.HttpResponse;
import io.rolehost.jobs.JobsUnavailableException;
import io.rolehost.samples.photos.Photo;
import io.rolehost.samples.photos.Photos;
import io.rolehost.samples.photos.RefusedPhotoException;
import io.rolehost.samples.photos.StoreFullException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The photo service over HTTP. Every error is a problem document; no text of a client's is echoed.
 */
final class PhotoSite implements HttpHandler {
  private static final System.Logger LOG = System.getLogger(PhotoSite.class.getName());
  private static final Pattern PHOTO = Pattern.compile("/photos/([0-9a-f]{32})(/thumbnail)?");
  private static final Map<String, HttpResponse> PAGES =
      Map.of(
          "/", page("page.html", "text/html; charset=utf-8"),
          "/page.css", page("page.css", "text/css; charset=utf-8"),
          "/page.js", page("page.js", "text/javascript; charset=utf-8"));

  /** Seconds after which there may be room again, or a broker: some thumbnails later. */
  private static final String RETRY_AFTER = "5";

  private final Photos photos;
  private final long maxUpload;

  PhotoSite(Photos photos, long maxUpload) {
    this.photos = photos;
    this.maxUpload = maxUpload;
  }

  @Override
  public HttpResponse handle(HttpRequest request) throws Exception {
    HttpResponse page = PAGES.get(request.path());
    Matcher photo = PHOTO.matcher(request.path());
    HttpResponse answer;
    if (request.path().equals("/photos")) {
      answer = request.method().equals("POST") ? upload(request) : only("POST");
    } else if (page == null && !photo.matches()) {
      answer =
          HttpResponse.problem(404, "Not found", "There is nothing here. Photos are at /photos.");
    } else if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      answer = only("GET, HEAD");
    } else if (page != null) {
      answer = page;
    } else {
      answer = photo.group(2) == null ? status(photo.group(1)) : thumbnail(photo.group(1));
    }
    return answer.header("X-Content-Type-Options", "nosniff");
  }

  private HttpResponse upload(HttpRequest request) throws IOException {
    if (request.contentLength().orElse(0) > maxUpload) {
      return tooLarge();
    }
    try {
      String id = photos.accept(request.body());
      String location = "/photos/" + id;
      return HttpResponse.json(202, json(Map.of("id", id, "status", location)))
          .header("Location", location);
    } catch (BodyTooLargeException e) {
      return tooLarge();
    } catch (RefusedPhotoException e) {
      return switch (e.why()) {
        case TOO_MANY_BYTES -> tooLarge();
        case NOT_A_PHOTO -> HttpResponse.problem(415, "Not a photo", text(e));
        case EMPTY, BROKEN, TOO_MANY_PIXELS ->
            HttpResponse.problem(422, "Photo can't be used", text(e));
      };
    } catch (StoreFullException e) {
      return unavailable("No more photos fit in for now. Try again in a few seconds.", e);
    } catch (JobsUnavailableException e) {
      return unavailable("Photos can't be passed on for now. Try again in a few seconds.", e);
    }
  }

  private HttpResponse status(String id) {
    Optional<Photo> found;
    try {
      found = photos.find(id);
    } catch (JobsUnavailableException e) {
      return unavailable("It is there, and how far it is can't be told for now.", e);
    }
    if (found.isEmpty()) {
      return unknown();
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", id);
    fields.put("attempts", found.get().attempts());
    switch (found.get()) {
      case Photo.Waiting _ -> fields.put("state", "waiting");
      case Photo.Working _ -> fields.put("state", "working");
      case Photo.Done _ -> {
        fields.put("state", "done");
        fields.put("thumbnail", "/photos/" + id + "/thumbnail");
      }
      case Photo.Failed failed -> {
        fields.put("state", "failed");
        fields.put("reason", failed.reason());
      }
    }
    return HttpResponse.json(200, json(fields)).header("Cache-Control", "no-store");
  }

  private HttpResponse thumbnail(String id) {
    Optional<Photos.Thumbnail> thumbnail = photos.thumbnail(id);
    if (thumbnail.isEmpty()) {
      return HttpResponse.problem(
          404, "No thumbnail", "The photo has none, or none yet: ask /photos/" + id + " why.");
    }
    return HttpResponse.file(200, thumbnail.get().kind().mediaType(), thumbnail.get().file())
        // It may be made anew, so only for a while.
        .header("Cache-Control", "max-age=60");
  }

  private static HttpResponse unavailable(String detail, Exception cause) {
    LOG.log(Level.WARNING, "Answered with 503: {0}", cause.getMessage());
    return HttpResponse.problem(503, "Too busy", detail).header("Retry-After", RETRY_AFTER);
  }

  private HttpResponse tooLarge() {
    return HttpResponse.problem(
        413, "Photo too large", "A photo may have at most " + maxUpload + " bytes.");
  }

  private static HttpResponse unknown() {
    return HttpResponse.problem(
        404, "No such photo", "No photo has this id. It may be so old that it was removed.");
  }

  private static HttpResponse only(String methods) {
    return HttpResponse.problem(405, "Method not allowed", "Allowed here: " + methods + ".")
        .header("Allow", methods);
  }

  private static String text(Exception e) {
    return String.valueOf(e.getMessage());
  }

  private static String json(Map<String, ?> fields) {
    return ConfigValueFactory.fromMap(fields).render(ConfigRenderOptions.concise());
  }

  private static HttpResponse page(String name, String mediaType) {
    try (InputStream in = PhotoSite.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing in the jar: build it again");
      }
      String text = new String(in.readAllBytes(), UTF_8);
      return HttpResponse.bytes(200, mediaType, text.getBytes(UTF_8))
          .header(
              "Content-Security-Policy",
              "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
