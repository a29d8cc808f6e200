package io.rolehost.node.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.node.machine.InstanceEvent;
import io.rolehost.node.machine.InstanceLife;
import io.rolehost.node.machine.InstanceState;
import io.rolehost.node.machine.NodeTransitions;
import io.rolehost.node.machine.Rules;
import io.rolehost.node.machine.Step;
import io.rolehost.runtime.journal.JournalReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReplayTest {
  private static final String JOURNAL = JournalReader.ofNode("web_IN_0");
  private static final Rules RULES = Rules.standard(true);

  @TempDir private Path stateDir = Path.of("");
  private long now = 1_000_000;

  private NodeJournal open() {
    return NodeJournal.open(stateDir, "web_IN_0", () -> Instant.EPOCH.plusNanos(now), () -> now);
  }

  private Path file() {
    return stateDir.resolve("journal").resolve(JOURNAL + ".jsonl");
  }

  /** Takes steps by random events, and returns the life they lead to. */
  private InstanceLife history(NodeJournal journal, int events, long seed) {
    Random random = new Random(seed);
    NodeTransitions table = new NodeTransitions(RULES);
    InstanceLife life = InstanceLife.created(journal.earlierIncarnations());
    for (int i = 0; i < events; i++) {
      now += random.nextLong(2_000_000_000L);
      InstanceEvent event = event(random, life.incarnation());
      double jitter = random.nextDouble();
      Step step = table.next(life, event, now, jitter);
      if (!step.life().equals(life) || !step.effects().isEmpty()) {
        var _ =
            journal.step(
                new NodeJournal.Taken(life, event, now, jitter, step.life()),
                RULES,
                life.state().getClass().getSimpleName(),
                step.life().state().getClass().getSimpleName(),
                "event " + i,
                Map.of());
      }
      life = step.life();
    }
    return life;
  }

  private static InstanceEvent event(Random random, long incarnation) {
    return switch (random.nextInt(9)) {
      case 0 -> new InstanceEvent.Start();
      case 1 -> new InstanceEvent.StartFailed(incarnation, "no such file");
      case 2, 3 -> new InstanceEvent.Readiness(incarnation, random.nextBoolean());
      case 4 ->
          new InstanceEvent.Exited(
              incarnation,
              List.of(0, 1, 70, 75, 78, 86, 87, 137).get(random.nextInt(8)),
              random.nextBoolean());
      case 5 -> new InstanceEvent.StopAsked(Duration.ofSeconds(5));
      case 6 -> new InstanceEvent.RestartAsked(Duration.ofSeconds(5));
      case 7 ->
          new InstanceEvent.Freezes(
              random.nextBoolean() ? List.of() : List.of("a \"bad\" release, by anna"));
      default -> new InstanceEvent.Tick();
    };
  }

  private Replay.Result replay() throws IOException {
    return replay(OptionalLong.empty()).result();
  }

  private Replay replay(OptionalLong wanted) throws IOException {
    Replay replay = new Replay(JOURNAL, wanted);
    JournalReader.read(stateDir, JOURNAL, replay::take);
    return replay;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void history_ofRandomEventsOverThreeNodes_followsTheTableAndEndsInTheLiveLife(long seed)
      throws IOException {
    for (int node = 0; node < 3; node++) {
      try (NodeJournal journal = open()) {
        InstanceLife live = history(journal, 500, seed + 100L * node);

        Replay replay = replay(OptionalLong.of(journal.recorded().sequence()));
        assertEquals(List.of(), replay.result().problems());
        assertTrue(replay.result().steps() > 50, replay.result().toString());
        assertEquals(RecordValues.of(live), replay.life().orElseThrow());
      }
    }
  }

  @Test
  void line_thatWasEdited_isNamedWithItsFile() throws IOException {
    try (NodeJournal journal = open()) {
      var _ = history(journal, 100, 7);
    }
    List<String> lines = new ArrayList<>(Files.readAllLines(file()));
    lines.set(20, lines.get(20).replaceFirst("\"random\":0\\.\\d", "\"random\":0.0"));
    Files.write(file(), lines);

    List<Replay.Problem> problems = replay().problems();

    assertEquals(file().toString(), problems.getFirst().file());
    assertEquals(21, problems.getFirst().line());
    assertTrue(problems.getFirst().text().contains("changed"), problems.toString());
  }

  @Test
  void line_thatWasTakenOut_isMissed() throws IOException {
    try (NodeJournal journal = open()) {
      var _ = history(journal, 100, 8);
    }
    List<String> lines = new ArrayList<>(Files.readAllLines(file()));
    var _ = lines.remove(30);
    Files.write(file(), lines);

    List<Replay.Problem> problems = replay().problems();

    assertEquals(31, problems.getFirst().line());
    assertTrue(
        problems.stream().anyMatch(p -> p.text().equals("entries 31 to 31 are missing")),
        problems.toString());
  }

  @Test
  void step_thatTheTableDoesNotTake_isToldWithWhatWasExpected() throws IOException {
    try (NodeJournal journal = open()) {
      InstanceLife created = InstanceLife.created(0);
      InstanceLife frozen =
          new NodeTransitions(RULES)
              .next(created, new InstanceEvent.Freezes(List.of("x by y")), now, 0)
              .life();
      // A start past a freeze, as only a wrong table would take it.
      InstanceLife started =
          new NodeTransitions(RULES).next(created, new InstanceEvent.Start(), now, 0).life();
      step(journal, created, new InstanceEvent.Freezes(List.of("x by y")), frozen);
      step(journal, frozen, new InstanceEvent.Start(), started);
    }

    List<Replay.Problem> problems = replay().problems();

    assertEquals(1, problems.size(), problems.toString());
    assertEquals(3, problems.getFirst().line());
    assertTrue(
        problems
            .getFirst()
            .text()
            .startsWith("by Start[] in Frozen[] the table leads to InstanceLife[state=Frozen[]"),
        problems.toString());
  }

  private void step(
      NodeJournal journal, InstanceLife before, InstanceEvent event, InstanceLife after) {
    var _ =
        journal.step(
            new NodeJournal.Taken(before, event, now, 0, after), RULES, "A", "B", "", Map.of());
  }

  @Test
  void tail_thatIsTorn_isNotedThenCutAndTheChainGoesOn() throws IOException {
    try (NodeJournal journal = open()) {
      var _ = history(journal, 50, 9);
    }
    int whole = Files.readAllLines(file()).size();
    Files.writeString(file(), "{\"sequence\":9999,\"at\":\"20", StandardOpenOption.APPEND);

    Replay.Result torn = replay();
    assertEquals(List.of(), torn.problems());
    assertEquals(
        List.of(
            file() + ":" + (whole + 1) + " is torn, and is cut when the journal is next opened"),
        torn.notes());
    try (NodeJournal journal = open()) {
      var _ = history(journal, 50, 10);
    }
    Replay.Result result = replay();
    assertEquals(List.of(), result.problems());
    assertEquals(List.of(), result.notes());
  }

  @Test
  void folder_thatCantBeWritten_isAProblemOfTheJournalAndStopsNothing() throws IOException {
    Files.writeString(stateDir.resolve("journal"), "a file where a folder should be");
    try (NodeJournal journal = open()) {
      InstanceLife life = history(journal, 100, 11);

      assertTrue(journal.problem().orElseThrow().contains("can't be written"));
      assertEquals(RecordValues.of(life), journal.recorded().life());
    }
  }

  @Test
  void states_ofAllKinds_areTheSameAfterTheyWereValues() {
    for (InstanceState state :
        List.<InstanceState>of(
            new InstanceState.Created(),
            new InstanceState.Up(true, -5, false),
            new InstanceState.Stopping(Long.MAX_VALUE, InstanceState.Then.RESTART),
            new InstanceState.Gone("ended with 78"))) {
      InstanceLife life =
          new InstanceLife(state, 3, 2, 7, java.util.Optional.empty(), List.of("a by b"));
      assertEquals(life, RecordValues.to(InstanceLife.class, RecordValues.of(life)));
    }
    assertEquals(RULES, RecordValues.to(Rules.class, RecordValues.of(RULES)));
  }
}
