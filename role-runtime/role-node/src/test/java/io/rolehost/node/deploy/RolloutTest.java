package io.rolehost.node.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.node.deploy.Rollout.Outcome;
import io.rolehost.node.deploy.Standing.Kind;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RolloutTest {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Map<String, Standing> now = new HashMap<>();
  private Rollout rollout = rollout(3, 5, 1);

  private Rollout rollout(int instances, int domains, int atMost) {
    now.clear();
    for (int n = 0; n < instances; n++) {
      set(n, Kind.READY, 1);
    }
    return Rollout.of(
        Wave.of(
            "web",
            domains,
            atMost,
            java.util.stream.IntStream.range(0, instances)
                .mapToObj(n -> new Wave.Member(id(n), n, false))
                .toList()),
        PATIENCE,
        0);
  }

  private static String id(int n) {
    return "web_IN_" + n;
  }

  private void set(int n, Kind kind, long incarnation) {
    now.put(id(n), new Standing("web", kind, incarnation, "is " + kind));
  }

  private Rollout.Step step(Duration at) {
    Rollout.Step step = rollout.next(now, at.toNanos());
    rollout = step.rollout();
    return step;
  }

  private List<String> leaves() {
    Rollout.Step step = step(Duration.ZERO);
    assertInstanceOf(Outcome.Running.class, step.outcome());
    return step.renew();
  }

  @Test
  void instances_oneAtATime_leaveWhenTheOneBeforeIsReadyAgain() {
    assertEquals(List.of("web_IN_0"), leaves());
    assertEquals(List.of(), leaves(), "it is ready still, but the old one");
    set(0, Kind.COMING, 2);
    assertEquals(List.of(), leaves());
    set(0, Kind.READY, 2);
    assertEquals(List.of("web_IN_1"), leaves());
    set(1, Kind.READY, 2);
    assertEquals(List.of("web_IN_2"), leaves());
    set(2, Kind.READY, 2);
    assertEquals(new Outcome.Done(), step(Duration.ZERO).outcome());
  }

  @Test
  void instance_thatIsReadyForTooShort_isServingAndAsGoodAsDown() {
    set(2, Kind.SETTLING, 1);
    assertEquals(List.of(), leaves(), "the balancer may not know the third yet");
    set(2, Kind.READY, 1);
    assertEquals(List.of("web_IN_0"), leaves());
    set(0, Kind.SETTLING, 2);
    assertEquals(List.of(), leaves());
    set(0, Kind.READY, 2);
    assertEquals(List.of("web_IN_1"), leaves());
  }

  @Test
  void domains_oneAfterAnother_takeTheirsTogetherWhereSoManyMayBeDown() {
    rollout = rollout(5, 2, 3);
    assertEquals(List.of("web_IN_0", "web_IN_2", "web_IN_4"), leaves());
    set(0, Kind.READY, 2);
    set(2, Kind.READY, 2);
    assertEquals(List.of(), leaves(), "the domain is not through");
    set(4, Kind.READY, 2);
    assertEquals(List.of("web_IN_1", "web_IN_3"), leaves());
  }

  @Test
  void domains_ofFourteenInstancesOverFive_haveThreeAndTheLastTwo() {
    List<Wave> waves =
        Wave.of(
            "web",
            5,
            1,
            java.util.stream.IntStream.range(0, 14)
                .mapToObj(n -> new Wave.Member(id(n), n, false))
                .toList());
    assertEquals(
        List.of(3, 3, 3, 3, 2), waves.stream().map(wave -> wave.instances().size()).toList());
    assertEquals(List.of("web_IN_4", "web_IN_9"), waves.getLast().instances());
  }

  @Test
  void instance_thatDoesNotComeUp_endsItAndTheOthersStay() {
    assertEquals(List.of("web_IN_0"), leaves());
    set(0, Kind.WAITING, 2);
    assertEquals(
        new Outcome.Broken(
            "web_IN_0", "is WAITING", List.of("web_IN_0"), List.of("web_IN_1", "web_IN_2")),
        step(Duration.ZERO).outcome());
  }

  @Test
  void instance_thatEndsAndIsRetriedAtOnce_endsItToo() {
    assertEquals(List.of("web_IN_0"), leaves());
    set(0, Kind.COMING, 3);
    assertInstanceOf(Outcome.Broken.class, step(Duration.ZERO).outcome());
  }

  @Test
  void instance_thatIsHeldByAFreeze_endsIt() {
    assertEquals(List.of("web_IN_0"), leaves());
    set(0, Kind.HELD, 2);
    assertInstanceOf(Outcome.Broken.class, step(Duration.ZERO).outcome());
  }

  @Test
  void instance_thatEndsAgainAfterItWasReady_endsIt() {
    assertEquals(List.of("web_IN_0"), leaves());
    set(0, Kind.READY, 2);
    assertEquals(List.of("web_IN_1"), leaves());
    set(1, Kind.READY, 2);
    set(0, Kind.WAITING, 2);
    assertEquals(List.of(), leaves(), "any process may end once; it is waited for");
    set(0, Kind.WAITING, 3);
    assertEquals(
        new Outcome.Broken(
            "web_IN_0", "is WAITING", List.of("web_IN_0", "web_IN_1"), List.of("web_IN_2")),
        step(Duration.ZERO).outcome());
  }

  @Test
  void another_thatCrashes_isCountedAndNotWaitedForLongerThanItTakes() {
    set(2, Kind.WAITING, 1);
    assertEquals(List.of(), leaves(), "one is down already");
    set(2, Kind.READY, 2);
    assertEquals(List.of("web_IN_0"), leaves());
  }

  @Test
  void another_thatStaysDown_endsItAtOnceWithWhatToKnow() {
    set(2, Kind.GONE, 1);
    Outcome.Broken broken = assertInstanceOf(Outcome.Broken.class, step(Duration.ZERO).outcome());
    assertEquals("web_IN_2", broken.instance());
    assertEquals("is GONE, and no more than 1 of the role may be down at once", broken.why());
    assertEquals(List.of(), broken.renewed());
  }

  @Test
  void instances_thatAreDownAlready_goFirstAndAllAtOnce() {
    now.clear();
    List<Wave> waves =
        Wave.of(
            "web",
            5,
            1,
            List.of(
                new Wave.Member(id(0), 0, false),
                new Wave.Member(id(1), 1, true),
                new Wave.Member(id(2), 2, true)));
    set(0, Kind.READY, 1);
    set(1, Kind.WAITING, 4);
    set(2, Kind.FROZEN, 4);
    rollout = Rollout.of(waves, PATIENCE, 0);
    assertEquals(List.of("web_IN_1", "web_IN_2"), leaves());
    set(1, Kind.READY, 5);
    assertEquals(List.of(), leaves(), "web_IN_2 stays frozen: it is renewed, but down");
    set(2, Kind.READY, 5);
    assertEquals(List.of("web_IN_0"), leaves());
  }

  @Test
  void nothing_thatComesOfIt_endsItAfterItsPatience() {
    assertEquals(List.of("web_IN_0"), leaves());
    set(0, Kind.COMING, 2);
    assertInstanceOf(Outcome.Running.class, step(PATIENCE.minusNanos(1)).outcome());
    Outcome.Broken broken = assertInstanceOf(Outcome.Broken.class, step(PATIENCE).outcome());
    assertEquals("is COMING, and nothing came of it in 600 s", broken.why());
  }

  @Test
  void wayBack_takesTheLastWaveFirstAndWhatIsDownBeforeAll() {
    rollout = rollout(4, 2, 2);
    assertEquals(List.of("web_IN_0", "web_IN_2"), leaves());
    set(0, Kind.READY, 2);
    set(2, Kind.READY, 2);
    assertEquals(List.of("web_IN_1", "web_IN_3"), leaves());
    set(1, Kind.WAITING, 2);
    set(3, Kind.READY, 2);
    Outcome.Broken broken = assertInstanceOf(Outcome.Broken.class, step(Duration.ZERO).outcome());
    Rollout back = rollout.back(broken.renewed(), now, 0);
    assertEquals(List.of("web_IN_1", "web_IN_3", "web_IN_2", "web_IN_0"), back.instances());
  }

  @Test
  void noInstances_isDone() {
    rollout = Rollout.of(List.of(), PATIENCE, 0);
    assertEquals(new Outcome.Done(), step(Duration.ZERO).outcome());
    assertTrue(rollout.instances().isEmpty());
  }
}
