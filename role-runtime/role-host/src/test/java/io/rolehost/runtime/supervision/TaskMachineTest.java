package io.rolehost.runtime.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Backoff;
import io.rolehost.api.OnFailure;
import io.rolehost.api.Restart;
import io.rolehost.api.Strategy;
import io.rolehost.api.Task;
import io.rolehost.api.TaskGroup;
import io.rolehost.api.TaskHandle.State;
import io.rolehost.runtime.supervision.Node.Child;
import io.rolehost.runtime.supervision.Node.Group;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One rule a test, in virtual time; a line is the millisecond and what happened. */
final class TaskMachineTest {

  private final IOException down = new IOException("down");

  private final MachineHistory history = new MachineHistory(() -> 0);

  private static Task task(String name) {
    return Task.named(name).body(_ -> {}).backoff(Backoff.none());
  }

  private static Task slow(String name) {
    Duration pause = Duration.ofSeconds(2);
    return task(name).backoff(new Backoff(pause, pause, 1, 0));
  }

  @Test
  void oneForOne_failure_restartsItAlone() {
    Group group = history.group("g", Strategy.ONE_FOR_ONE);
    Child a = history.start(group, slow("a"));
    history.start(group, task("b"));
    history.news();

    history.failsProven(a, down);
    history.move(5_000);

    assertEquals(List.of("0 again g/a in 2000 ms", "2000 launch g/a 2"), history.news());
  }

  @Test
  void oneForAll_failure_stopsAllInReverseAndStartsThemInOrder() {
    Group group = history.group("g", Strategy.ONE_FOR_ALL);
    Child a = history.start(group, task("a"));
    Child b = history.start(group, slow("b"));
    Child c = history.start(group, task("c"));
    Child d = history.start(group, task("d").restart(Restart.TEMPORARY));
    history.news();

    history.failsProven(b, down);
    assertEquals(
        List.of("0 again g/b in 2000 ms", "0 cancel g/d 1", "0 cancel g/c 1", "0 cancel g/a 1"),
        history.news());
    assertEquals(State.BACKOFF, b.phase().state());
    history.leaves(c);
    history.leaves(d);
    history.move(2_500);
    assertEquals(List.of("0 over g/d DONE"), history.news());
    history.leaves(a);

    assertEquals(
        List.of("2500 launch g/a 2", "2500 launch g/b 2", "2500 launch g/c 2"), history.news());
  }

  @Test
  void restForOne_failure_stopsThoseAfterItOneByOne() {
    Group group = history.group("g", Strategy.REST_FOR_ONE);
    history.start(group, task("a"));
    Child b = history.start(group, task("b"));
    Child c = history.start(group, task("c"));
    Child d = history.start(group, task("d"));
    history.news();

    history.failsProven(b, down);
    assertEquals(List.of("0 again g/b in 0 ms", "0 cancel g/d 1"), history.news());
    history.leaves(d);
    assertEquals(List.of("0 cancel g/c 1"), history.news());
    Child late = history.start(group, task("late"));
    assertEquals(State.STARTING, late.phase().state());
    history.leaves(c);

    assertEquals(
        List.of("0 launch g/b 2", "0 launch g/c 2", "0 launch g/d 2", "0 launch g/late 1"),
        history.news());
  }

  @Test
  void startsWithin_notAcknowledged_holdsTheNextOnesBack() {
    Child schema = history.start(history.root, task("schema").startsWithin(Duration.ofSeconds(3)));
    Group group = history.group("g", Strategy.ONE_FOR_ONE);
    history.start(group, task("a"));
    history.start(history.root, task("b"));
    assertEquals(List.of("0 launch schema 1"), history.news());

    history.move(3_000);
    history.leaves(schema);
    assertEquals(
        List.of("3000 cancel schema 1", "3000 again schema in 0 ms", "3000 launch schema 2"),
        history.news());
    assertEquals(State.STARTING, schema.phase().state());
    history.acknowledges(schema);

    assertEquals(List.of("3000 launch g/a 1", "3000 launch b 1"), history.news());
    assertEquals(State.RUNNING, schema.phase().state());
    history.failsProven(schema, down);
    history.start(history.root, task("c"));
    assertEquals(
        List.of("3000 again schema in 0 ms", "3000 launch schema 3", "3000 launch c 1"),
        history.news());
  }

