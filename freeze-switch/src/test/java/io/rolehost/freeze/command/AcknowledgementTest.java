package io.rolehost.freeze.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.Identity;
import io.rolehost.freeze.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AcknowledgementTest {

  private static final Identity WEB = new Identity("shop", "web", "web_IN_0");
  private static final Freeze FREEZE =
      Freeze.of("f1", new Scope.Role("web"), "anna", "INC-7", Instant.EPOCH);
  private static final Freeze OTHER =
      Freeze.of("f2", new Scope.All(), "bob", "audit", Instant.EPOCH);

  @Test
  void freeze_thatDoesNotCoverAnInstance_asksNothingOfIt() {
    Identity worker = new Identity("shop", "worker", "worker_IN_0");

    assertEquals(
        Optional.empty(), Acknowledgement.ofFreeze(FREEZE, new Sighting.Silent(worker, "dead")));
  }

  @Test
  void freeze_isAcknowledgedByItsId_orByTheWordsOfANode_orByNotRunning() {
    assertEquals(yes("is READY; its next start is held"), ofFreeze(FREEZE, seen("READY", "f1")));
    assertEquals(yes("is HELD"), ofFreeze(FREEZE, seen("HELD", "f0", "f1")));
    assertEquals(yes("is FROZEN"), ofFreeze(FREEZE, seen("FROZEN", "INC-7 by anna")));
    assertEquals(
        yes("does not run; its next start is held"), ofFreeze(FREEZE, new Sighting.NoProcess(WEB)));
  }

  @Test
  void freeze_thatWasNotSeen_isNotAcknowledged_evenIfAnotherHoldsTheInstance() {
    assertEquals(
        no("is HELD and has not seen it; it reads a table"),
        ofFreeze(FREEZE, new Sighting.Answers(WEB, "HELD", List.of("f2"), "it reads a table")));
    assertEquals(
        no("does not answer"), ofFreeze(FREEZE, new Sighting.Silent(WEB, "does not answer")));
  }

  @Test
  void freezeWithHold_isAcknowledgedOnlyByWhoIsHeld() {
    Freeze hold = FREEZE.withHold(true);

    assertEquals(
        no("has seen it, is DRAINING and not held yet"), ofFreeze(hold, seen("DRAINING", "f1")));
    assertEquals(yes("is HELD"), ofFreeze(hold, seen("HELD", "f1")));
  }

  @Test
  void end_isAcknowledgedByWhoGoesOn_orIsFrozenByAnother() {
    assertEquals(no("is HELD and still sees it"), ofEnd(seen("HELD", "f1", "f2")));
    assertEquals(no("has seen it and is still HELD"), ofEnd(seen("HELD")));
    assertEquals(yes("is HELD by another freeze"), ofEnd(seen("HELD", "f2")));
    assertEquals(yes("is STARTING"), ofEnd(seen("STARTING")));
    assertEquals(yes("does not run"), ofEnd(new Sighting.NoProcess(WEB)));
  }

  private static Acknowledgement ofFreeze(Freeze freeze, Sighting sighting) {
    return Acknowledgement.ofFreeze(freeze, sighting).orElseThrow();
  }

  private static Acknowledgement ofEnd(Sighting sighting) {
    return Acknowledgement.ofEnd(List.of(FREEZE), List.of(OTHER), sighting).orElseThrow();
  }

  private static Sighting seen(String state, String... freezes) {
    return new Sighting.Answers(WEB, state, List.of(freezes), "");
  }

  private static Acknowledgement yes(String how) {
    return new Acknowledgement("web_IN_0", true, how);
  }

  private static Acknowledgement no(String how) {
    return new Acknowledgement("web_IN_0", false, how);
  }
}
