package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class StatusTableTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

  private static final Map<String, Object> ANSWER =
      Map.of(
          "instances",
          List.of(
              Map.of(
                  "instance", "photo-web_IN_0",
                  "word", "ready",
                  "state", "SUSPECT",
                  "since", "2026-11-25T11:00:00Z",
                  "incarnation", 3,
                  "pid", 4711,
                  "managementPort", 8081,
                  "why", ""),
              Map.of(
                  "instance", "worker_IN_0",
                  "state", "BACKOFF",
                  "since", "2026-11-25T11:59:57Z",
                  "incarnation", 12,
                  "why", "next start in 4.0 s")));

  @Test
  void table_forPeople_hasTheWordsInColumns() {
    assertEquals(
        """
        INSTANCE        IS                SINCE  START  PROCESS  PORT  WHY
        photo-web_IN_0  ready             60m    #3     4711     8081
        worker_IN_0     waiting to retry  3s     #12    -        -     next start in 4.0 s\
        """,
        String.join(
            "\n", StatusTable.lines(InstanceRow.all(ANSWER), false, NOW, OptionalInt.empty())));
  }

  @Test
  void table_onATerminal_isCutInItsLastColumn() {
    assertEquals(
        """
        INSTANCE        IS                SINCE  START  PROCESS  PORT  WHY
        photo-web_IN_0  ready             60m    #3     4711     8081
        worker_IN_0     waiting to retry  3s     #12    -        -     next start…\
        """,
        String.join(
            "\n", StatusTable.lines(InstanceRow.all(ANSWER), false, NOW, OptionalInt.of(75))));
    assertEquals(
        StatusTable.lines(InstanceRow.all(ANSWER), false, NOW, OptionalInt.of(75)),
        StatusTable.lines(InstanceRow.all(ANSWER), false, NOW, OptionalInt.of(20)));
  }

  @Test
  void table_inFull_hasTheStateToo() {
    assertEquals(
        "photo-web_IN_0  ready             SUSPECT  60m    #3     4711     8081",
        StatusTable.lines(InstanceRow.all(ANSWER), true, NOW, OptionalInt.empty()).get(1));
  }

  @Test
  void age_isInItsLargestUsefulUnit() {
    assertEquals("0s", StatusTable.age(Duration.ofSeconds(-3)));
    assertEquals("119s", StatusTable.age(Duration.ofSeconds(119)));
    assertEquals("2m", StatusTable.age(Duration.ofMinutes(2)));
    assertEquals("2h", StatusTable.age(Duration.ofHours(2)));
    assertEquals("47h", StatusTable.age(Duration.ofHours(47)));
    assertEquals("2d", StatusTable.age(Duration.ofDays(2)));
  }
}
