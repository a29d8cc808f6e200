package io.rolehost.node.azure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.rolehost.node.azure.CurrentState.Status;
import io.rolehost.node.azure.StatusLeases.Lease;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Who holds which status, in virtual time. */
final class StatusLeasesTest {

  private static Lease lease(Status status, long due) {
    return new Lease(status, OptionalLong.of(due));
  }

  private static final Lease FOR_EVER = new Lease(Status.BUSY, OptionalLong.empty());

  @Test
  void instance_whileOneOfSeveralIsBusy_isBusy_andTheFirstIsNamed() {
    StatusLeases leases =
        StatusLeases.NONE
            .with("a", lease(Status.STARTED, 10))
            .orElseThrow()
            .with("b", lease(Status.BUSY, 20))
            .orElseThrow()
            .with("c", FOR_EVER)
            .orElseThrow();
    assertEquals(Optional.of("b"), leases.busy());
    assertEquals(Optional.of("c"), leases.without("b").busy());
    assertEquals(Optional.empty(), leases.without("b").without("c").busy());
  }

  @Test
  void status_atItsEnd_lapses_andNotBefore() {
    StatusLeases leases =
        StatusLeases.NONE
            .with("a", lease(Status.BUSY, 10))
            .orElseThrow()
            .with("b", lease(Status.BUSY, 20))
            .orElseThrow();
    assertEquals(OptionalLong.of(10), leases.due());
    assertSame(leases, leases.at(9));
    assertEquals(Map.of("b", lease(Status.BUSY, 20)), leases.at(10).held());
    assertEquals(StatusLeases.NONE, leases.at(20));
    assertEquals(OptionalLong.empty(), StatusLeases.NONE.due());
  }

  @Test
  void status_ofTheSameClient_takesThePlaceOfTheOneBefore() {
    StatusLeases leases =
        StatusLeases.NONE
            .with("a", FOR_EVER)
            .orElseThrow()
            .with("a", lease(Status.STARTED, 10))
            .orElseThrow();
    assertEquals(Map.of("a", lease(Status.STARTED, 10)), leases.held());
    assertEquals(Optional.empty(), leases.busy());
  }

  @Test
  void due_overTheWrapOfTheClock_isTheNearer() {
    StatusLeases leases =
        StatusLeases.NONE
            .with("a", lease(Status.BUSY, Long.MIN_VALUE + 5))
            .orElseThrow()
            .with("b", lease(Status.BUSY, Long.MAX_VALUE - 5))
            .orElseThrow();
    assertEquals(OptionalLong.of(Long.MAX_VALUE - 5), leases.due());
    assertEquals(
        Map.of("a", lease(Status.BUSY, Long.MIN_VALUE + 5)), leases.at(Long.MAX_VALUE).held());
  }

  @Test
  void clients_beyondTheLimit_areRefused_andKnownOnesAreNot() {
    StatusLeases leases = StatusLeases.NONE;
    for (int i = 0; i < StatusLeases.MAX; i++) {
      leases = leases.with("c" + i, FOR_EVER).orElseThrow();
    }
    assertEquals(Optional.empty(), leases.with("more", FOR_EVER));
    assertEquals(
        lease(Status.STARTED, 1),
        leases.with("c0", lease(Status.STARTED, 1)).orElseThrow().held().get("c0"));
  }
}
