package io.rolehost.jobs;

import io.rolehost.api.StopToken;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** One attempt at one job. May be used from any thread of that attempt. */
public interface JobContext {

  /** Returns the job's id, the same at each attempt: the idempotency key of what it does. */
  JobId id();

  /** Returns the name of the payload's type, as the sender gave it. */
  String type();

  /** Returns which attempt this is: 1, 2, …; attempts that ended by a kill are counted. */
  int attempt();

  /** Returns when this attempt is broken off. */
  Instant deadline();

  /**
   * Returns the token that is cancelled when the role stops, the job is cancelled or its deadline
   * has come. A handler that then throws is not counted as failed where the role stops: the job
   * goes back.
   */
  StopToken stopToken();

  /** Returns what the sender wrote beside the payload. */
  Map<String, String> headers();

  /** Returns the id that joins this job to what caused it. */
  String correlationId();

  /**
   * Says how far the job is; shown by its status, live. Costs nothing where the job is not tracked.
   *
   * @param done of {@code total}, in any unit
   * @param text for people; may be empty
   */
  void progress(long done, long total, String text);

  /**
   * Stores where the job may go on after a kill; replaces the one before. On disk when it returns.
   *
   * @throws io.rolehost.api.StaleFenceException if another attempt has taken the job over
   */
  void checkpoint(Object position);

  /** Returns the last checkpoint of this job, from whichever attempt. */
  <T> Optional<T> checkpoint(Class<T> type);

  /** Sets the result that the job's status tells, for as long as results are kept. */
  void result(Object value);

  /**
   * Sends an answer to the queue that the sender asked for, as one with the end of this attempt.
   * Without such a queue it does nothing.
   */
  void reply(Object payload);

  /**
   * Computes something while holding one of the permits that all tasks of the role share, so that
   * it leaves a core to everything else; see {@link io.rolehost.api.TaskContext#compute}.
   *
   * @throws InterruptedException if interrupted while waiting for a permit
   * @throws Exception what {@code work} throws
   */
  <T> T compute(Callable<T> work) throws Exception;

  /** Begins a message that is sent as one with the end of this attempt, or not at all. */
  Outgoing send(String queue, Object payload);

  /**
   * Throws if this attempt no longer owns the job; to be called before an effect that must not
   * happen twice.
   *
   * @throws io.rolehost.api.StaleFenceException if another attempt has taken the job over
   */
  void fence();
}
