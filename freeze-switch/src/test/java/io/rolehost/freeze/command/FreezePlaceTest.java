package io.rolehost.freeze.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.Scope;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class FreezePlaceTest {

  private static final Instant SINCE = Instant.parse("2026-11-25T10:00:00.250Z");
  private static final Freeze FREEZE =
      Freeze.of("f1", new Scope.Role("web"), "anna", "INC-7", SINCE)
          .withUntil(SINCE.plus(Duration.ofMinutes(5)));

  @Test
  void rest_ofAFreeze_isInMinutes_theBegunOneAmongThem() {
    assertEquals("until 2026-11-25T10:05:00Z (5 min)", end(SINCE));
    assertEquals("until 2026-11-25T10:05:00Z (5 min)", end(SINCE.plusMillis(1)));
    assertEquals("until 2026-11-25T10:05:00Z (5 min)", end(SINCE.plusSeconds(60).minusNanos(1)));
    assertEquals("until 2026-11-25T10:05:00Z (4 min)", end(SINCE.plusSeconds(60)));
    assertEquals("until 2026-11-25T10:05:00Z (1 min)", end(SINCE.plusSeconds(300).minusNanos(1)));
    assertEquals("ended 2026-11-25T10:05:00Z", end(SINCE.plusSeconds(300)));
  }

  private static String end(Instant now) {
    String all = FreezePlace.describe(FREEZE, now);
    String before = "role:web by anna since 2026-11-25T10:00:00Z, ";
    String after = ": INC-7 (id f1)";
    assertEquals(before, all.substring(0, before.length()));
    assertEquals(after, all.substring(all.length() - after.length()));
    return all.substring(before.length(), all.length() - after.length());
  }
}
