package io.rolehost.jobs;

/**
 * What does a job.
 *
 * @param <T> what the payload is read as
 */
@FunctionalInterface
public interface JobHandler<T> {

  /**
   * Does one job, on a virtual thread of its own. When it returns, the message is taken off the
   * queue together with all that {@code job} was asked to send. When it throws, nothing of that has
   * happened: the job is tried again after its back-off, and becomes a dead letter after its last
   * attempt or at once by a {@link PermanentJobException}.
   */
  void handle(T payload, JobContext job) throws Exception;
}
