package io.rolehost.runtime.supervision;

import io.rolehost.runtime.supervision.Node.Child;
import io.rolehost.runtime.supervision.Node.Group;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link TaskMachine} is told. */
sealed interface Event {

  /** Time went by. */
  record TimeIs() implements Event {}

  /** A group was made; its place among its siblings is the next one. */
  record GroupMade(Group group) implements Event {}

  /** A task is to be started. */
  record StartAsked(Child child) implements Event {}

  /** An attempt acknowledged its start. */
  record Started(Child child, int attempt) implements Event {}

  /**
   * An attempt ended by itself, or could not even be started.
   *
   * @param cause what it threw; null after a normal return
   */
  record Ended(Child child, int attempt, AttemptEnd end, @Nullable Throwable cause)
      implements Event {}

  /** The thread of an attempt called {@code System.exit} and never comes back. */
  record Exited(Child child, int attempt) implements Event {}

  /** An attempt stands still past its soft limit. */
  record StandsStill(Child child, int attempt) implements Event {}

  /** An attempt that stood still moves again. */
  record Moves(Child child, int attempt) implements Event {}

  /**
   * An attempt stands still past its hard limit.
   *
   * @param end a hang, with the time it worked
   * @param cause describes it, with the stack of its thread
   */
  record Hung(Child child, int attempt, AttemptEnd end, Throwable cause) implements Event {}

  /** The owner of a task asks it to leave for good. */
  record TaskStopAsked(Child child) implements Event {}

  /** An operator asks for something. */
  record Asked(Wish wish, Child child, Object reply) implements Event {}

  /** What an operator may ask for. */
  enum Wish {
    RESTART,
    STOP
  }

  /** Shared state was found corrupt and nobody can go on. */
  record Corrupted(String shared, String text, Throwable cause) implements Event {}

  /**
   * A mutation of shared state failed, and its holders start again with a fresh one.
   *
   * @param culprit whose mutation it was; null if it was no task
   * @param holders who has used the state, the culprit among them
   * @param renew makes the state afresh; the machine only hands it on
   */
  record Poisoned(
      String shared,
      @Nullable Child culprit,
      List<Child> holders,
      AttemptEnd end,
      Throwable cause,
      Runnable renew)
      implements Event {}

  /**
   * All tasks are to leave for good.
   *
   * @param atOnce without the order of the stop
   */
  record StopAsked(boolean atOnce) implements Event {}

  /** The stop has to be over at that time. */
  record StopEnds(long at) implements Event {}

  /** Something on the JVM is broken for good. */
  record VmBroken(Throwable error) implements Event {}

  /** Comes back as an effect when all before it has been decided. */
  record Marker(Runnable action) implements Event {}
}
