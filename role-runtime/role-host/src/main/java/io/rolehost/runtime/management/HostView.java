package io.rolehost.runtime.management;

import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.readiness.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the management plane knows of the host and may ask of it. Every method may be called from
 * any thread, returns at once unless it says otherwise, and never throws.
 */
public interface HostView {

  /** Computes readiness from the facts of this moment. */
  Verdict readiness();

  /** Returns why the host is past helping, or empty while it works. */
  Optional<String> notLive();

  /** Returns whether {@code /startupz} is 200. */
  boolean startupDone();

  /** Returns {@code /status} as values that are JSON. */
  Map<String, Object> status();

  /** Returns {@code /explain} as values that are JSON; {@code lines} is a list of sentences. */
  Map<String, Object> explain();

  /** Returns the metrics as Prometheus text. May take milliseconds. */
  String metrics();

  /** Returns a thread dump with virtual threads as JSON text. May take seconds. */
  String threads();

  /** Returns the entries after {@code sequence} that are still kept, oldest first. */
  List<JournalEntry> eventsAfter(long sequence);

  /**
   * Calls {@code listener} for each entry to come, in order, on the host's thread, until the handle
   * is closed.
   */
  AutoCloseable onEvent(Consumer<JournalEntry> listener);

  /** Returns what freezes this instance, and what its sources say, as values that are JSON. */
  Map<String, Object> freeze();

  /**
   * Adds or replaces a freeze from the JSON text of a request. Writes a file.
   *
   * @param from who asked; the owner of a freeze that names none
   * @return the status to answer with and the JSON values of the body
   */
  Answer putFreeze(String json, String from);

  /**
   * Removes freezes by id or scope, or all that cover this instance. Writes a file.
   *
   * @param by who ends them
   */
  Answer deleteFreeze(Optional<String> id, Optional<String> scope, String by);

  /**
   * Restarts, stops or starts one task. May take a second.
   *
   * @param name with the names of its groups before it: {@code images/resize}
   * @param by who asks
   */
  Answer task(TaskVerb verb, String name, String by);

  /** What an operator may have done with a task. */
  enum TaskVerb {
    /** Its attempt leaves, and another one begins at once, with fresh counters. */
    RESTART,
    /** It leaves, and is not started again. */
    STOP,
    /** One that has ended starts again. */
    START
  }

  /** Asks for a recycle; {@code by} says who. */
  void recycle(String by);

  /** Asks for a stop; {@code by} says who. */
  void stop(String by);

  /**
   * What to answer.
   *
   * @param status the HTTP status
   * @param body values that are JSON; a problem document if the status is 400 or more
   */
  record Answer(int status, Map<String, Object> body) {}
}