  @Test
  void startsWithin_transientThatReturns_letsTheNextOnesStart() {
    Child migrate =
        history.start(
            history.root,
            task("migrate").restart(Restart.TRANSIENT).startsWithin(Duration.ofMinutes(1)));
    history.start(history.root, task("serve"));
    history.returns(migrate);
    assertEquals(
        List.of("0 launch migrate 1", "0 launch serve 1", "0 over migrate DONE"), history.news());
  }

  @Test
  void stop_goesInWavesFromTheLastToTheFirst_andTellsAllWhenTimeRunsOut() {
    history.start(history.root, task("flat-1"));
    Child pool = history.start(history.root, task("pool").startsWithin(Duration.ofSeconds(3)));
    history.acknowledges(pool);
    Child user = history.start(history.root, task("user"));
    Child other = history.start(history.root, task("other"));
    history.news();

    history.on(new Event.StopAsked(false));
    assertEquals(List.of("0 cancel other 1", "0 cancel user 1"), history.news());
    history.leaves(user);
    history.leaves(other);
    assertEquals(
        List.of("0 over user DONE", "0 over other DONE", "0 cancel pool 1", "0 cancel flat-1 1"),
        history.news());
  }

  @Test
  void stop_whoseEndIsNear_tellsEverybody() {
    Group group = history.group("g", Strategy.REST_FOR_ONE);
    history.start(group, task("a"));
    history.start(group, task("b"));
    history.news();
    history.on(new Event.StopAsked(false));
    history.on(new Event.StopEnds(10_000_000_000L));
    history.moveTo(20_000_000_000L);

    assertEquals(
        List.of(
            "0 cancel g/b 1",
            "4000 cancel g/a 1",
            "5000 interrupt g/b 1",
            "6000 abandon g/b 1",
            "6000 over g/b ABANDONED",
            "9000 interrupt g/a 1",
            "10000 abandon g/a 1",
            "10000 over g/a ABANDONED",
            "10000 all left"),
        history.news());
  }

  @Test
  void budgetOfATask_spent_restartsItsGroup_thenTheGroupAbove_thenTheRoleEnds() {
    Group outer =
        history.group(
            history.root,
            TaskGroup.named("outer").backoff(Backoff.none()).budget(1, Duration.ofMinutes(1)));
    Group inner =
        history.group(
            outer,
            TaskGroup.named("inner").backoff(Backoff.none()).budget(1, Duration.ofMinutes(1)));
    Child bad = history.start(inner, task("bad").budget(0, Duration.ofMinutes(1)));
    Child good = history.start(outer, task("good"));
    history.news();

    history.failsProven(bad, down);
    assertEquals(
        List.of(
            "0 failed outer/inner/bad; it gives up",
            "0 group outer/inner again in 0 ms",
            "0 launch outer/inner/bad 2"),
        history.news());
    history.failsProven(bad, down);
    history.leaves(good);
    assertEquals(
        List.of(
            "0 failed outer/inner/bad; it gives up",
            "0 group outer again in 0 ms",
            "0 cancel outer/good 1",
            "0 launch outer/inner/bad 3",
            "0 launch outer/good 2"),
        history.news());
    history.failsProven(bad, down);
    assertEquals(
        List.of(
            "0 failed outer/inner/bad; it gives up",
            "0 group outer/inner again in 0 ms",
            "0 launch outer/inner/bad 4"),
        history.news());
    history.failsProven(bad, down);
    assertEquals(
        List.of(
            "0 failed outer/inner/bad; it gives up",
            "0 escalate BUDGET outer/inner/bad",
            "0 over outer/inner/bad FAILED"),
        history.news());
    String why =
        history.effects.stream()
            .flatMap(effect ->
                effect instanceof Effect.Escalate(Escalation escalation)
                    ? Stream.of(escalation.why())
                    : Stream.empty())
            .findFirst()
            .orElseThrow();
    assertTrue(
        why.startsWith("Group \"outer\" spent its budget of 1 restarts in 1 min; the role ends."),
        why);
    assertTrue(why.contains("java.io.IOException: down"), why);
  }

