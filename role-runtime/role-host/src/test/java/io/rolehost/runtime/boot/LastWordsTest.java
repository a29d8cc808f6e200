package io.rolehost.runtime.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.runtime.journal.JournalEntry;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LastWordsTest {

  private static JournalEntry entry(long millis, String type, String from, String to, String why) {
    return new JournalEntry(
        millis, Instant.EPOCH, millis * 1_000_000, 7, type, from, to, why, Map.of());
  }

  @Test
  void stop_thatFailed_isToldWithItsCauseWhatWasThrownAndWhatItWaitedFor() {
    Map<String, Object> known = new LinkedHashMap<>();
    known.put("reason", "RUN_FAILED");
    known.put("exception", "java.io.IOException: the disk is on fire");
    known.put("stack", List.of("at roles.Web.run(Web.java:12)", "caused by Broken"));
    known.put("stopMillis", 2_030L);
    known.put("incident", "/state/incidents/1");

    assertEquals(
        """
         ended with exit code 70 (role or task failed): the disk is on fire
        reason RUN_FAILED
        the stop took 2.030 s; longest: 2.000 s until the drain is done
        thrown: java.io.IOException: the disk is on fire
          at roles.Web.run(Web.java:12)
          caused by Broken
        incident: /state/incidents/1
        """,
        LastWords.of(
            70,
            "the disk is on fire",
            known,
            List.of(
                entry(0, "transition", "READY", "DRAINING", "the disk is on fire"),
                entry(2_000, "transition", "DRAINING", "STOPPING", "the drain is done"),
                entry(2_030, "step", "STOPPING", "STOPPING", "onStop has ended"))));
  }

  @Test
  void end_withoutAStop_isOneSentence() {
    assertEquals(
        " ended with exit code 82 (out of memory or VM error): java.lang.OutOfMemoryError\n",
        LastWords.of(82, "java.lang.OutOfMemoryError"));
  }
}
