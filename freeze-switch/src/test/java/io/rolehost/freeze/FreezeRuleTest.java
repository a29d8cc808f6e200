package io.rolehost.freeze;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FreezeRuleTest {

  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
  private static final Identity WHO = new Identity("prod", "web", "web_IN_0", "b1", "c1");

  @Test
  void until_byAClockThatIsSetAtRandom_meansTheWallClockAndNothingElse() {
    SplittableRandom random = new SplittableRandom(3);
    Freeze freeze = freeze("*").withUntil(T0.plus(Duration.ofMinutes(15)));
    Instant now = T0;
    for (int i = 0; i < 10_000; i++) {
      now =
          switch (random.nextInt(4)) {
            case 0 -> now.plus(Duration.ofHours(1));
            case 1 -> now.minus(Duration.ofHours(1));
            default -> now.plusSeconds(random.nextInt(60));
          };
      if (Duration.between(T0, now).abs().compareTo(Duration.ofHours(3)) > 0) {
        now = T0;
      }
      boolean frozen = now.isBefore(T0.plus(Duration.ofMinutes(15)));
      assertEquals(
          frozen ? List.of(freeze) : List.of(),
          FreezeRule.covering(List.of(freeze), WHO, now),
          now.toString());
      assertEquals(
          frozen ? freeze.until() : Optional.empty(),
          FreezeRule.nextChange(List.of(freeze), WHO, now));
    }
  }

  @Test
  void until_atItsVeryMomentOrBefore_hasEnded() {
    assertEquals(List.of(), FreezeRule.covering(List.of(freeze("*").withUntil(T0)), WHO, T0));
    assertEquals(
        List.of(),
        FreezeRule.covering(List.of(freeze("*").withUntil(T0.minusSeconds(1))), WHO, T0));
  }

  @ParameterizedTest
  @CsvSource({
    "*, 1",
    "deployment:prod, 1",
    "deployment:test, 0",
    "role:web, 1",
    "role:we, 0",
    "instance:web_IN_0, 1",
    "instance:web_IN_1, 0"
  })
  void scope_ofEachKind_coversWhomItNames(String scope, int covering) {
    assertEquals(covering, FreezeRule.covering(List.of(freeze(scope)), WHO, T0).size());
  }

  @ParameterizedTest
  @CsvSource({"b1, c1, 1", "b2, c1, 0", "b1, c2, 0", "'', c1, 1", "b1, '', 1", "'', c2, 0"})
  void automatic_ofABuildAndConfiguration_coversOnlyThose(
      String build, String config, int covering) {
    Freeze freeze = freeze("*").withAuto(new Freeze.Auto(build, config));
    assertEquals(covering, FreezeRule.covering(List.of(freeze), WHO, T0).size());
  }

  private static Freeze freeze(String scope) {
    return Freeze.of("1", Scope.parse(scope), "anna", "INC-7", T0);
  }
}
