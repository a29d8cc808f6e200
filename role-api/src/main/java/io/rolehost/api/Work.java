package io.rolehost.api;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * A piece of a role's work, for whoever {@linkplain WorkObserver observes} it.
 *
 * @param name of the task with the names of its groups, of the queue, or method and path of the
 *     request
 * @param attempt counts from 1; always 1 for a request
 * @param id by which it is found again: the id of a job, the {@code X-Request-Id} of a request;
 *     empty for a task and where the client gave none
 * @param context what came along of a trace, by the names of its headers in small letters, such as
 *     {@code traceparent}; empty if nothing did
 */
@Experimental
public record Work(Kind kind, String name, int attempt, String id, Map<String, String> context) {

  /** What it is. */
  public enum Kind {
    /** One attempt of a supervised task. */
    TASK,
    /** One attempt at a job of a queue. */
    JOB,
    /** One request to an endpoint that a handler of the role's serves. */
    REQUEST
  }

  /** Checks that all is there, and takes a copy of the map. */
  public Work {
    requireNonNull(kind, "kind");
    requireNonNull(name, "name");
    requireNonNull(id, "id");
    context = Map.copyOf(context);
  }

  /** One attempt of a task. */
  public static Work task(String name, int attempt) {
    return new Work(Kind.TASK, name, attempt, "", Map.of());
  }

  /** One attempt at a job. */
  public static Work job(String queue, int attempt, String id) {
    return new Work(Kind.JOB, queue, attempt, id, Map.of());
  }
}
