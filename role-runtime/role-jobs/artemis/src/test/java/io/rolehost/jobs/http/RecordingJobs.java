package io.rolehost.jobs.http;

import io.rolehost.api.StopToken;
import io.rolehost.api.http.HttpHandler;
import io.rolehost.jobs.FileEvent;
import io.rolehost.jobs.FilesTrigger;
import io.rolehost.jobs.HttpTrigger;
import io.rolehost.jobs.JobContext;
import io.rolehost.jobs.JobHandler;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobStatus;
import io.rolehost.jobs.Jobs;
import io.rolehost.jobs.JobsUnavailableException;
import io.rolehost.jobs.Outgoing;
import io.rolehost.jobs.QueueTrigger;
import io.rolehost.jobs.ScheduleTrigger;
import io.rolehost.jobs.Tick;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what is sent, and knows of jobs what a test says. */
final class RecordingJobs implements Jobs {

  /** One message, as it was sent. */
  record Sent(String queue, Object payload, Map<String, Object> with) {}

  final List<Sent> sent = new CopyOnWriteArrayList<>();
  final Map<JobId, JobStatus> known = new ConcurrentHashMap<>();
  final Map<String, JobHandler<Object>> handlers = new ConcurrentHashMap<>();
  volatile boolean away;

  /** Says how a job stands from now on. */
  void stands(JobId id, JobStatus.State state, JobStatus.Progress progress, String result) {
    known.put(
        id,
        new JobStatus(
            id,
            "Reindex",
            "http.reindex",
            state,
            1,
            progress,
            state == JobStatus.State.DONE ? Optional.of(result) : Optional.empty(),
            state == JobStatus.State.FAILED ? Optional.of(result) : Optional.empty(),
            Instant.EPOCH,
            Instant.EPOCH,
            Optional.empty()));
  }

  List<Sent> on(String queue) {
    return sent.stream().filter(one -> one.queue().equals(queue)).toList();
  }

  /** Hands the oldest message of a queue to its handler. */
  void deliver(String queue) throws Exception {
    Sent first = on(queue).getFirst();
    sent.remove(first);
    JobHandler<Object> handler = handlers.get(queue);
    if (handler == null) {
      throw new IllegalStateException("Nobody handles " + queue);
    }
    handler.handle(first.payload(), new OneAttempt());
  }

  @Override
  @SuppressWarnings("unchecked") // a payload is handed over as it was sent
  public <T> void on(QueueTrigger trigger, Class<T> type, JobHandler<T> handler) {
    handlers.put(trigger.name(), (JobHandler<Object>) handler);
  }

  @Override
  public Outgoing send(String queue, Object payload) {
    return new Draft(queue, payload);
  }

  @Override
  public Optional<JobStatus> status(JobId id) {
    if (away) {
      throw unavailable();
    }
    return Optional.ofNullable(known.get(id));
  }

  @Override
  public boolean cancel(JobId id) {
    JobStatus job = known.get(id);
    if (job == null || job.state().ended()) {
      return false;
    }
    stands(id, JobStatus.State.CANCELLED, JobStatus.Progress.NONE, "");
    return true;
  }

  private static JobsUnavailableException unavailable() {
    return new JobsUnavailableException("no broker", new IOException("refused"));
  }

  @Override
  public void on(ScheduleTrigger trigger, JobHandler<Tick> handler) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void on(FilesTrigger trigger, JobHandler<FileEvent> handler) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T> void on(HttpTrigger trigger, Class<T> type, JobHandler<T> handler) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T> void accept(HttpTrigger trigger, Class<T> type) {
    throw new UnsupportedOperationException();
  }

  @Override
  public HttpHandler http(HttpHandler otherwise) {
    throw new UnsupportedOperationException();
  }

  private final class Draft implements Outgoing {
    private final String queue;
    private final Object payload;
    private final Map<String, Object> with = new HashMap<>();

    Draft(String queue, Object payload) {
      this.queue = queue;
      this.payload = payload;
    }

    private Outgoing with(String name, Object value) {
      with.put(name, value);
      return this;
    }

    @Override
    public Outgoing delay(Duration delay) {
      return with("delay", delay);
    }

    @Override
    public Outgoing at(Instant instant) {
      return with("at", instant);
    }

    @Override
    public Outgoing priority(int priority) {
      return with("priority", priority);
    }

    @Override
    public Outgoing group(String group) {
      return with("group", group);
    }

    @Override
    public Outgoing dedupKey(String key) {
      return with("dedupKey", key);
    }

    @Override
    public Outgoing dedupKey(String key, Duration window) {
      return with("dedupKey", key);
    }

    @Override
    public Outgoing id(JobId id) {
      return with("id", id);
    }

    @Override
    public Outgoing replyTo(String name) {
      return with("replyTo", name);
    }

    @Override
    public Outgoing correlationId(String id) {
      return with("correlationId", id);
    }

    @Override
    public Outgoing header(String name, String value) {
      return with(name, value);
    }

    @Override
    public Outgoing tracked() {
      return with("tracked", true);
    }

    @Override
    public JobId submit() {
      if (away) {
        throw unavailable();
      }
      sent.add(new Sent(queue, payload, with));
      JobId id = with.get("id") instanceof JobId chosen ? chosen : new JobId("any");
      if (with.containsKey("tracked")) {
        stands(id, JobStatus.State.PENDING, JobStatus.Progress.NONE, "");
      }
      return id;
    }
  }

  private final class OneAttempt implements JobContext {
    @Override
    public Outgoing send(String queue, Object payload) {
      return new Draft(queue, payload);
    }

    @Override
    public JobId id() {
      return new JobId("attempt");
    }

    @Override
    public String type() {
      return "";
    }

    @Override
    public int attempt() {
      return 1;
    }

    @Override
    public Instant deadline() {
      return Instant.MAX;
    }

    @Override
    public StopToken stopToken() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, String> headers() {
      return Map.of();
    }

    @Override
    public String correlationId() {
      return "";
    }

    @Override
    public void progress(long done, long total, String text) {}

    @Override
    public <T> T compute(Callable<T> work) throws Exception {
      return work.call();
    }

    @Override
    public void checkpoint(Object position) {}

    @Override
    public <T> Optional<T> checkpoint(Class<T> type) {
      return Optional.empty();
    }

    @Override
    public void result(Object value) {}

    @Override
    public void reply(Object payload) {}

    @Override
    public void fence() {}
  }
}
