package io.rolehost.runtime.supervision;

import static java.util.Objects.requireNonNull;

import io.rolehost.api.Strategy;
import io.rolehost.api.Task;
import io.rolehost.api.TaskGroup;
import io.rolehost.runtime.supervision.Node.Child;
import io.rolehost.runtime.supervision.Node.Group;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A machine in a time that a test moves, with bodies that do what they are told, and a record. */
final class MachineHistory {

  final Group root = new Group("", TaskGroup.named("tasks"), null);
  final Map<String, Child> children = new LinkedHashMap<>();
  final Map<Child, Integer> running = new LinkedHashMap<>();
  final Map<Child, Integer> cancelled = new LinkedHashMap<>();
  final List<String> lines = new ArrayList<>();
  final List<Effect> effects = new ArrayList<>();
  final TaskMachine machine;
  long now;

  MachineHistory(long seed) {
    this(new Random(seed));
  }

  MachineHistory(RandomGenerator jitter) {
    machine = new TaskMachine(root, Jitter.of(jitter), false, this::note);
  }

  private void note(Effect effect) {
    effects.add(effect);
    switch (effect) {
      case Effect.Launch(Child child, int attempt) -> {
        if (running.put(child, attempt) != null) {
          throw new AssertionError(child.name + " runs twice");
        }
        say("launch " + child.name + " " + attempt);
      }
      case Effect.Cancel(Child child, int attempt) -> {
        cancelled.put(child, attempt);
        say("cancel " + child.name + " " + attempt);
      }
      case Effect.Interrupt(Child child, int attempt, var _) ->
          say("interrupt " + child.name + " " + attempt);
      case Effect.Retire(Child child, int attempt) -> {
        if (!Integer.valueOf(attempt).equals(running.remove(child))) {
          throw new AssertionError(child.name + " " + attempt + " is retired and did not run");
        }
        cancelled.remove(child);
      }
      case Effect.Abandon abandon ->
          say("abandon " + abandon.child().name + " " + abandon.attempt());
      case Effect.Failed failed -> say("failed " + failed.child().name + "; " + failed.follows());
      case Effect.Restarted restarted ->
          say("again " + restarted.child().name + " in " + restarted.delay().toMillis() + " ms");
      case Effect.GroupRestarted group ->
          say("group " + group.group().name + " again in " + group.delay().toMillis() + " ms");
      case Effect.Ended(Child child, var state) -> say("over " + child.name + " " + state);
      case Effect.GroupEnded(Group group) -> say("group over " + group.name);
      case Effect.Escalate(Escalation escalation) ->
          say("escalate " + escalation.kind() + " " + escalation.task());
      case Effect.Gating(Child child, boolean down) -> say((down ? "down " : "") + child.name);
      case Effect.SuspectChanged(boolean suspect) -> say("suspect " + suspect);
      case Effect.Answered(Object _, TaskAnswer answer) -> say(answer.toString());
      case Effect.Note(String text) -> say(text);
      case Effect.Trouble(Throwable thrown) -> throw new AssertionError(thrown);
      case Effect.AllLeft() -> say("all left");
      case Effect.Reached(Runnable action) -> action.run();
      case Effect.Renew(Runnable renew) -> {
        renew.run();
        say("renew");
      }
      case Effect.Watch _ -> {}
    }
  }

  private void say(String line) {
    lines.add(now / 1_000_000 + " " + line);
  }

  Group group(String name, Strategy strategy) {
    return group(root, TaskGroup.named(name).strategy(strategy));
  }

  Group group(Group parent, TaskGroup rules) {
    String path = parent == root ? rules.name() : parent.name + "/" + rules.name();
    Group group = new Group(path, rules, parent);
    on(new Event.GroupMade(group));
    return group;
  }

  Child start(Group group, Task task) {
    String path = group == root ? task.name() : group.name + "/" + task.name();
    Child child = new Child(path, task, group, now);
    children.put(path, child);
    on(new Event.StartAsked(child));
    return child;
  }

  void fails(Child child, Throwable thrown) {
    ends(child, AttemptEnd.thrown(thrown, child.task), thrown);
  }

  /** Fails as one that has worked before, so that only its budget counts. */
  void failsProven(Child child, Throwable thrown) {
    ends(child, AttemptEnd.thrown(thrown, child.task).proven(true), thrown);
  }

  void returns(Child child) {
    ends(child, AttemptEnd.returned(0), null);
  }

  void leaves(Child child) {
    returns(child);
  }

  private void ends(Child child, AttemptEnd end, @Nullable Throwable thrown) {
    Integer attempt = running.get(child);
    if (attempt == null) {
      throw new AssertionError(child.name + " does not run: " + child.phase());
    }
    on(new Event.Ended(child, attempt, end, thrown));
  }

  void acknowledges(Child child) {
    on(new Event.Started(child, requireNonNull(running.get(child))));
  }

  void on(Event event) {
    machine.on(event, now);
  }

  void move(long millis) {
    moveTo(now + millis * 1_000_000);
  }

  /** Moves the time, stopping whenever something is due. */
  void moveTo(long end) {
    while (machine.nextDue() <= end) {
      now = Math.max(now, machine.nextDue());
      on(new Event.TimeIs());
    }
    now = end;
  }

  /** Returns the lines since the last call. */
  List<String> news() {
    List<String> news = List.copyOf(lines);
    lines.clear();
    return news;
  }
}
