package io.rolehost.node.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.node.machine.InstanceState.BackingOff;
import io.rolehost.node.machine.InstanceState.Frozen;
import io.rolehost.node.machine.InstanceState.Gone;
import io.rolehost.node.machine.InstanceState.Starting;
import io.rolehost.node.machine.InstanceState.Stopped;
import io.rolehost.node.machine.InstanceState.Stopping;
import io.rolehost.node.machine.InstanceState.Then;
import io.rolehost.node.machine.InstanceState.Up;
import io.rolehost.node.solution.Program;
import io.rolehost.node.solution.RoleSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeTransitionsTest {
  private static final Duration GRACE = Duration.ofSeconds(10);

  /** One instance in virtual time. */
  private static final class Subject {
    private final Rules rules;
    private final NodeTransitions table;
    private final double random;
    private InstanceLife life = InstanceLife.created(0);
    private long now;
    private List<Effect> effects = List.of();

    Subject(Rules rules, double random) {
      this.rules = rules;
      this.table = new NodeTransitions(rules);
      this.random = random;
    }

    static Subject roleHost() {
      return new Subject(Rules.standard(true), 0.5);
    }

    Subject on(InstanceEvent event) {
      Step step = table.next(life, event, now, random);
      life = step.life();
      effects = step.effects().stream().filter(e -> !(e instanceof Effect.Tell)).toList();
      return this;
    }

    Subject started() {
      return on(new InstanceEvent.Start());
    }

    Subject ready() {
      return on(new InstanceEvent.Readiness(life.incarnation(), true));
    }

    Subject exits(int code) {
      return on(new InstanceEvent.Exited(life.incarnation(), code, false));
    }

    Subject after(Duration time) {
      now += time.toNanos();
      return this;
    }

    Subject tick() {
      return on(new InstanceEvent.Tick());
    }

    /** Waits for the next due moment, which must exist, and ticks. */
    Subject due() {
      now = life.due(rules).orElseThrow();
      return tick();
    }

    InstanceState state() {
      return life.state();
    }
  }

  @Test
  void start_firstTime_spawnsIncarnationOne() {
    Subject subject = Subject.roleHost().started();
    assertEquals(new Starting(), subject.state());
    assertEquals(List.of(new Effect.Spawn(1)), subject.effects);
  }

  @ParameterizedTest
  @CsvSource({
    "0, BackingOff", "3, BackingOff", "1, BackingOff", "64, Gone", "70, BackingOff",
    "75, BackingOff", "78, Gone", "80, BackingOff", "81, BackingOff", "82, BackingOff",
    "83, BackingOff", "84, BackingOff", "85, BackingOff", "87, BackingOff", "137, BackingOff",
    "143, BackingOff"
  })
  void exit_ofARoleHostUnasked_leadsTo(int code, String state) {
    Subject subject = Subject.roleHost().started().ready().after(Duration.ofSeconds(5)).exits(code);
    assertEquals(state, subject.state().getClass().getSimpleName());
    assertEquals(List.of(), subject.effects);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 64, 70, 78, 86, 87, 137})
  void exit_ofAnotherProgram_isAlwaysFollowedByAStart(int code) {
    Subject subject =
        new Subject(Rules.standard(false), 0.5)
            .started()
            .ready()
            .after(Duration.ofMinutes(1))
            .exits(code);
    assertEquals(BackingOff.class, subject.state().getClass());
    assertEquals(List.of(new Effect.Spawn(2)), subject.due().effects);
  }

  @Test
  void exit0_byOnReturn_stops() {
    Subject subject = Subject.roleHost().started().ready();
    subject.on(new InstanceEvent.Exited(1, 0, true));
    assertEquals(new Stopped(), subject.state());
  }

  @Test
  void exit86_afterMoreThanASecond_startsAtOnce() {
    Subject subject = Subject.roleHost().started().ready().after(Duration.ofSeconds(2)).exits(86);
    assertEquals(List.of(new Effect.Spawn(2)), subject.effects);
    assertEquals(0, subject.life.failures());
  }

  @Test
  void exemptCode_isNoFailure() {
    Rules rules =
        RoleSpec.named("a", new Program.Command(List.of("x")))
            .rules(standard ->
                new Rules(
                    standard.roleHost(),
                    standard.stableWindow(),
                    standard.betweenStarts(),
                    standard.firstRetry(),
                    standard.backoff(),
                    Set.of(143)))
            .build()
            .rules();
    Subject subject = new Subject(rules, 0.5).started().after(Duration.ofSeconds(2)).exits(143);
    assertEquals(List.of(new Effect.Spawn(2)), subject.effects);
    assertEquals(0, subject.life.failures());
    subject.after(Duration.ofSeconds(2)).exits(1);
    assertEquals(1, subject.life.failures());
  }

  @Test
  void exit86_inALoop_startsOnceASecond() {
    Subject subject = Subject.roleHost().started();
    List<Duration> gaps = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      long started = subject.now;
      subject.after(Duration.ofMillis(100)).exits(86);
      assertEquals(List.of(), subject.effects);
      subject.due();
      gaps.add(Duration.ofNanos(subject.now - started));
    }
    assertEquals(
        List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1)),
        gaps);
    assertEquals(0, subject.life.failures());
  }

  @Test
  void exit87_afterTheStableWindow_startsAtOnce() {
    Subject subject = Subject.roleHost().started().ready().after(Duration.ofMinutes(11)).exits(87);
    assertEquals(List.of(new Effect.Spawn(2)), subject.effects);
  }

  @Test
  void failures_inARow_backOffDoublesUpToTheCap() {
    Subject subject = new Subject(Rules.standard(true), 0.5).started();
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      subject.ready().after(Duration.ofSeconds(3)).exits(70);
      long ended = subject.now;
      subject.due();
      pauses.add(Duration.ofNanos(subject.now - ended).toMillis());
    }
    // With half of the randomness a pause is 12.5 % shorter than the full one.
    assertEquals(
        List.of(
            10L, 1_750L, 3_500L, 7_000L, 14_000L, 28_000L, 56_000L, 112_000L, 224_000L, 262_500L,
            262_500L),
        pauses);
  }

  @Test
  void failures_readyButShortLived_areNotForgotten() {
    Subject subject = Subject.roleHost().started().ready().after(Duration.ofMinutes(9)).exits(70);
    subject.due().ready().after(Duration.ofMinutes(9)).exits(70);
    assertEquals(2, subject.life.failures());
  }

  @Test
  void failures_afterTheStableWindow_areForgotten() {
    Subject subject = Subject.roleHost().started().ready().exits(70).due().ready();
    assertEquals(1, subject.life.failures());
    subject.due();
    assertEquals(0, subject.life.failures());
    assertTrue(subject.life.due(subject.rules).isEmpty());
    assertEquals(1, subject.exits(70).life.failures());
  }

  @Test
  void stop_whileUp_terminatesThenKillsAgainAndAgain() {
    Subject subject = Subject.roleHost().started().ready().on(new InstanceEvent.StopAsked(GRACE));
    assertEquals(List.of(new Effect.Terminate()), subject.effects);
    assertEquals(List.of(new Effect.Kill()), subject.due().effects);
    assertEquals(GRACE.toNanos(), subject.now);
    assertEquals(List.of(new Effect.Kill()), subject.due().effects);
    assertEquals(new Stopped(), subject.exits(137).state());
  }

  @Test
  void stop_askedAgain_shortensAndNeverLengthens() {
    Subject subject = Subject.roleHost().started().on(new InstanceEvent.StopAsked(GRACE));
    subject.on(new InstanceEvent.StopAsked(Duration.ofSeconds(2)));
    assertEquals(new Stopping(Duration.ofSeconds(2).toNanos(), Then.STOP), subject.state());
    subject.on(new InstanceEvent.StopAsked(GRACE));
    assertEquals(new Stopping(Duration.ofSeconds(2).toNanos(), Then.STOP), subject.state());
  }

  @Test
  void stop_whileWaiting_stopsAtOnce() {
    Subject subject = Subject.roleHost().started().exits(70);
    assertEquals(new Stopped(), subject.on(new InstanceEvent.StopAsked(GRACE)).state());
  }

  @Test
  void stop_duringARestart_winsOverIt() {
    Subject subject = Subject.roleHost().started().ready();
    subject.on(new InstanceEvent.RestartAsked(GRACE)).on(new InstanceEvent.StopAsked(GRACE));
    assertEquals(new Stopped(), subject.exits(0).state());
  }

  @Test
  void restart_whileUp_startsAtTheEndWhateverTheCode() {
    Subject subject =
        Subject.roleHost().started().ready().on(new InstanceEvent.RestartAsked(GRACE));
    assertEquals(List.of(new Effect.Terminate()), subject.effects);
    assertEquals(List.of(new Effect.Spawn(2)), subject.exits(78).effects);
  }

  @Test
  void restart_whenGivenUpOrWaiting_startsNow() {
    Subject gone = Subject.roleHost().started().exits(78);
    assertEquals(Gone.class, gone.state().getClass());
    assertEquals(
        List.of(new Effect.Spawn(2)), gone.on(new InstanceEvent.RestartAsked(GRACE)).effects);
    Subject waiting = Subject.roleHost().started().exits(70);
    assertEquals(
        List.of(new Effect.Spawn(2)), waiting.on(new InstanceEvent.RestartAsked(GRACE)).effects);
  }

  @Test
  void freeze_whileWaiting_freezesAndThawStartsAtOnce() {
    Subject subject = Subject.roleHost().started().exits(70);
    subject.on(new InstanceEvent.Freezes(List.of("bad release by anna")));
    assertEquals(new Frozen(), subject.state());
    assertEquals(List.of(), subject.on(new InstanceEvent.RestartAsked(GRACE)).effects);
    assertEquals(List.of(), subject.after(Duration.ofDays(1)).tick().effects);
    subject.on(new InstanceEvent.Freezes(List.of()));
    assertEquals(List.of(new Effect.Spawn(2)), subject.effects);
  }

  @Test
  void freeze_whileUp_killsNothingAndKeepsTheNextStart() {
    Subject subject = Subject.roleHost().started().ready();
    subject.on(new InstanceEvent.Freezes(List.of("bad release by anna")));
    assertEquals(Up.class, subject.state().getClass());
    assertEquals(List.of(), subject.effects);
    assertEquals(new Frozen(), subject.after(Duration.ofSeconds(5)).exits(86).state());
    assertEquals(List.of(), subject.effects);
  }

  @Test
  void event_ofAnEarlierIncarnation_changesNothing() {
    Subject subject = Subject.roleHost().started().exits(70).due();
    InstanceLife before = subject.life;
    subject.on(new InstanceEvent.Exited(1, 78, false));
    subject.on(new InstanceEvent.Readiness(1, true));
    subject.on(new InstanceEvent.StartFailed(1, "no such file"));
    assertEquals(before, subject.life);
  }

  @Test
  void startFailed_isAFailureLikeAnyOther() {
    Subject subject = Subject.roleHost().started();
    subject.on(new InstanceEvent.StartFailed(1, "no such file"));
    assertEquals(new BackingOff(Duration.ofMillis(10).toNanos()), subject.state());
  }

  @Test
  void anySequence_neverSpawnsWhileFrozenOrLive() {
    Random random = new Random(7);
    for (int run = 0; run < 5_000; run++) {
      Subject subject = new Subject(Rules.standard(random.nextBoolean()), random.nextDouble());
      for (int i = 0; i < 60; i++) {
        subject.after(Duration.ofMillis(random.nextInt(400_000)));
        InstanceLife before = subject.life;
        InstanceEvent event = anyEvent(random, before.incarnation());
        subject.on(event);
        boolean spawned = subject.effects.stream().anyMatch(e -> e instanceof Effect.Spawn);
        if (spawned) {
          assertEquals(List.of(), subject.life.freezes(), event::toString);
          boolean ended =
              event instanceof InstanceEvent.Exited || event instanceof InstanceEvent.StartFailed;
          assertTrue(ended || !before.state().isLive(), () -> event + " in " + before);
          assertEquals(before.incarnation() + 1, subject.life.incarnation());
        }
        if (subject.state() instanceof Stopping || subject.state() instanceof BackingOff) {
          assertTrue(subject.life.due(subject.rules).isPresent(), "a way out with a time on it");
        }
      }
    }
  }

  private static InstanceEvent anyEvent(Random random, long incarnation) {
    int[] codes = {0, 3, 64, 70, 75, 78, 86, 87, 137};
    return switch (random.nextInt(9)) {
      case 0 -> new InstanceEvent.Start();
      case 1, 2 ->
          new InstanceEvent.Exited(
              incarnation - random.nextInt(2),
              codes[random.nextInt(codes.length)],
              random.nextBoolean());
      case 3 -> new InstanceEvent.Readiness(incarnation, random.nextBoolean());
      case 4 -> new InstanceEvent.StopAsked(GRACE);
      case 5 -> new InstanceEvent.RestartAsked(GRACE);
      case 6 ->
          new InstanceEvent.Freezes(random.nextBoolean() ? List.of() : List.of("because by me"));
      case 7 -> new InstanceEvent.StartFailed(incarnation, "no");
      default -> new InstanceEvent.Tick();
    };
  }

  @Test
  void process_thatAnswersNothingAnyMore_isKilledUnlessItEndsAnyway() {
    Subject up = Subject.roleHost().started().ready();
    up.on(new InstanceEvent.Unresponsive(1, Duration.ofMinutes(10)));
    assertEquals(List.of(new Effect.Kill()), up.effects);
    up.exits(137);
    assertTrue(up.life.state() instanceof BackingOff, up.life.toString());
    up.on(new InstanceEvent.Unresponsive(1, Duration.ofMinutes(10)));
    assertEquals(List.of(), up.effects, "it has ended");

    Subject ending = Subject.roleHost().started().ready().on(new InstanceEvent.StopAsked(GRACE));
    ending.on(new InstanceEvent.Unresponsive(1, Duration.ofMinutes(10)));
    assertEquals(List.of(), ending.effects, "the grace is its limit");
  }
}
