package io.rolehost.runtime.management;

import java.util.Map;

/** What the management plane knows of a role host and may ask of it; see {@link Managed}. */
public non-sealed interface HostView extends Managed {

  /** Returns a thread dump with virtual threads as JSON text. May take seconds. */
  String threads();

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

  /**
   * Returns what a part of the role shows. Takes as long as the role's code.
   *
   * @param operations the name the role gave it; 404 where there is none
   */
  Answer look(String operations, Map<String, String> query);

  /**
   * Has a part of the role act, and journals what came of it. Takes as long as the role's code.
   *
   * @param operations the name the role gave it; 404 where there is none
   * @param by who asks
   */
  Answer act(String operations, String verb, Map<String, String> parameters, String by);

  /** Asks for a recycle; {@code by} says who. */
  void recycle(String by);
}
