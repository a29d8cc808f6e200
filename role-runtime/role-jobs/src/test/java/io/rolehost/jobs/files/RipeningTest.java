package io.rolehost.jobs.files;

import static io.rolehost.jobs.files.Ripening.Ripeness.RIPE;
import static io.rolehost.jobs.files.Ripening.Ripeness.TAKEN;
import static io.rolehost.jobs.files.Ripening.Ripeness.WAITS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RipeningTest {

  private static final Version SMALL = new Version(1, Instant.EPOCH);
  private static final Version LARGE = new Version(2, Instant.EPOCH);
  private static final Version LATER = new Version(1, Instant.EPOCH.plusNanos(1));

  private final Ripening files = new Ripening(1000);

  @Test
  void file_standingStill_isRipeAfterItsTime() {
    assertEquals(WAITS, files.see("a", SMALL, 0));
    assertEquals(WAITS, files.see("a", SMALL, 999));
    assertEquals(OptionalLong.of(1000), files.next());
    assertEquals(RIPE, files.see("a", SMALL, 1000));
  }

  @Test
  void file_growingOrTouched_beginsAgain() {
    assertEquals(WAITS, files.see("a", SMALL, 0));
    assertEquals(WAITS, files.see("a", LARGE, 900));
    assertEquals(WAITS, files.see("a", LARGE, 1800));
    assertEquals(WAITS, files.see("a", LATER, 1850));
    assertEquals(WAITS, files.see("a", LATER, 2849));
    assertEquals(RIPE, files.see("a", LATER, 2850));
  }

  @Test
  void version_taken_isNotTakenAgainAndAnotherIs() {
    files.taken("a", SMALL);
    assertEquals(TAKEN, files.see("a", SMALL, 0));
    assertEquals(OptionalLong.empty(), files.next());
    assertEquals(WAITS, files.see("a", LATER, 10));
    assertEquals(RIPE, files.see("a", LATER, 1010));
  }

  @Test
  void due_isInTheOrderInWhichFilesStoodStill() {
    files.see("a", SMALL, 0);
    files.see("b", SMALL, 10);
    files.see("c", SMALL, 20);
    files.see("a", LARGE, 30);
    assertEquals(List.of(), files.due(1009));
    assertEquals(List.of("b", "c"), files.due(1020));
    files.notYet("b", 1020);
    assertEquals(List.of("c", "a"), files.due(1030));
    assertEquals(List.of("c", "a", "b"), files.due(2020));
  }

  @Test
  void file_gone_isForgotten() {
    files.see("a", SMALL, 0);
    files.taken("b", SMALL);
    files.taken("c", SMALL);
    files.retain(Set.of("c"));
    assertEquals(0, files.waiting());
    assertEquals(1, files.known());
    files.gone("c");
    assertEquals(WAITS, files.see("c", SMALL, 0));
  }
}
