package io.rolehost.runtime.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The starts of an instance, from its journal. */
final class StartTimelineTest {

  private final List<JournalEntry> entries = new ArrayList<>();

  private void add(
      long second,
      long incarnation,
      String type,
      String from,
      String to,
      Map<String, Object> more) {
    entries.add(
        new JournalEntry(
            entries.size() + 1L,
            Instant.ofEpochSecond(second),
            second,
            incarnation,
            type,
            from,
            to,
            "because",
            more));
  }

  /** Each span as {@code incarnation kind from-to}. */
  private List<String> spans() {
    List<String> told = new ArrayList<>();
    for (Object one : (List<?>) StartTimeline.of(entries).getOrDefault("spans", List.of())) {
      Map<?, ?> span = (Map<?, ?>) one;
      Object to = span.get("to");
      told.add(
          "%s %s %s-%s"
              .formatted(
                  span.get("incarnation"),
                  span.get("kind"),
                  Instant.parse(String.valueOf(span.get("from"))).getEpochSecond(),
                  to == null ? "" : Instant.parse(to.toString()).getEpochSecond()));
    }
    return told;
  }

  private Object ends() {
    return StartTimeline.of(entries).getOrDefault("ends", List.of());
  }

  @Test
  void crashLoop_ofANode_hasStartsBackOffsAndCrashes() {
    add(1, 1, "transition", "CREATED", "STARTING", Map.of());
    add(1, 1, "start", "STARTING", "STARTING", Map.of());
    add(3, 1, "transition", "STARTING", "READY", Map.of());
    add(9, 1, "attempt-failed", "READY", "BACKOFF", Map.of("code", 70));
    add(12, 2, "transition", "BACKOFF", "STARTING", Map.of());
    add(14, 2, "transition", "STARTING", "READY", Map.of());
    add(15, 2, "step", "READY", "READY", Map.of());
    add(20, 2, "transition", "READY", "DRAINING", Map.of());
    add(22, 2, "transition", "DRAINING", "STOPPING", Map.of());
    add(23, 2, "end", "STOPPING", "STOPPED", Map.of("code", 0, "asked", true));

    assertEquals(
        List.of(
            "1 start 1-3",
            "1 ready 3-9",
            "1 back-off 9-12",
            "2 start 12-14",
            "2 ready 14-20",
            "2 drain 20-22",
            "2 stop 22-23",
            "2 away 23-"),
        spans());
    assertEquals(
        List.of(
            Map.of(
                "incarnation",
                1L,
                "at",
                "1970-01-01T00:00:09Z",
                "crash",
                true,
                "why",
                "because",
                "code",
                70),
            Map.of(
                "incarnation",
                2L,
                "at",
                "1970-01-01T00:00:23Z",
                "crash",
                false,
                "why",
                "because",
                "code",
                0)),
        ends());
  }

  @Test
  void killedStart_ofAHost_isACrash() {
    add(1, 1, "start", "STARTING", "STARTING", Map.of());
    add(2, 1, "transition", "STARTING", "READY", Map.of());
    add(60, 2, "start", "STARTING", "STARTING", Map.of());
    add(61, 2, "transition", "STARTING", "HELD", Map.of());

    assertEquals(List.of("1 start 1-2", "1 ready 2-60", "2 start 60-61", "2 frozen 61-"), spans());
    assertEquals(
        List.of(
            Map.of(
                "incarnation",
                1L,
                "at",
                "1970-01-01T00:01:00Z",
                "crash",
                true,
                "why",
                "KILLED: it ended without a word, at the latest now")),
        ends());
  }

  @Test
  void endOfAHost_isAwayUntilTheNextStart() {
    add(1, 1, "start", "STARTING", "STARTING", Map.of());
    add(2, 1, "transition", "STARTING", "READY", Map.of());
    add(3, 1, "transition", "READY", "STOPPING", Map.of());
    add(4, 1, "end", "STOPPING", "STOPPING", Map.of("code", 70));
    add(9, 2, "start", "STARTING", "STARTING", Map.of());

    assertEquals(
        List.of("1 start 1-2", "1 ready 2-3", "1 stop 3-4", "1 away 4-9", "2 start 9-"), spans());
  }

  @Test
  void longJournal_hasItsNewestSpans() {
    for (int i = 1; i <= 200; i++) {
      add(2L * i, i, "transition", "BACKOFF", "STARTING", Map.of());
      add(2L * i + 1, i, "attempt-failed", "STARTING", "BACKOFF", Map.of("code", 1));
    }

    assertEquals(StartTimeline.MOST_SPANS, spans().size());
    assertEquals("200 back-off 401-", spans().getLast());
  }
}
