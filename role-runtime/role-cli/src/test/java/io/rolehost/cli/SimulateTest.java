package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SimulateTest {

  @Test
  void rulesWithoutChance_areShownWithTheirTimes() {
    Said said =
        Said.by("simulate", "--works", "2s", "--times", "2", "--jitter", "0", "--each-different");

    assertEquals(
        """
        0:00:02.000  task failed, attempt 1: java.lang.IllegalStateException: failure 1
        0:00:02.000  task starts again in 500 ms, attempt 2
        0:00:04.500  task failed, attempt 2: java.lang.IllegalStateException: failure 2
        0:00:04.500  task starts again in 1 s, attempt 3
        0:00:05.500  task runs on, attempt 3
        """,
        said.out());
  }

  @Test
  void sameFailureBeforeAnySuccess_endsTheRoleAtTheThird() {
    Said said = Said.by("simulate", "--times", "5", "--json");

    assertAll(
        () -> assertEquals(0, said.code(), said.err()),
        () ->
            assertTrue(said.out().contains("failed 3 times in a row in the same way"), said.out()));
  }

  @Test
  void rulesThatCanNeverTrip_areRefusedWithWhatWouldFit() {
    Said said = Said.by("simulate", "--backoff", "60s..60s", "--jitter", "0");

    assertAll(
        () -> assertEquals(64, said.code()),
        () -> assertTrue(said.err().contains("can never be spent"), said.err()));
  }
}
