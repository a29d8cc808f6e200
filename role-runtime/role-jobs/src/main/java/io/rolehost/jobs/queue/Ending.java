package io.rolehost.jobs.queue;

import java.time.Duration;

/** How an attempt ended. */
sealed interface Ending {

  /** The handler returned. */
  record Returned() implements Ending {}

  /** The handler threw. */
  record Threw(Throwable failure) implements Ending {}

  /** The handler was broken off at its deadline. */
  record TimedOut(Duration after) implements Ending {}

  /** The role stops, and the handler did not end in the time it had. */
  record Stopped() implements Ending {}

  /** Somebody asked for the job's end, and the handler obeyed by an exception. */
  record Cancelled() implements Ending {}
}
