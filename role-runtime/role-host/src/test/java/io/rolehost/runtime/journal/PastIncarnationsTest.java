package io.rolehost.runtime.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.freeze.CrashLoop.Past;
import io.rolehost.freeze.CrashLoop.Trial;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class PastIncarnationsTest {

  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration WINDOW = Duration.ofMinutes(10);

  private final List<JournalEntry> journal = new ArrayList<>();

  @Test
  void of_anEndAKillAndAHeldOne_tellsEachAsItWas() {
    begin(1, 0);
    add(1, 2, "transition", "STARTING", "READY", "started", Map.of());
    add(1, 3, "transition", "READY", "BUSY", "a lease", Map.of());
    add(1, 62, "end", "STOPPING", "FAILED", "queue gone", Map.of("code", 70));
    begin(2, 70);
    add(2, 72, "transition", "STARTING", "READY", "started", Map.of());
    begin(3, 100);
    add(3, 100, "crash-loop", "STARTING", "STARTING", "loop", Map.of("freeze", "auto-3"));
    add(3, 101, "transition", "STARTING", "HELD", "frozen", Map.of());

    assertEquals(
        List.of(
            past(0, Optional.of(62), Optional.of(60), OptionalInt.of(70), "queue gone", true),
            past(70, Optional.empty(), Optional.of(28), OptionalInt.empty(), "", true),
            new Past(
                T0.plusSeconds(100),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                "",
                "",
                false,
                "b",
                "c",
                Trial.ONE_TRY)),
        read(20, "auto-3"));
  }

  @Test
  void of_aFreezeThatIsNoMoreStored_wasLifted() {
    begin(1, 0);
    add(1, 0, "crash-loop", "STARTING", "STARTING", "loop", Map.of("freeze", "auto-1"));
    add(1, 9, "end", "STOPPING", "FAILED", "no database", Map.of("code", 70));
    assertEquals(Trial.LIFTED, read(20, "another").getFirst().trial());
  }

  @Test
  void of_anEndThatWasAskedForAndAFreezeBeforeAStart_sayNothing() {
    begin(1, 0);
    add(1, 9, "end", "STOPPING", "STOPPED", "", Map.of("code", 143, "asked", true));
    begin(2, 10);
    add(2, 19, "end", "STARTING", "STOPPED", "", Map.of("code", 7, "asked", false));
    add(3, 19, "crash-loop", "BACKOFF", "FROZEN", "loop", Map.of("freeze", "auto-3"));

    List<Past> read = read(20, "auto-3");
    assertEquals(List.of(false, true, false), read.stream().map(Past::ran).toList());
    assertEquals(
        List.of(Trial.NONE, Trial.NONE, Trial.ONE_TRY), read.stream().map(Past::trial).toList());
  }

  @Test
  void of_anEndWithAnExemptCode_saysNothing() {
    begin(1, 0);
    add(1, 9, "end", "STARTING", "BACKOFF", "", Map.of("code", 7, "exempt", true));
    begin(2, 10);
    add(2, 19, "attempt-failed", "STARTING", "BACKOFF", "", Map.of("code", 8));

    assertEquals(List.of(false, true), read(20, "").stream().map(Past::ran).toList());
  }

  @Test
  void of_anIncarnationThatWasStable_asksForNothingOlder() {
    for (int i = 1; i <= 5; i++) {
      begin(i, i * 1_000);
      add(i, i * 1_000, "transition", "STARTING", "READY", "started", Map.of());
      int lived = i == 3 ? 700 : 5;
      add(i, i * 1_000 + lived, "end", "STOPPING", "FAILED", "gone", Map.of("code", 70));
    }
    assertEquals(3, read(20, "").size());
    assertEquals(2, read(2, "").size());
  }

  @Test
  void of_nothing_isNothing() {
    assertTrue(read(20, "").isEmpty());
  }

  private void begin(long incarnation, int second) {
    add(
        incarnation,
        second,
        "start",
        "STARTING",
        "STARTING",
        "start",
        Map.of("build", "b", "config", "c"));
  }

  private void add(
      long incarnation,
      int second,
      String type,
      String from,
      String to,
      String cause,
      Map<String, Object> detail) {
    journal.add(
        new JournalEntry(
            journal.size() + 1L,
            T0.plusSeconds(second),
            second * 1_000_000_000L,
            incarnation,
            type,
            from,
            to,
            cause,
            detail));
  }

  private List<Past> read(int most, String stored) {
    Iterator<JournalEntry> newestFirst = journal.reversed().iterator();
    return PastIncarnations.of(newestFirst, T0.plusSeconds(200), most, WINDOW, stored::equals);
  }

  private static Past past(
      int start,
      Optional<Integer> end,
      Optional<Integer> ready,
      OptionalInt code,
      String why,
      boolean ran) {
    return new Past(
        T0.plusSeconds(start),
        end.map(T0::plusSeconds),
        ready.map(Duration::ofSeconds),
        code,
        why,
        "",
        ran,
        "b",
        "c",
        Trial.NONE);
  }
}
