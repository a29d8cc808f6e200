package io.rolehost.jobs.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.api.StopToken;
import io.rolehost.api.http.HttpRequest;
import io.rolehost.api.http.HttpResponse;
import io.rolehost.api.http.HttpStream;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobStatus;
import io.rolehost.jobs.Jobs;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is told of jobs: {@code /jobs/<id>}, its result and its events; and their cancelling. */
final class StatusResource {

  /** Ids that {@link Intake} made. Those of other jobs could be guessed, and are not shown. */
  private static final Pattern PATH = Pattern.compile("/jobs/([0-9a-f]{32})(|/result|/events)");

  private static final Duration LOOK = Duration.ofMillis(500);

  /** Sooner than any proxy closes what is silent, and than the endpoint's answer-timeout. */
  private static final int LOOKS_A_SIGN_OF_LIFE = 20;

  /** A client that follows longer connects again: two hours, as looks. */
  private static final int MOST_LOOKS = 2 * 60 * 60 * 2;

  private final Jobs jobs;
  private final HttpJobsSettings settings;
  private final StopToken stop;
  private final Semaphore streams;

  StatusResource(Jobs jobs, HttpJobsSettings settings, StopToken stop) {
    this.jobs = jobs;
    this.settings = settings;
    this.stop = stop;
    this.streams = new Semaphore(settings.streams());
  }

  /** Answers a request to {@code /jobs/…}. */
  HttpResponse answer(HttpRequest request) {
    Matcher path = PATH.matcher(request.path());
    Optional<JobStatus> found =
        path.matches() ? jobs.status(new JobId(path.group(1))) : Optional.empty();
    if (found.isEmpty()) {
      return HttpResponse.problem(
          404,
          "No such job",
          "It was never accepted here, or the time its result is kept is over.");
    }
    JobStatus job = found.get();
    boolean read = request.method().equals("GET") || request.method().equals("HEAD");
    return switch (path.group(2)) {
      case "" ->
          read
              ? status(job, request)
              : request.method().equals("DELETE") ? cancel(job) : notAllowed("GET, HEAD, DELETE");
      case "/result" -> read ? result(job) : notAllowed("GET, HEAD");
      default -> read ? events(job, request) : notAllowed("GET, HEAD");
    };
  }

  private HttpResponse status(JobStatus job, HttpRequest request) {
    if (!acceptsJson(request)) {
      return HttpResponse.problem(406, "Not acceptable", "The status of a job is JSON.");
    }
    if (job.state() == JobStatus.State.DONE
        && request.query("result").filter("redirect"::equals).isPresent()) {
      return HttpResponse.of(303).header("Location", "/jobs/" + job.id() + "/result");
    }
    String document = BodyJson.text(StatusJson.of(job));
    String etag = StatusJson.etag(document);
    boolean known =
        request
            .header("If-None-Match")
            .filter(named -> StatusJson.matches(named, etag))
            .isPresent();
    return polite(known ? HttpResponse.of(304) : document(200, job, document), job.state().ended())
        .header("ETag", etag)
        .header("Cache-Control", "private, no-cache");
  }

  private static HttpResponse document(int status, JobStatus job, String document) {
    return HttpResponse.bytes(status, StatusJson.contentType(job), document.getBytes(UTF_8));
  }

  private HttpResponse polite(HttpResponse response, boolean ended) {
    return ended
        ? response
        : response.header(
            "Retry-After", Long.toString(Math.max(1, settings.retryAfter().toSeconds())));
  }

  private HttpResponse result(JobStatus job) {
    return switch (job.state()) {
      case DONE -> HttpResponse.json(200, job.result().orElse("null"));
      case PENDING, RUNNING ->
          polite(
              HttpResponse.problem(
                  409, "Not done yet", "The job is " + StatusJson.state(job) + ". Ask again."),
              false);
      case FAILED ->
          HttpResponse.problem(
              409, "The job failed", job.failure().orElse("It gave no reason; see the log."));
      case CANCELLED ->
          HttpResponse.problem(409, "The job was cancelled", "It has no result, and never will.");
    };
  }

  private HttpResponse cancel(JobStatus job) {
    return switch (job.state()) {
      case CANCELLED -> document(200, job, BodyJson.text(StatusJson.of(job)));
      case DONE, FAILED ->
          HttpResponse.problem(
              409, "The job has ended", "It is " + StatusJson.state(job) + ": nothing to cancel.");
      case PENDING, RUNNING -> {
        boolean asked = jobs.cancel(job.id());
        JobStatus now = jobs.status(job.id()).orElse(job);
        Map<String, Object> values = StatusJson.of(now);
        values.put("cancelRequested", asked || now.state() == JobStatus.State.CANCELLED);
        yield polite(HttpResponse.json(202, BodyJson.text(values)), now.state().ended());
      }
    };
  }

  private HttpResponse events(JobStatus job, HttpRequest request) {
    if (!streams.tryAcquire()) {
      return HttpResponse.problem(
              503,
              "Too many followers",
              settings.streams() + " clients follow jobs already. Ask for the status instead.")
          .header("Retry-After", "5");
    }
    streams.release(); // taken again by the writer, which HEAD never calls
    String seen = request.header("Last-Event-ID").orElse("");
    return HttpResponse.stream(
            200, "text/event-stream; charset=utf-8", out -> follow(job.id(), seen, out))
        .header("Cache-Control", "no-store");
  }

  private void follow(JobId id, String lastSeen, HttpStream out)
      throws IOException, InterruptedException {
    if (!streams.tryAcquire()) {
      out.send("retry: 5000\n\n".getBytes(UTF_8));
      return;
    }
    try {
      out.send("retry: 1000\n\n".getBytes(UTF_8));
      String seen = lastSeen;
      for (int look = 1; look <= MOST_LOOKS; look++) {
        Optional<JobStatus> now = jobs.status(id);
        if (now.isEmpty()) {
          return;
        }
        String document = BodyJson.text(StatusJson.of(now.get()));
        String etag = StatusJson.etag(document).replace("\"", "");
        if (!etag.equals(seen)) {
          out.send(event(etag, StatusJson.state(now.get()), document));
          seen = etag;
        } else if (look % LOOKS_A_SIGN_OF_LIFE == 0) {
          out.send(":\n\n".getBytes(UTF_8));
        }
        if (now.get().state().ended() || out.leaving() || stop.await(LOOK)) {
          return;
        }
      }
    } finally {
      streams.release();
    }
  }

  private static byte[] event(String id, String name, String data) {
    return ("id: " + id + "\nevent: " + name + "\ndata: " + data + "\n\n").getBytes(UTF_8);
  }

  private static boolean acceptsJson(HttpRequest request) {
    String accept = request.header("Accept").orElse("*/*");
    return accept.contains("json") || accept.contains("*/*") || accept.contains("application/*");
  }

  private static HttpResponse notAllowed(String allow) {
    return HttpResponse.problem(405, "Method not allowed", "This path takes " + allow + ".")
        .header("Allow", allow);
  }
}
