package io.rolehost.test;

import io.rolehost.api.OnPoison;
import io.rolehost.api.Shared;
import io.rolehost.api.Strategy;
import io.rolehost.api.Task;
import io.rolehost.api.TaskGroup;
import io.rolehost.api.TaskHandle;
import io.rolehost.api.TaskSupervisor;
import io.rolehost.runtime.supervision.Jitter;
import io.rolehost.runtime.supervision.SupervisionListener;
import io.rolehost.runtime.supervision.TaskFacts;
import io.rolehost.runtime.supervision.TaskStory;
import io.rolehost.runtime.supervision.TaskTree;
import io.rolehost.runtime.supervision.TreeSettings;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * A set of supervised tasks in virtual time: the very supervision a host has, only that its clock
 * is moved by hand.
 *
 * <pre>{@code
 * try (VirtualTasks tasks = new VirtualTasks(seed)) {
 *   tasks.start(Task.named("import").body(importer));
 *   tasks.advance(Duration.ofMinutes(10));
 *   assertEquals(List.of("PT0S import failed, attempt 1: java.io.IOException: no route", …), tasks.history());
 * }
 * }</pre>
 *
 * <p>Bodies run on threads of their own. Whatever they wait for by {@code
 * stopToken().await(duration)} is waited for in virtual time. Used by one thread, the test's.
 */
public final class VirtualTasks implements TaskSupervisor, AutoCloseable {

  private final VirtualTime time;
  private final TaskStory story;
  private final TaskTree tree;
  private final TreeMoves moves;

  /**
   * Creates an empty set in a time of its own.
   *
   * @param seed makes the jitter; the same seed gives the same history
   */
  public VirtualTasks(long seed) {
    this(new VirtualTime(), seed);
  }

  /** Creates an empty set that shares a time with others. */
  public VirtualTasks(VirtualTime time, long seed) {
    this.time = time;
    this.story = new TaskStory(time::elapsed);
    this.tree = tree(time, seed, story);
    this.moves = new TreeMoves(tree);
    time.add(moves);
  }

  static TaskTree tree(VirtualTime time, long seed, SupervisionListener listener) {
    return new TaskTree(
        TreeSettings.of(time, time, Jitter.seeded(seed)).gates(time::gate), listener);
  }

  /** Starts a task and returns when it waits for something, or has failed. */
  @Override
  public TaskHandle start(Task task) {
    TaskHandle handle = tree.start(task);
    time.settle();
    return handle;
  }

  @Override
  public TaskSupervisor group(String name, Strategy strategy) {
    return tree.group(name, strategy);
  }

  @Override
  public TaskSupervisor group(TaskGroup rules) {
    return tree.group(rules);
  }

  @Override
  public <T> Shared<T> shared(String name, Supplier<T> fresh, OnPoison then) {
    return tree.shared(name, fresh, then);
  }

  /** Waits until a task has escalated; see {@link TaskSupervisor#await}. */
  @Override
  public void await() throws InterruptedException {
    tree.await();
  }

  /** Returns the time the tasks live in. */
  public VirtualTime time() {
    return time;
  }

  /** Moves time; see {@link VirtualTime#advance}. */
  public void advance(Duration length) {
    time.advance(length);
  }

  /**
   * Returns what has happened so far, one line each, with the time since the beginning: failures,
   * restarts, ends, escalations, who was left behind.
   */
  public List<String> history() {
    return story.lines().stream().map(TaskStory.Line::toString).toList();
  }

  /** Returns how each task stands now, in the order of their start. */
  public List<TaskFacts> facts() {
    return tree.facts();
  }

  /**
   * Asks all to leave, as a stop of the role does, and moves time until they have, or {@code grace}
   * is over.
   *
   * @return how many were left behind
   */
  public int stop(Duration grace) {
    long end = time.nanos() + grace.toNanos();
    tree.leaveBy(end);
    boolean _ = time.advanceUntil(tree::hasLeft, grace);
    return tree.awaitLeft(end);
  }

  /** Ends whatever still runs. */
  @Override
  public void close() {
    time.remove(moves);
    int _ = tree.awaitLeft(time.nanos());
  }
}
