package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PaintTest {

  @Test
  void row_withAWordForHowItIs_hasThatInItsColourAndNothingElse() {
    assertEquals(
        "web_IN_0  \u001b[31mwaiting to retry\u001b[0m  3s  next…",
        Screen.painted(
            "web_IN_0  waiting to retry  3s  next…",
            List.of("web_IN_0", "waiting to retry", "3s", "next start in 4 s")));
  }

  @Test
  void words_ofTheTables_haveAColourEach() {
    assertEquals("\u001b[32mready\u001b[0m", Paint.of("ready").on("ready"));
    assertEquals("\u001b[36mfrozen\u001b[0m", Paint.of("frozen").on("frozen"));
    assertEquals("READY", Paint.of("READY").on("READY"));
  }

  @Test
  void stop_thatWaits_saysWhoIsStillThere() {
    Map<String, Object> gone = Map.of("instance", "web_IN_0", "state", "STOPPED");
    Map<String, Object> there =
        Map.of("instance", "web_IN_1", "state", "DRAINING", "pid", 12, "since", Instant.EPOCH + "");
    assertEquals(
        "1 of 2 instances are gone; still there: web_IN_1 (draining)",
        StopCommand.stillThere(InstanceRow.all(Map.of("instances", List.of(gone, there)))));
    assertEquals(
        "1 of 1 instances are gone",
        StopCommand.stillThere(InstanceRow.all(Map.of("instances", List.of(gone)))));
  }
}
