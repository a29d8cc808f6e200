package io.rolehost.runtime.management;

import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.readiness.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the management plane may ask of the process it belongs to, whether that is a role host or a
 * node. Every method may be called from any thread, returns at once unless it says otherwise, and
 * never throws.
 */
public sealed interface Managed permits HostView, NodeView {

  /** Computes readiness from the facts of this moment. */
  Verdict readiness();

  /** Computes readiness without the reasons, which costs less. */
  default boolean isReady() {
    return readiness().ready();
  }

  /** Returns why the process is past helping, or empty while it works. */
  Optional<String> notLive();

  /** Returns whether {@code /startupz} is 200. */
  boolean startupDone();

  /** Returns {@code /status} as values that are JSON. */
  Map<String, Object> status();

  /** Returns {@code /explain} as values that are JSON; {@code lines} is a list of sentences. */
  Map<String, Object> explain();

  /**
   * Returns how long each start was in which state. Reads a file.
   *
   * @param instance of a node's; a role host has but one and passes over it
   */
  Answer timeline(String instance);

  /**
   * Returns the last lines of the log, as {@code lines}. Reads a file.
   *
   * @param instance of a node's; a role host has but one and passes over it
   */
  Answer log(String instance);

  /** Returns the newest incidents and their files, as {@code incidents}. Reads files. */
  Answer incidents();

  /**
   * Returns a file of an incident, as {@code text}. Reads it.
   *
   * @param incident the name of its folder
   */
  Answer incident(String incident, String file);

  /** Returns the metrics as Prometheus text. May take milliseconds. */
  String metrics();

  /** Returns the entries after {@code sequence} that are still kept, oldest first. */
  List<JournalEntry> eventsAfter(long sequence);

  /** Returns the number before that of the first entry there ever was, kept or not. */
  default long beforeFirstEvent() {
    return 0;
  }

  /**
   * Calls {@code listener} for each entry to come, in order, on the thread that makes them, until
   * the handle is closed.
   */
  AutoCloseable onEvent(Consumer<JournalEntry> listener);

  /** A probe was answered, on the thread of the plane; {@code path} without its slash. */
  default void probeAnswered(String path, long nanos) {}

  /** Returns what freezes here, and what the sources say, as values that are JSON. */
  Map<String, Object> freeze();

  /**
   * Adds or replaces a freeze from the JSON text of a request. Writes a file.
   *
   * @param from who asked; the owner of a freeze that names none
   * @return the status to answer with and the JSON values of the body
   */
  Answer putFreeze(String json, String from);

  /**
   * Removes freezes by id or scope, or all that cover this process. Writes a file.
   *
   * @param by who ends them
   */
  Answer deleteFreeze(Optional<String> id, Optional<String> scope, String by);

  /** Asks for a stop; {@code by} says who. */
  void stop(String by);

  /** Writes down that somebody changed something here, or tried to. May take a disk's time. */
  void audited(AuditEntry entry);

  /**
   * What to answer.
   *
   * @param status the HTTP status
   * @param body values that are JSON; a problem document if the status is 400 or more
   */
  record Answer(int status, Map<String, Object> body) {}
}
