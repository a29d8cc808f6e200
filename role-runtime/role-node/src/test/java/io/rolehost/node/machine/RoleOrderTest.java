package io.rolehost.node.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoleOrderTest {
  // web needs api and cache, both need db; other needs nothing.
  private final RoleOrder order =
      new RoleOrder(
          Map.of(
              "web", List.of("api", "cache"),
              "api", List.of("db"),
              "cache", List.of("db"),
              "db", List.of(),
              "other", List.of()));

  @Test
  void start_waitsForWhatIsNotReady() {
    assertEquals(List.of("api", "cache"), order.waitsFor("web", Set.of("db")::contains));
    assertEquals(List.of("cache"), order.waitsFor("web", Set.of("db", "api")::contains));
    assertEquals(List.of(), order.waitsFor("db", _ -> false));
  }

  @Test
  void stop_waitsForAllThatNeedsIt_overSeveralSteps() {
    // api and cache are gone already: web still holds db.
    assertFalse(order.mayStop("db", Set.of("web", "db")::contains));
    assertTrue(order.mayStop("db", Set.of("db", "other")::contains));
    assertTrue(order.mayStop("web", _ -> true));
    assertTrue(order.mayStop("other", _ -> true));
  }

  @Test
  void sorted_bringsWhatIsNeededFirst_elseAsGiven() {
    assertEquals(
        List.of("other", "db", "api", "web"), order.sorted(List.of("other", "web", "api", "db")));
    assertEquals(List.of("db", "cache", "web"), order.sorted(List.of("web", "db", "cache")));
    assertEquals(List.of("db", "other"), order.sorted(List.of("db", "other")));
  }

  @Test
  void circle_namesThoseThatWaitForThemselves() {
    assertEquals(List.of(), order.circle());
    RoleOrder round =
        new RoleOrder(Map.of("a", List.of("b"), "b", List.of("a"), "c", List.of("a")));
    assertEquals(List.of("a", "b"), round.circle());
    assertEquals(3, round.sorted(List.of("c", "a", "b")).size());
  }

  @Test
  void givenUpRole_takesAllHopeThatNeedsIt() {
    assertTrue(order.isHopeless("web", "db"::equals));
    assertFalse(order.isHopeless("other", "db"::equals));
    assertFalse(order.isHopeless("db", "web"::equals));
  }

  @Test
  void stopTime_isThatOfTheLongestPath_notTheSum() {
    assertEquals(
        Duration.ofSeconds(1 + 20 + 300),
        order.longestPath(
            Map.of(
                "web", Duration.ofSeconds(1),
                "api", Duration.ofSeconds(10),
                "cache", Duration.ofSeconds(20),
                "db", Duration.ofSeconds(300),
                "other", Duration.ofSeconds(100))));
  }
}
