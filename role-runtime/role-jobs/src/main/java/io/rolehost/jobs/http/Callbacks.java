package io.rolehost.jobs.http;

import io.rolehost.api.Backoff;
import io.rolehost.jobs.JobContext;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobStatus;
import io.rolehost.jobs.Jobs;
import io.rolehost.jobs.PermanentJobException;
import io.rolehost.jobs.Triggers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Tells those who wait that a job has ended: the caller by a signed request, others by the queue
 * {@code jobs.completed}. Each is followed by a job of its own, so that it outlives every process.
 */
final class Callbacks {

  /** Where those jobs are. */
  static final String QUEUE = "http-callbacks";

  /** Where ends are announced. */
  static final String COMPLETED = "jobs.completed";

  /** A job may be announced before it is sent; after so long nobody will send it. */
  private static final Duration UNKNOWN = Duration.ofHours(1);

  private static final int ATTEMPTS = 12;
  private static final Backoff BACKOFF =
      Backoff.exponential(Duration.ofSeconds(1), Duration.ofMinutes(10));

  private final Jobs jobs;
  private final HttpJobsSettings settings;
  private final CallbackRule rule;
  private final InstantSource clock;

  Callbacks(Jobs jobs, HttpJobsSettings settings, InstantSource clock) {
    this.jobs = jobs;
    this.settings = settings;
    this.rule = new CallbackRule(settings.callbackHosts());
    this.clock = clock;
  }

  /** Returns whether the settings have anybody told of an end. */
  boolean areWanted() {
    return settings.announceEnds() || !settings.callbackSecret().isEmpty();
  }

  /** Begins to handle them; to be called once. */
  void start() {
    jobs.on(
        Triggers.queue(QUEUE).concurrency(4).maxAttempts(ATTEMPTS).backoff(BACKOFF),
        FollowedJob.class,
        this::look);
  }

  /**
   * Checks the URL of a callback.
   *
   * @throws IllegalArgumentException saying why it will not be called
   */
  void check(String url) {
    if (settings.callbackSecret().isEmpty()) {
      throw new IllegalArgumentException(
          "There are no callbacks here: rolehost.jobs.http.callback-secret is not set");
    }
    var _ = rule.check(url);
  }

  /** Has a job followed to its end by each who waits for it. */
  void follow(JobId id, Optional<String> url) {
    url.ifPresent(caller -> follow(id, "call", caller));
    if (settings.announceEnds()) {
      follow(id, "announce", "");
    }
  }

  private void follow(JobId id, String what, String url) {
    FollowedJob order = new FollowedJob(id.value(), url, 0, clock.instant());
    var _ =
        jobs.send(QUEUE, order)
            .dedupKey(what + "-" + id.value())
            .delay(order.pause())
            .correlationId(id.value())
            .submit();
  }

  private void look(FollowedJob order, JobContext job) throws Exception {
    Optional<JobStatus> status = jobs.status(new JobId(order.job()));
    boolean given = Duration.between(order.since(), clock.instant()).compareTo(UNKNOWN) > 0;
    if (status.isEmpty() && given) {
      throw new PermanentJobException(
          "Nothing is known of the job "
              + order.job()
              + ": it was never sent, or its result was kept for too short a time");
    }
    if (status.isEmpty() || !status.get().state().ended()) {
      var _ = job.send(QUEUE, order.lookedAt()).delay(order.pause()).submit();
    } else if (order.url().isEmpty()) {
      var _ = job.send(COMPLETED, EndedJob.of(status.get())).submit();
    } else {
      call(order.url(), status.get());
    }
  }

  private void call(String url, JobStatus status) throws Exception {
    URI uri;
    try {
      uri = rule.check(url);
    } catch (IllegalArgumentException e) {
      throw new PermanentJobException(String.valueOf(e.getMessage()), e);
    }
    checkAddress(uri);
    String body = BodyJson.text(StatusJson.of(status));
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(settings.callbackTimeout())
            .header("Content-Type", StatusJson.contentType(status))
            .header("Rolehost-Job", status.id().value())
            .header(
                "Rolehost-Signature",
                Signature.of(settings.callbackSecret(), clock.instant(), body))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    int code;
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(settings.callbackTimeout())
            // Where it leads was not checked.
            .followRedirects(HttpClient.Redirect.NEVER)
            .build()) {
      code = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
    if (code >= 200 && code < 300) {
      return;
    }
    String what = uri.getHost() + " answered the callback with " + code;
    if (code >= 500 || code == 408 || code == 425 || code == 429) {
      throw new IOException(what);
    }
    throw new PermanentJobException(what + ", which no second call will change");
  }

  /** A name that anybody may choose must not lead to this machine or its network. */
  private void checkAddress(URI uri) throws IOException, PermanentJobException {
    if (rule.isNamed(uri)) {
      return;
    }
    for (InetAddress address : InetAddress.getAllByName(uri.getHost())) {
      if (!CallbackRule.isPublic(address) || NetworkInterface.getByInetAddress(address) != null) {
        throw new PermanentJobException(
            "The callback's host "
                + uri.getHost()
                + " is at "
                + address.getHostAddress()
                + ", which is no public address. If it may be called, list it by name in"
                + " rolehost.jobs.http.callback-hosts");
      }
    }
  }
}
