package io.rolehost.runtime.readiness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class HysteresisTest {

  @Test
  void firstAnswer_eitherWay_decidesAtOnce() {
    assertEquals(new Hysteresis(true, true, 0), Hysteresis.UNDECIDED.next(true));
    assertEquals(new Hysteresis(true, false, 0), Hysteresis.UNDECIDED.next(false));
  }

  @Test
  void answers_inARow_tipAtTheThresholds() {
    assertEquals(
        List.of(true, true, true, false, false, true),
        states(true, false, false, false, true, true));
  }

  @Test
  void answers_flapping_neverTip() {
    assertEquals(
        List.of(true, true, true, true, true, true),
        states(true, false, false, true, false, false));
    assertEquals(List.of(false, false, false, false), states(false, true, false, true));
  }

  @Test
  void randomAnswers_tenThousandSequences_agreeWithTheRunLengths() {
    Random random = new Random(7);
    for (int sequence = 0; sequence < 10_000; sequence++) {
      Hysteresis steady = Hysteresis.UNDECIDED;
      double wellness = random.nextDouble();
      boolean before = false;
      boolean last = false;
      int run = 0;
      for (int i = 0; i < 40; i++) {
        boolean healthy = random.nextDouble() < wellness;
        run = i > 0 && healthy == last ? run + 1 : 1;
        last = healthy;
        steady = steady.next(healthy);
        boolean tips = run >= (healthy ? Hysteresis.UP_AFTER : Hysteresis.DOWN_AFTER);
        boolean expected = (i == 0 || tips) ? healthy : before;
        assertEquals(expected, steady.up(), "answer " + i + " of sequence " + sequence);
        before = expected;
      }
    }
  }

  private static List<Boolean> states(boolean... answers) {
    List<Boolean> states = new ArrayList<>();
    Hysteresis steady = Hysteresis.UNDECIDED;
    for (boolean answer : answers) {
      steady = steady.next(answer);
      states.add(steady.up());
    }
    return states;
  }
}
