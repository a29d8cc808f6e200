package io.rolehost.jobs.queue;

import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobStatus;
import java.time.Duration;
import java.util.Optional;

/** What is kept of jobs beside their messages. Safe for all threads. */
public interface Tracking {

  /** What became of a message before it was sent. */
  sealed interface Admission {

    /** It is to be sent. */
    record Fresh() implements Admission {}

    /** An earlier one has its key or its id: this one is not sent. */
    record Known(JobId id) implements Admission {}

    /** An earlier one has its key and may not have been sent: this is to be sent under that id. */
    record Again(JobId id) implements Admission {}
  }

  /** A key with a time. */
  record Window(String key, Duration length) {}

  /** What an attempt is told before it begins. */
  sealed interface Entry {

    /** It may begin. */
    record Go(AttemptRecord record, boolean cancelRequested) implements Entry {}

    /** The job has ended already; its message is a copy that was left over. */
    record Over() implements Entry {}
  }

  /** Writes down what is about to be sent. */
  Admission admit(Dispatch dispatch, Optional<Window> window);

  /** Notes that the broker has it. */
  void sent(Dispatch dispatch, Optional<Window> window);

  /** Takes back what was written down, since it will not be sent. */
  void withdraw(Dispatch dispatch, Optional<Window> window);

  /** Asks whether an attempt may begin. */
  Entry begin(String queue, Letter letter, int attempt);

  /** Notes a dead letter that no attempt wrote. */
  void buried(Letter letter, String failure);

  /** Notes that a dead letter is on its way again. */
  void redriven(Letter letter);

  /** What is kept of one attempt. */
  interface AttemptRecord {

    /** Keeps how far it is. */
    void progress(JobStatus.Progress progress);

    /** Keeps where the job may go on, as JSON. */
    void checkpoint(String position);

    /** Returns where the job may go on. */
    Optional<String> checkpoint();

    /** Throws {@link io.rolehost.api.StaleFenceException} if another attempt has the job. */
    void check();

    /** The attempt ended well. */
    void done(Optional<String> result);

    /** The attempt failed and another follows. */
    void again(String failure);

    /** The attempt failed and none follows. */
    void dead(String failure);

    /** The attempt was stopped and another follows. */
    void givenBack();

    /** The attempt obeyed a wish for its end. */
    void cancelled();
  }
}
