package io.rolehost.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.node.machine.InstanceState;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a node tells of each state of an instance, word for word. */
final class NodeExplanationTest {

  private record Row(InstanceState state, NodeExplanation.Facts facts, String text) {}

  private static NodeExplanation.Facts facts(String reported, boolean frozen, String... roles) {
    return new NodeExplanation.Facts(
        "web_IN_0", reported, 3, Duration.ofMillis(2_500), List.of(roles), frozen);
  }

  private static final List<Row> TABLE =
      List.of(
          new Row(
              new InstanceState.Created(),
              facts("", false),
              """
              now: it has no process and was not started yet
              next: its start, in its turn
              you can: wait\
              """),
          new Row(
              new InstanceState.Created(),
              facts("", false, "broker", "store"),
              """
              now: it has no process and was not started yet
              next: its start when these roles are ready: broker, store
              you can: look why they are not with 'rolehost explain ROLE'\
              """),
          new Row(
              new InstanceState.Starting(),
              facts("", false),
              """
              now: its process lives and was not ready yet
              next: ready, or an end, which is followed by a new start after a pause
              you can: read what it prints with 'rolehost logs web_IN_0'\
              """),
          new Row(
              new InstanceState.Starting(),
              facts("PREPARING", false),
              """
              now: its process lives and was not ready yet; it says PREPARING
              next: ready, or an end, which is followed by a new start after a pause
              you can: read what it prints with 'rolehost logs web_IN_0'\
              """),
          new Row(
              new InstanceState.Starting(),
              facts("HELD", true),
              """
              now: its process lives and is held by a freeze
              next: it goes on within a second when the freeze ends
              you can: end the freeze with 'rolehost unfreeze', or wait for its end where it has one\
              """),
          new Row(
              new InstanceState.Up(true, 0, false),
              facts("READY", false),
              """
              now: it takes work; it says READY; its earlier failures count until it has been ready for a while
              next: nothing, until something fails or somebody asks for a stop
              you can: leave it alone\
              """),
          new Row(
              new InstanceState.Up(true, 0, true),
              facts("SUSPECT", true),
              """
              now: it takes work; it says SUSPECT
              next: it goes on working; its next start waits for the end of the freeze
              you can: end the freeze with 'rolehost unfreeze'\
              """),
          new Row(
              new InstanceState.Up(false, 0, true),
              facts("BUSY", false),
              """
              now: its process was ready before and is not now; it says BUSY
              next: ready when the reason is gone; it is not restarted for that alone
              you can: start it anew with 'rolehost restart web_IN_0'\
              """),
          new Row(
              new InstanceState.Stopping(0, InstanceState.Then.STOP),
              facts("DRAINING", false),
              """
              now: its process was told to end; it says DRAINING
              next: it is killed in 2.5 s if it has not ended by then; after that it is not started again
              you can: see later what it waited for with 'rolehost analyze stop web_IN_0'\
              """),
          new Row(
              new InstanceState.Stopping(0, InstanceState.Then.RESTART),
              facts("STOPPING", false),
              """
              now: its process was told to end; it says STOPPING
              next: it is killed in 2.5 s if it has not ended by then; then comes start #4
              you can: see later what it waited for with 'rolehost analyze stop web_IN_0'\
              """),
          new Row(
              new InstanceState.Stopping(0, InstanceState.Then.RESTART),
              facts("KILLING", true),
              """
              now: its process was told to end; it says KILLING
              next: it is killed in 2.5 s if it has not ended by then; the next start waits for the end of the freeze
              you can: see later what it waited for with 'rolehost analyze stop web_IN_0'\
              """),
          new Row(
              new InstanceState.BackingOff(0),
              facts("", false),
              """
              now: it has no process; after an unclean end there is a pause, which grows with each
              next: start #4 in 2.5 s
              you can: read what it printed with 'rolehost logs web_IN_0'; start it now with 'rolehost restart web_IN_0'\
              """),
          new Row(
              new InstanceState.BackingOff(0),
              facts("", false, "broker"),
              """
              now: it has no process; after an unclean end there is a pause, which grows with each
              next: start #4 when these roles are ready: broker
              you can: read what it printed with 'rolehost logs web_IN_0'; start it now with 'rolehost restart web_IN_0'\
              """),
          new Row(
              new InstanceState.Frozen(),
              facts("", true),
              """
              now: it has no process, and a freeze keeps it from being started
              next: start #4 within a second when the freeze ends
              you can: end the freeze with 'rolehost unfreeze', or wait for its end where it has one\
              """),
          new Row(
              new InstanceState.Stopped(),
              facts("", false),
              """
              now: it has no process: it ended as it should
              next: nothing, until somebody asks for it
              you can: start it with 'rolehost restart web_IN_0'\
              """),
          new Row(
              new InstanceState.Gone("its configuration is wrong"),
              facts("", false),
              """
              now: it has no process and was given up: another start does not help
              next: nothing, until somebody asks for it
              you can: mend what the cause above names, then start it with 'rolehost restart web_IN_0', or with 'rolehost deploy' after a change of the solution\
              """));

  @Test
  void state_each_isToldWordForWord() {
    for (Row row : TABLE) {
      assertEquals(
          row.text(),
          String.join("\n", NodeExplanation.of(row.state(), row.facts()).lines()),
          row.toString());
    }
  }

  /** A state that is added later has to be told as well. */
  @Test
  void table_ofStates_hasEachOfThem() {
    assertEquals(
        Arrays.stream(InstanceState.class.getPermittedSubclasses()).collect(Collectors.toSet()),
        TABLE.stream().map(row -> row.state().getClass()).collect(Collectors.toSet()));
    assertEquals(
        Set.of(InstanceState.Then.values()),
        TABLE.stream()
            .map(Row::state)
            .filter(InstanceState.Stopping.class::isInstance)
            .map(state -> ((InstanceState.Stopping) state).then())
            .collect(Collectors.toSet()));
  }
}