  @Test
  void significantTask_endsInOrder_endsItsGroupAlone() {
    Group group = history.group("g", Strategy.ONE_FOR_ONE);
    Child main = history.start(group, task("main").restart(Restart.TRANSIENT).significant());
    Child side = history.start(group, task("side"));
    history.start(history.root, task("other"));
    history.news();

    history.returns(main);
    assertEquals(List.of("0 over g/main DONE", "0 cancel g/side 1"), history.news());
    assertTrue(group.ended);
    history.leaves(side);
    assertEquals(List.of("0 over g/side DONE", "0 group over g"), history.news());
    assertEquals(1, history.machine.living());
  }

  @Test
  void periodicTask_runsAtItsTicks_skipsMissedOnes_andSurvivesAFailure() {
    Child tick = history.start(history.root, slow("tick").every(Duration.ofSeconds(10)));
    history.returns(tick);
    assertEquals(State.WAITING, tick.phase().state());
    assertFalse(tick.phase().isDown());
    history.move(10_000);
    history.move(25_000);
    history.returns(tick);
    history.move(5_000);
    history.fails(tick, down);
    history.move(10_000);
    history.fails(tick, down);
    history.move(10_000);

    assertEquals(
        List.of(
            "0 launch tick 1",
            "10000 launch tick 2",
            "40000 launch tick 3",
            "40000 again tick in 2000 ms",
            "50000 launch tick 4",
            "50000 again tick in 2000 ms",
            "60000 launch tick 5"),
        history.news());
  }

  @Test
  void onFailure_nearestTypeOfTheOutermostLink_decides() {
    Task task =
        task("t")
            .onFailure(IOException.class, OnFailure.FATAL)
            .onFailure(FileNotFoundException.class, OnFailure.END)
            .onFailure(UncheckedIOException.class, OnFailure.RESTART);

    assertEquals(
        List.of(
            AttemptEnd.Kind.FATAL,
            AttemptEnd.Kind.FINAL,
            AttemptEnd.Kind.FATAL,
            AttemptEnd.Kind.FAILED,
            AttemptEnd.Kind.FAILED,
            AttemptEnd.Kind.VM_ERROR),
        Stream.of(
                down,
                new FileNotFoundException("x"),
                new IllegalStateException(down),
                new UncheckedIOException(down),
                new IllegalStateException("other"),
                new IllegalStateException(new OutOfMemoryError("planned")))
            .map(thrown -> AttemptEnd.kindOf(thrown, task))
            .toList());
  }

  @Test
  void operator_restartsAndStopsByNameAndIsToldWhatIsImpossible() {
    Child a = history.start(history.root, slow("a"));
    history.failsProven(a, down);
    history.news();
    Object reply = new Object();

    history.on(new Event.Asked(Event.Wish.RESTART, a, reply));
    history.on(new Event.Asked(Event.Wish.RESTART, a, reply));
    history.on(new Event.Asked(Event.Wish.RESTART, a, reply));
    history.leaves(a);
    history.on(new Event.Asked(Event.Wish.STOP, a, reply));
    history.leaves(a);
    history.on(new Event.Asked(Event.Wish.STOP, a, reply));

    assertEquals(
        List.of(
            "0 launch a 2",
            "0 " + TaskAnswer.done("Task \"a\" starts now"),
            "0 cancel a 2",
            "0 " + TaskAnswer.done("Task \"a\" was asked to leave and starts again"),
            "0 " + TaskAnswer.impossible("Task \"a\" is just leaving"),
            "0 launch a 3",
            "0 cancel a 3",
            "0 " + TaskAnswer.done("Task \"a\" was asked to leave for good"),
            "0 over a DONE",
            "0 " + TaskAnswer.impossible("Task \"a\" is DONE already")),
        history.news());
  }

  @Test
  void poisonedState_holdersLeaveTogether_andStartAgainWhenItIsFresh() {
    Child writer = history.start(history.root, slow("writer"));
    Child reader = history.start(history.root, task("reader"));
    history.start(history.root, task("stranger"));
    history.news();

    history.on(
        new Event.Poisoned(
            "ledger",
            writer,
            List.of(writer, reader),
            AttemptEnd.thrown(down, 0).proven(true),
            down,
            () -> {}));
    assertEquals(List.of("0 cancel writer 1", "0 cancel reader 1"), history.news());
    history.fails(writer, down);
    assertEquals("0 again writer in 2000 ms", history.news().getLast());
    history.leaves(reader);
    assertEquals(List.of("0 renew"), history.news());
    history.move(2_000);
    assertEquals(List.of("2000 launch writer 2", "2000 launch reader 2"), history.news());
  }
}
