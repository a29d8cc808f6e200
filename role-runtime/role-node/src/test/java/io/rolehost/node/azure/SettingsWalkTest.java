package io.rolehost.node.azure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.node.azure.SettingsWalk.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SettingsWalkTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private static Member behind(int number) {
    return new Member("a_IN_" + number, number, true, true, OptionalLong.empty());
  }

  private static Member told(int number, boolean well, long at) {
    return new Member("a_IN_" + number, number, false, well, OptionalLong.of(at));
  }

  @Test
  void next_goesDomainByDomain_aWhileAfterTheOneBeforeIsWell() {
    assertEquals(
        List.of("a_IN_0", "a_IN_2"),
        new SettingsWalk(2, List.of(behind(0), behind(1), behind(2))).next(0));

    SettingsWalk half =
        new SettingsWalk(2, List.of(told(0, true, 0), behind(1), told(2, true, SECOND)));
    assertEquals(OptionalInt.of(1), half.domain());
    assertEquals(OptionalLong.of(3 * SECOND), half.due());
    assertEquals(List.of(), half.next(3 * SECOND - 1));
    assertEquals(List.of("a_IN_1"), half.next(3 * SECOND));

    SettingsWalk unwell = new SettingsWalk(2, List.of(told(0, false, 0), behind(1)));
    assertEquals(List.of(), unwell.next(3_600 * SECOND));
    assertEquals(List.of("a_IN_0"), unwell.unwell());
  }

  @Test
  void next_ofSettingsThatTakeThePlaceOfBadOnes_beginsAnew() {
    // Told bad ones and busy since; the ones after are other again, so it is behind.
    Member before = new Member("a_IN_0", 0, true, false, OptionalLong.of(0));
    assertEquals(List.of("a_IN_0"), new SettingsWalk(5, List.of(before, behind(1))).next(1));
    // Taken back to what the others have: nobody is behind but the first.
    Member other = new Member("a_IN_1", 1, false, true, OptionalLong.empty());
    assertEquals(List.of("a_IN_0"), new SettingsWalk(5, List.of(before, other)).next(1));
  }

  @Test
  void walk_whereNobodyIsBehind_isOver() {
    SettingsWalk over = new SettingsWalk(5, List.of(told(0, true, 0), told(1, true, SECOND)));
    assertFalse(over.isUnderWay());
    assertEquals(OptionalLong.empty(), over.due());
    assertEquals(List.of(), over.next(9 * SECOND));
  }

  @Test
  void anyRole_walkedToItsEnd_tellsEachOnce_andOneDomainAtATime() {
    Random random = new Random(20_261_128);
    for (int i = 0; i < 1_000; i++) {
      int count = 1 + random.nextInt(20);
      int domains = 1 + random.nextInt(8);
      List<Member> members = new ArrayList<>();
      for (int n = 0; n < count; n++) {
        members.add(
            random.nextInt(5) == 0
                ? new Member("x" + n, n, false, false, OptionalLong.empty())
                : behind(n));
      }
      long expected = members.stream().filter(Member::behind).count();
      Set<String> all = new HashSet<>();
      int last = -1;
      long now = 0;
      while (new SettingsWalk(domains, members).isUnderWay()) {
        SettingsWalk walk = new SettingsWalk(domains, members);
        now = walk.due().orElse(now);
        List<String> next = walk.next(now);
        int domain = walk.domain().orElseThrow();
        assertTrue(domain > last && !next.isEmpty(), walk::toString);
        last = domain;
        for (int n = 0; n < count; n++) {
          if (next.contains("a_IN_" + n)) {
            assertEquals(domain, n % domains);
            assertTrue(all.add("a_IN_" + n));
            members.set(n, told(n, true, now));
          }
        }
      }
      assertEquals(expected, all.size());
    }
  }
}
