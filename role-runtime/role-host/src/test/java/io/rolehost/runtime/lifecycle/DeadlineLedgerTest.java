package io.rolehost.runtime.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class DeadlineLedgerTest {

  private static final long SECOND = 1_000_000_000L;

  @Test
  void ledger_ofThirtySeconds_givesEachStepItsShare() {
    DeadlineLedger ledger = DeadlineLedger.open(0, 30 * SECOND, 60 * SECOND, 2 * SECOND);

    assertEquals(30 * SECOND, ledger.deadline());
    assertEquals(28 * SECOND, ledger.orderlyEnd());
    assertEquals(10 * SECOND, ledger.drainEnd());
    assertEquals(15 * SECOND, ledger.half());
  }

  @Test
  void reserve_ofAShortGrace_isAQuarterOfIt() {
    DeadlineLedger ledger = DeadlineLedger.open(0, 4 * SECOND, 4 * SECOND, 2 * SECOND);

    assertEquals(3 * SECOND, ledger.orderlyEnd());
  }

  @Test
  void extension_pastTheHardCap_endsAtIt() {
    DeadlineLedger ledger = DeadlineLedger.open(0, 30 * SECOND, 60 * SECOND, 2 * SECOND);

    assertEquals(60 * SECOND, ledger.extend(0, 3600 * SECOND).deadline());
  }

  @Test
  void cut_toMoreThanIsLeft_changesNothing() {
    DeadlineLedger ledger = DeadlineLedger.open(0, 30 * SECOND, 30 * SECOND, 2 * SECOND);

    assertEquals(ledger, ledger.cut(29 * SECOND, 5 * SECOND));
  }

  @Test
  void cut_toOneSecond_keepsAQuarterOfItForTheDump() {
    DeadlineLedger cut =
        DeadlineLedger.open(0, 30 * SECOND, 30 * SECOND, 2 * SECOND).cut(SECOND, SECOND);

    assertEquals(2 * SECOND, cut.deadline());
    assertEquals(SECOND / 4, cut.deadline() - cut.orderlyEnd());
  }

  @Test
  void anyMoves_inAnyOrder_neverPassTheHardCap() {
    Random random = new Random(7);
    for (int run = 0; run < 10_000; run++) {
      long grace = 1 + random.nextLong(300 * SECOND);
      long cap = 1 + random.nextLong(600 * SECOND);
      DeadlineLedger ledger = DeadlineLedger.open(0, grace, cap, 2 * SECOND);
      long latest = Math.max(grace, cap);
      long now = 0;
      for (int move = 0; move < 10; move++) {
        now += random.nextLong(SECOND);
        ledger =
            random.nextBoolean()
                ? ledger.extend(now, random.nextLong(100 * SECOND))
                : ledger.cut(now, random.nextLong(10 * SECOND));
        assertTrue(ledger.deadline() <= latest, "moved past the cap: " + ledger);
        assertTrue(ledger.orderlyEnd() <= ledger.deadline(), "negative reserve: " + ledger);
        assertTrue(ledger.drainEnd() <= ledger.deadline(), "drain past the end: " + ledger);
      }
    }
  }
}
