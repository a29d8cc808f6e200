package io.rolehost.jobs.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.api.StaleFenceException;
import io.rolehost.api.StopToken;
import io.rolehost.api.TaskContext;
import io.rolehost.api.Work;
import io.rolehost.api.WorkObserver;
import io.rolehost.jobs.JobContext;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobStatus;
import io.rolehost.jobs.Outgoing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a job, as its handler sees it. Safe for all threads: a handler may be left behind
 * while it still runs, and then reaches nothing any more.
 */
final class Attempt implements JobContext, Draft.Target {

  /** More than a handler sends by reason; a loop that never ends would fill the memory. */
  private static final int MOST_SENT = 10_000;

  /** A message that waits for the end of the attempt. */
  record Kept(Dispatch dispatch, Optional<Tracking.Window> window) {}

  private final Letter letter;
  private final int number;
  private final Instant deadline;
  private final Outbox outbox;
  private final Tracking.AttemptRecord record;
  private final TaskContext task;
  private final JobToken token = new JobToken();
  private final List<Kept> kept = new ArrayList<>(2);
  private @Nullable String result;
  private int drafts;
  private boolean over;
  private volatile boolean cancelAsked;
  private volatile @Nullable Thread thread;
  private @Nullable Throwable thrown;
  private boolean returned;

  Attempt(
      Letter letter,
      int number,
      Instant deadline,
      Outbox outbox,
      Tracking.AttemptRecord record,
      TaskContext task) {
    this.letter = letter;
    this.number = number;
    this.deadline = deadline;
    this.outbox = outbox;
    this.record = record;
    this.task = task;
  }

  // ---- for the slot

  JobToken token() {
    return token;
  }

  Tracking.AttemptRecord record() {
    return record;
  }

  /** Returns when the job was sent, in milliseconds since 1970. */
  long sentAt() {
    return letter.enqueuedAt();
  }

  /** Asks the job to end for good. */
  void cancel() {
    cancelAsked = true;
    token.cancel();
  }

  boolean isCancelAsked() {
    return cancelAsked;
  }

  /** Breaks it off: nothing it does counts any more. */
  void breakOff() {
    Optional<Ending> _ = close();
    token.cancel();
    Thread inside = thread;
    if (inside != null) {
      inside.interrupt();
    }
  }

  /** On the handler's thread. */
  void run(Handling<?> handling, Object payload) {
    thread = Thread.currentThread();
    Throwable failure = null;
    WorkObserver.Observed observed = WorkObserver.Observed.NOBODY;
    try {
      observed =
          WorkObserver.installed()
              .begins(Work.job(handling.trigger().name(), number, letter.id().toString()));
      handling.call(payload, this);
    } catch (Throwable caught) { // the border around user code
      failure = caught;
    }
    observed.ended(failure);
    synchronized (this) {
      if (!over) {
        thrown = failure;
        returned = failure == null;
      }
    }
  }

  /** Ends what the attempt may do, and returns how its handler ended; empty if it still runs. */
  synchronized Optional<Ending> close() {
    over = true;
    return returned
        ? Optional.of(new Ending.Returned())
        : Optional.ofNullable(thrown).map(Ending.Threw::new);
  }

  /** What is to be sent, once the attempt is closed. */
  synchronized List<Kept> kept() {
    return List.copyOf(kept);
  }

  synchronized Optional<String> result() {
    return Optional.ofNullable(result);
  }

  // ---- for the handler

  @Override
  public JobId id() {
    return letter.id();
  }

  @Override
  public String type() {
    return letter.type();
  }

  @Override
  public int attempt() {
    return number;
  }

  @Override
  public Instant deadline() {
    return deadline;
  }

  @Override
  public StopToken stopToken() {
    return token;
  }

  @Override
  public Map<String, String> headers() {
    return letter.headers();
  }

  @Override
  public String correlationId() {
    return letter.correlationId();
  }

  @Override
  public void progress(long done, long total, String text) {
    requireCurrent();
    record.progress(new JobStatus.Progress(done, total, text));
  }

  @Override
  public void checkpoint(Object position) {
    requireCurrent();
    record.checkpoint(Payloads.text(position));
  }

  @Override
  public <T> Optional<T> checkpoint(Class<T> type) {
    return record.checkpoint().map(json -> Payloads.value(json, type));
  }

  @Override
  public void result(Object value) {
    String json = Payloads.text(value);
    synchronized (this) {
      requireCurrent();
      result = json;
    }
  }

  @Override
  public void reply(Object payload) {
    if (letter.replyTo().isPresent()) {
      JobId _ = send(letter.replyTo().get(), payload).submit();
    }
  }

  @Override
  public <T> T compute(Callable<T> work) throws Exception {
    return task.compute(work);
  }

  @Override
  public Outgoing send(String queue, Object payload) {
    return outbox.draft(queue, payload, this).correlationId(letter.correlationId());
  }

  /** The n-th message of a job has the same id at each attempt: it is the same next step. */
  @Override
  public synchronized JobId nextId() {
    drafts++;
    return new JobId(
        UUID.nameUUIDFromBytes((letter.id() + "#" + drafts).getBytes(UTF_8)).toString());
  }

  @Override
  public JobId submit(Dispatch dispatch, Optional<Tracking.Window> window) {
    outbox.check(dispatch);
    requireCurrent();
    Outbox.Admitted admitted = outbox.admit(dispatch, window);
    if (admitted.dispatch().isPresent()) {
      synchronized (this) {
        if (over || kept.size() >= MOST_SENT) {
          outbox.withdraw(admitted.dispatch().get(), window);
          requireCurrent();
          throw new IllegalStateException(
              "Job " + id() + " wants to send more than " + MOST_SENT + " messages in one attempt");
        }
        kept.add(new Kept(admitted.dispatch().get(), window));
      }
    }
    return admitted.id();
  }

  @Override
  public void fence() {
    requireCurrent();
    record.check();
  }

  private synchronized void requireCurrent() {
    if (over) {
      throw new StaleFenceException(
          "Attempt "
              + number
              + " at job "
              + letter.id()
              + " is over: it was broken off, or its connection to the broker was lost");
    }
  }
}
