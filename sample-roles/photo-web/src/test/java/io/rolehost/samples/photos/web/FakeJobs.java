package io.rolehost.samples.photos.web;

import static java.util.Objects.requireNonNull;

import io.rolehost.api.StopToken;
import io.rolehost.api.http.HttpHandler;
import io.rolehost.jobs.FileEvent;
import io.rolehost.jobs.FilesTrigger;
import io.rolehost.jobs.HttpTrigger;
import io.rolehost.jobs.JobContext;
import io.rolehost.jobs.JobHandler;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobStatus;
import io.rolehost.jobs.JobStatus.State;
import io.rolehost.jobs.Jobs;
import io.rolehost.jobs.JobsUnavailableException;
import io.rolehost.jobs.Outgoing;
import io.rolehost.jobs.PermanentJobException;
import io.rolehost.jobs.QueueTrigger;
import io.rolehost.jobs.ScheduleTrigger;
import io.rolehost.jobs.Tick;
import io.rolehost.jobs.Triggers;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Background work in memory: it waits until the test has it done, on the test's own thread. */
final class FakeJobs implements Jobs {

  /** A message, and what came of it. */
  static final class Job {
    final JobId id;
    State state = State.PENDING;
    int attempts;
    Optional<String> failure = Optional.empty();
    Optional<Object> result = Optional.empty();
    private final String queue;
    private final Object payload;
    private Optional<Object> checkpoint = Optional.empty();

    private Job(JobId id, String queue, Object payload) {
      this.id = id;
      this.queue = queue;
      this.payload = payload;
    }
  }

  private interface Doing {
    void run(JobContext context) throws Exception;
  }

  private record Declared(QueueTrigger trigger, JobHandler<Object> handler) {}

  private static final QueueTrigger DEFAULTS = Triggers.queue("any");

  final List<String> declared = new ArrayList<>();
  final Map<JobId, Job> jobs = new LinkedHashMap<>();

  /** How many more messages the broker takes before it is away. */
  int room = Integer.MAX_VALUE;

  private final Map<String, Declared> queues = new HashMap<>();
  private @Nullable JobHandler<Tick> onTick;
  private @Nullable JobHandler<FileEvent> onFile;

  /** Tries each message once that waits for a handler declared here, and those that come of it. */
  void work() {
    for (Job job : List.copyOf(jobs.values())) {
      Declared by = queues.get(job.queue);
      if (by != null && job.state == State.PENDING) {
        run(job, by.trigger(), context -> by.handler().handle(job.payload, context));
      }
    }
    if (jobs.values().stream().anyMatch(j -> j.attempts == 0 && queues.containsKey(j.queue))) {
      work();
    }
  }

  /** Puts an order on a queue, as a request does. */
  Job order(String queue, Object payload) {
    Job job = new Job(new JobId("order-" + jobs.size()), queue, payload);
    jobs.put(job.id, job);
    return job;
  }

  /** Has the schedule tick and returns what came of it. */
  Job tick(String id) {
    Job job = new Job(new JobId(id), "", "");
    Tick tick = new Tick("photo-clean-up", Instant.EPOCH, 0);
    run(job, DEFAULTS, context -> requireNonNull(onTick).handle(tick, context));
    return job;
  }

  /** Has a file seen in the watched folder and returns what came of it. */
  Job file(FileEvent event) {
    Job job = new Job(new JobId("file"), "", "");
    run(job, DEFAULTS, context -> requireNonNull(onFile).handle(event, context));
    return job;
  }

  private void run(Job job, QueueTrigger trigger, Doing doing) {
    job.attempts++;
    List<Runnable> withTheEnd = new ArrayList<>();
    try {
      doing.run(context(job, withTheEnd));
      withTheEnd.forEach(Runnable::run);
      job.state = State.DONE;
    } catch (Exception e) {
      job.failure = Optional.of(String.valueOf(e.getMessage()));
      boolean last =
          job.attempts >= trigger.maxAttempts()
              || e instanceof PermanentJobException
              || trigger.permanent().stream().anyMatch(type -> type.isInstance(e));
      job.state = last ? State.FAILED : State.PENDING;
    }
  }

  private JobContext context(Job job, List<Runnable> withTheEnd) {
    return fake(
        JobContext.class,
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "id" -> job.id;
              case "compute" -> ((Callable<?>) arguments[0]).call();
              case "stopToken" -> fake(StopToken.class, (token, asked, none) -> false);
              case "progress" -> null;
              case "result" -> {
                job.result = Optional.of(arguments[0]);
                yield null;
              }
              case "checkpoint" -> {
                if (arguments[0] instanceof Class<?>) {
                  yield job.checkpoint;
                }
                job.checkpoint = Optional.of(arguments[0]);
                yield null;
              }
              case "send" -> outgoing((String) arguments[0], arguments[1], withTheEnd::add);
              default -> throw new UnsupportedOperationException(method.getName());
            });
  }

  private Outgoing outgoing(String queue, Object payload, Consumer<Runnable> sender) {
    List<JobId> chosen = new ArrayList<>();
    return fake(
        Outgoing.class,
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "id" -> {
                chosen.add((JobId) arguments[0]);
                yield proxy;
              }
              case "tracked", "priority", "correlationId" -> proxy;
              case "submit" -> {
                Job job = new Job(chosen.getFirst(), queue, payload);
                sender.accept(() -> take(job));
                yield job.id;
              }
              default -> throw new UnsupportedOperationException(method.getName());
            });
  }

  private void take(Job job) {
    if (room <= 0) {
      throw new JobsUnavailableException("The broker is away", new IOException("refused"));
    }
    room--;
    jobs.putIfAbsent(job.id, job);
  }

  @Override
  @SuppressWarnings("unchecked") // what is sent to a queue here is what its handler takes
  public <T> void on(QueueTrigger trigger, Class<T> type, JobHandler<T> handler) {
    declared.add("queue " + trigger.name());
    queues.put(trigger.name(), new Declared(trigger, (JobHandler<Object>) handler));
  }

  @Override
  public void on(ScheduleTrigger trigger, JobHandler<Tick> handler) {
    declared.add("schedule " + trigger.name().orElse(""));
    onTick = handler;
  }

  @Override
  public void on(FilesTrigger trigger, JobHandler<FileEvent> handler) {
    declared.add("files " + trigger.glob());
    onFile = handler;
  }

  @Override
  public <T> void accept(HttpTrigger trigger, Class<T> type) {}

  @Override
  public <T> void on(HttpTrigger trigger, Class<T> type, JobHandler<T> handler) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Outgoing send(String queue, Object payload) {
    return outgoing(queue, payload, Runnable::run);
  }

  @Override
  public HttpHandler http(HttpHandler otherwise) {
    return otherwise;
  }

  @Override
  public Optional<JobStatus> status(JobId id) {
    return Optional.ofNullable(jobs.get(id)).map(FakeJobs::status);
  }

  @Override
  public boolean cancel(JobId id) {
    throw new UnsupportedOperationException();
  }

  private static JobStatus status(Job job) {
    return new JobStatus(
        job.id,
        "any",
        job.queue,
        job.state,
        job.attempts,
        JobStatus.Progress.NONE,
        Optional.empty(),
        job.failure,
        Instant.EPOCH,
        Instant.EPOCH,
        Optional.empty());
  }

  private static <T> T fake(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
