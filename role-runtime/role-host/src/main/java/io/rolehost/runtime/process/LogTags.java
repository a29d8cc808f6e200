package io.rolehost.runtime.process;

import io.rolehost.api.Work;
import java.util.ArrayList;
import java.util.List;

/**
 * What the calling thread does, for its lines in the log.
 *
 * @param task the task or queue; empty if it is none's
 * @param attempt of that; 0 if it is none's
 * @param id the id of the job or request; empty if there is none
 * @param trace the id of the trace that came with the request; empty if none did
 */
record LogTags(String task, int attempt, String id, String trace) {

  static final LogTags NONE = new LogTags("", 0, "", "");

  /** What the thread of an attempt is named like; the number of the attempt follows. */
  private static final String TASK = "task-";

  /** The part of {@code traceparent} that is the id of the trace, of 32 digits. */
  private static final int TRACE_FROM = 3;

  private static final int TRACE_TO = 35;

  private static final ThreadLocal<LogTags> SET = new ThreadLocal<>();

  /** From now on the calling thread does that; returns what it did before, to be set again. */
  static LogTags begin(Work work) {
    LogTags before = SET.get();
    SET.set(
        new LogTags(
            work.kind() == Work.Kind.JOB ? work.name() : "",
            work.kind() == Work.Kind.JOB ? work.attempt() : 0,
            work.id(),
            traceOf(work.context().getOrDefault("traceparent", ""))));
    return before == null ? NONE : before;
  }

  /** The calling thread does that again. */
  static void restore(LogTags before) {
    if (before.isEmpty()) {
      SET.remove();
    } else {
      SET.set(before);
    }
  }

  private static String traceOf(String traceparent) {
    return traceparent.length() > TRACE_TO ? traceparent.substring(TRACE_FROM, TRACE_TO) : "";
  }

  /**
   * Returns what the calling thread does. A task is told by the name of its thread: a million of
   * them must not each have a variable for it.
   */
  static LogTags current() {
    LogTags set = SET.get();
    return set == null ? ofThread(Thread.currentThread().getName()) : set;
  }

  static LogTags ofThread(String name) {
    int dash = name.lastIndexOf('-');
    if (!name.startsWith(TASK) || dash <= TASK.length()) {
      return NONE;
    }
    try {
      return new LogTags(
          name.substring(TASK.length(), dash), Integer.parseInt(name.substring(dash + 1)), "", "");
    } catch (NumberFormatException e) {
      return NONE; // a thread of the role's that is named alike
    }
  }

  /**
   * By its parts: the JVM makes the equals of a record at its first call, which a start waits for.
   */
  boolean isEmpty() {
    return task.isEmpty() && attempt == 0 && id.isEmpty() && trace.isEmpty();
  }

  /** Returns it for people: {@code resize#2 job-17}. */
  String text() {
    List<String> parts = new ArrayList<>(3);
    if (!task.isEmpty()) {
      parts.add(task + "#" + attempt);
    }
    if (!id.isEmpty()) {
      parts.add(id);
    } else if (!trace.isEmpty()) {
      parts.add(trace);
    }
    return String.join(" ", parts);
  }
}
