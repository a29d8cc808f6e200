package io.rolehost.jobs.http;

import io.rolehost.api.StopToken;
import io.rolehost.api.http.HttpHandler;
import io.rolehost.api.http.HttpRequest;
import io.rolehost.api.http.HttpResponse;
import io.rolehost.jobs.HttpTrigger;
import io.rolehost.jobs.JobHandler;
import io.rolehost.jobs.Jobs;
import io.rolehost.jobs.JobsUnavailableException;
import io.rolehost.jobs.Triggers;
import io.rolehost.jobs.ledger.Keys;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/** The HTTP triggers of a role, and what is told of the jobs they made. Safe for all threads. */
public final class HttpJobs {

  private static final String JOBS = "/jobs/";

  private final Jobs jobs;
  private final Callbacks callbacks;
  private final Intake intake;
  private final StatusResource status;
  private final AtomicBoolean begun = new AtomicBoolean();
  // By path, then by method.
  private final Map<String, Map<String, Front<?>>> fronts = new ConcurrentHashMap<>();

  /**
   * Declares nothing yet, and asks for nothing.
   *
   * @param jobs sends, handles, and knows of tracked jobs
   * @param keys remembers each {@code Idempotency-Key}
   * @param stop of the role
   */
  public HttpJobs(
      Jobs jobs, Keys keys, HttpJobsSettings settings, StopToken stop, InstantSource clock) {
    this.jobs = jobs;
    this.callbacks = new Callbacks(jobs, settings, clock);
    this.intake = new Intake(jobs, keys, settings, callbacks);
    this.status = new StatusResource(jobs, settings, stop);
  }

  /**
   * Makes a job of each request to a path; see {@link Jobs#on(HttpTrigger, Class, JobHandler)}.
   *
   * @throws IllegalArgumentException if the path has that method already, or is that of the status
   */
  public <T> void on(HttpTrigger trigger, Class<T> type, JobHandler<T> handler) {
    jobs.on(
        Triggers.queue(accept(trigger, type))
            .concurrency(trigger.concurrency())
            .maxAttempts(trigger.maxAttempts())
            .timeout(trigger.timeout()),
        type,
        handler);
  }

  /**
   * Makes jobs that somebody else handles; see {@link Jobs#accept}.
   *
   * @return the queue they are sent to
   * @throws IllegalArgumentException as {@link #on} does
   */
  public <T> String accept(HttpTrigger trigger, Class<T> type) {
    if (trigger.path().equals("/jobs") || trigger.path().startsWith(JOBS)) {
      throw new IllegalArgumentException(
          "The paths below /jobs tell the status of jobs; choose another one than "
              + trigger.path());
    }
    Front<T> front = Front.of(trigger, type);
    fronts.compute(
        trigger.path(),
        (path, before) -> {
          Map<String, Front<?>> methods = new TreeMap<>(before == null ? Map.of() : before);
          if (methods.putIfAbsent(trigger.method().name(), front) != null) {
            throw new IllegalArgumentException(
                trigger.method() + " " + path + " makes jobs already");
          }
          return methods;
        });
    if (callbacks.areWanted() && begun.compareAndSet(false, true)) {
      callbacks.start();
    }
    return front.queue();
  }

  /** Returns a handler for an endpoint; see {@link Jobs#http}. */
  public HttpHandler handler(HttpHandler otherwise) {
    return request -> {
      Map<String, Front<?>> methods = fronts.get(request.path());
      if (methods == null && !request.path().startsWith(JOBS)) {
        return otherwise.handle(request);
      }
      try {
        return methods == null ? status.answer(request) : make(methods, request);
      } catch (JobsUnavailableException e) {
        return HttpResponse.problem(
                503, "Service unavailable", "Jobs can't be taken or looked up now. Try again.")
            .header("Retry-After", "5");
      }
    };
  }

  private HttpResponse make(Map<String, Front<?>> methods, HttpRequest request) throws Exception {
    Front<?> front = methods.get(request.method());
    if (front == null) {
      String allow = methods.keySet().stream().collect(Collectors.joining(", "));
      return HttpResponse.problem(405, "Method not allowed", "This path takes " + allow + ".")
          .header("Allow", allow);
    }
    return intake.accept(front, request);
  }

  /** Returns which paths make jobs, each with its method, in alphabetical order. */
  public List<String> paths() {
    return fronts.values().stream()
        .flatMap(methods -> methods.values().stream())
        .map(front -> front.trigger().method() + " " + front.trigger().path())
        .sorted()
        .toList();
  }
}
