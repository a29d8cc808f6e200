package io.rolehost.node.machine;

/** What the node has to do after a transition, in the order given. */
public sealed interface Effect {

  /** Start a process. */
  record Spawn(long incarnation) implements Effect {}

  /** Ask the process to end: SIGTERM. */
  record Terminate() implements Effect {}

  /** End the process and all it started, at once: SIGKILL. */
  record Kill() implements Effect {}

  /**
   * Tell an operator.
   *
   * @param sentence what happened and what comes next
   * @param bad whether it is a warning
   */
  record Tell(String sentence, boolean bad) implements Effect {}
}
