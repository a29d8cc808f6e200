package io.rolehost.runtime.readiness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rolehost.api.BusyLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class BusyLeasesTest {

  // Near the end of what a long holds, as a monotonic clock may start anywhere.
  private static final long START = Long.MAX_VALUE - 500_000_000L;

  private long nanos = START;
  private final AtomicInteger changes = new AtomicInteger();
  private final BusyLeases leases = new BusyLeases(() -> nanos, changes::incrementAndGet);

  @Test
  void lease_closedTwice_endsOnce() {
    BusyLease lease = leases.open("reindex", Duration.ofSeconds(3));
    assertEquals(List.of("reindex"), leases.reasons());
    lease.close();
    lease.close();
    assertEquals(List.of(), leases.reasons());
    assertEquals(2, changes.get());
  }

  @Test
  void lease_pastItsTime_endsByItself() {
    BusyLease forgotten = leases.open("reindex", Duration.ofSeconds(3));
    BusyLease _ = leases.open("import", Duration.ofSeconds(1));
    assertEquals(OptionalLong.of(nanos + 1_000_000_000L), leases.nextExpiryNanos());
    nanos += 1_000_000_000L;
    assertEquals(List.of(Map.of("reason", "reindex", "remainingMs", 2_000L)), leases.facts());
    assertEquals(List.of("reindex"), leases.reasons());
    assertEquals(3, changes.get(), "two openings and one end");
    nanos += 2_000_000_000L;
    assertEquals(List.of(), leases.reasons());
    assertEquals(OptionalLong.empty(), leases.nextExpiryNanos());
    forgotten.close();
    assertEquals(4, changes.get());
  }

  @Test
  void open_timeThatIsNotPositive_isRefused() {
    for (Duration ttl : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
      assertEquals(
          "The busy lease 'reindex' has a time to live of "
              + ttl
              + "; it must be positive, and long enough for the work it covers.",
          assertThrows(IllegalArgumentException.class, () -> leases.open("reindex", ttl))
              .getMessage());
    }
  }

  @Test
  void open_longerThanALongHolds_staysOpen() {
    BusyLease _ = leases.open("forever", Duration.ofSeconds(Long.MAX_VALUE));
    nanos += Duration.ofDays(3650).toNanos();
    assertEquals(List.of("forever"), leases.reasons());
  }

  @Test
  void open_moreThanAllowed_isRefusedUntilOneEnds() {
    for (int i = 0; i < BusyLeases.MAX_OPEN; i++) {
      BusyLease _ = leases.open("job " + i, Duration.ofSeconds(1));
    }
    assertEquals(
        "There are 10000 open busy leases, the oldest is 'job 0'. Close each lease when its work is"
            + " done, best by try-with-resources.",
        assertThrows(
                IllegalStateException.class, () -> leases.open("one more", Duration.ofSeconds(1)))
            .getMessage());
    nanos += 1_000_000_000L;
    BusyLease _ = leases.open("one more", Duration.ofSeconds(1));
    assertEquals(List.of("one more"), leases.reasons());
  }

  @Test
  void randomOpensClosesAndTime_thousandSequences_agreeWithAModel() {
    Random random = new Random(3);
    for (int sequence = 0; sequence < 1_000; sequence++) {
      BusyLeases some = new BusyLeases(() -> nanos, () -> {});
      Map<Integer, Long> ends = new TreeMap<>();
      List<BusyLease> open = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        switch (random.nextInt(3)) {
          case 0 -> {
            long ttl = 1L + random.nextInt(50);
            ends.put(open.size(), nanos + ttl);
            open.add(some.open(String.valueOf(open.size()), Duration.ofNanos(ttl)));
          }
          case 1 -> {
            if (!open.isEmpty()) {
              int which = random.nextInt(open.size());
              open.get(which).close();
              ends.remove(which);
            }
          }
          default -> nanos += random.nextInt(30);
        }
        ends.values().removeIf(end -> end - nanos <= 0);
        assertEquals(ends.keySet().stream().map(String::valueOf).toList(), some.reasons());
      }
    }
  }
}
