package io.rolehost.jobs.http;

import io.rolehost.api.http.BodyTooLargeException;
import io.rolehost.api.http.HttpRequest;
import io.rolehost.api.http.HttpResponse;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobStatus;
import io.rolehost.jobs.Jobs;
import io.rolehost.jobs.Outgoing;
import io.rolehost.jobs.ledger.Keys;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Makes a job of a request. */
final class Intake {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 16;

  private final Jobs jobs;
  private final Keys keys;
  private final HttpJobsSettings settings;
  private final Callbacks callbacks;

  Intake(Jobs jobs, Keys keys, HttpJobsSettings settings, Callbacks callbacks) {
    this.jobs = jobs;
    this.keys = keys;
    this.settings = settings;
    this.callbacks = callbacks;
  }

  /** Answers a request to a path that makes jobs. */
  <T> HttpResponse accept(Front<T> front, HttpRequest request) throws IOException {
    if (!isJson(request.header("Content-Type").orElse(""))) {
      return HttpResponse.problem(
              415, "Unsupported media type", "Send the body as Content-Type: application/json.")
          .header("Accept-Post", "application/json");
    }
    Optional<byte[]> body = read(request, front.trigger().maxBody());
    if (body.isEmpty()) {
      return HttpResponse.problem(
          413,
          "Content too large",
          "The body may have " + front.trigger().maxBody() + " bytes at most.");
    }
    Wishes wishes;
    T payload;
    try {
      wishes = Wishes.of(request);
      wishes.callback().ifPresent(callbacks::check);
      payload = BodyJson.read(body.get(), front.type());
    } catch (IllegalArgumentException | BodyJson.WrongBody e) {
      return HttpResponse.problem(400, "Bad request", String.valueOf(e.getMessage()));
    }
    return submit(front, payload, wishes, body.get());
  }

  private <T> HttpResponse submit(Front<T> front, T payload, Wishes wishes, byte[] body) {
    JobId id = newId();
    String scope = "http:" + front.trigger().method() + " " + front.trigger().path();
    if (wishes.idempotencyKey().isPresent()) {
      String key = wishes.idempotencyKey().get();
      String fingerprint = StatusJson.hash(body);
      switch (keys.reserve(scope, key, fingerprint, id, settings.keyWindow())) {
        case Keys.Reservation.Fresh() -> {}
        case Keys.Reservation.Known(JobId known, String first, boolean sent) -> {
          if (!first.equals(fingerprint)) {
            return HttpResponse.problem(
                422,
                "Idempotency-Key is already used",
                "This key came with another body before. Use a new key for a new request.");
          }
          if (sent) {
            return accepted(known, jobs.status(known).map(StatusJson::state));
          }
          id = known;
        }
      }
    }
    // Before the job, so that no job whose caller waits is left without; it waits for an unknown.
    callbacks.follow(id, wishes.callback());
    send(front, payload, wishes, id);
    wishes.idempotencyKey().ifPresent(key -> keys.sent(scope, key));
    return accepted(id, Optional.empty());
  }

  private <T> void send(Front<T> front, T payload, Wishes wishes, JobId id) {
    Outgoing message = jobs.send(front.queue(), payload).id(id).delay(wishes.delay()).tracked();
    wishes.priority().ifPresent(message::priority);
    wishes.correlationId().ifPresent(message::correlationId);
    var _ = message.submit();
  }

  private HttpResponse accepted(JobId id, Optional<String> state) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("id", id.value());
    body.put("state", state.orElse(pending()));
    body.put("links", StatusJson.links(id.value()));
    return HttpResponse.json(202, BodyJson.text(body))
        .header("Location", "/jobs/" + id.value())
        .header("Retry-After", Long.toString(Math.max(1, settings.retryAfter().toSeconds())));
  }

  private static String pending() {
    return JobStatus.State.PENDING.name().toLowerCase(Locale.ROOT);
  }

  /** Ids are all that is needed to see and to cancel a job, so nobody can guess one. */
  private static JobId newId() {
    byte[] bytes = new byte[ID_BYTES];
    RANDOM.nextBytes(bytes);
    return new JobId(HexFormat.of().formatHex(bytes));
  }

  private static boolean isJson(String contentType) {
    int end = contentType.indexOf(';');
    String type =
        (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    return type.equals("application/json")
        || (type.startsWith("application/") && type.endsWith("+json"));
  }

  private static Optional<byte[]> read(HttpRequest request, long most) throws IOException {
    if (request.contentLength().orElse(0) > most) {
      return Optional.empty();
    }
    try {
      byte[] body = request.body().readNBytes((int) Math.min(Integer.MAX_VALUE - 8, most + 1));
      return body.length > most ? Optional.empty() : Optional.of(body);
    } catch (BodyTooLargeException _) {
      return Optional.empty();
    }
  }
}
