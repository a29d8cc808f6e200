package io.rolehost.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.node.NodeReadiness.Part;
import io.rolehost.node.machine.InstanceState;
import io.rolehost.node.machine.InstanceState.Then;
import io.rolehost.runtime.readiness.Verdict;
import io.rolehost.runtime.readiness.Verdict.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a node is ready. */
final class NodeReadinessTest {
  private static final Part READY =
      new Part("web_IN_0", new InstanceState.Up(true, 1, false), "ready", "");
  private static final Reason OK = new Reason(true, "web_IN_0", "");

  private static Verdict with(InstanceState state, String word, String why) {
    return NodeReadiness.verdict(false, List.of(READY, new Part("job_IN_0", state, word, why)));
  }

  private static Verdict of(boolean ready, String text) {
    return new Verdict(ready, List.of(OK, new Reason(ready, "job_IN_0", text)));
  }

  @Test
  void everyInstanceReady_isReady() {
    assertEquals(new Verdict(true, List.of(OK)), NodeReadiness.verdict(false, List.of(READY)));
    assertEquals(new Verdict(true, List.of()), NodeReadiness.verdict(false, List.of()));
  }

  @Test
  void readyInstance_whoseNextStartIsFrozen_isReadyAndSaysSo() {
    assertEquals(
        of(true, "the next start is frozen: INC-7 by anna"),
        with(
            new InstanceState.Up(true, 1, false),
            "ready",
            "the next start is frozen: INC-7 by anna"));
  }

  @Test
  void wantedInstance_notReady_isNamedWithItsWordAndWhy() {
    assertEquals(of(false, "starting"), with(new InstanceState.Starting(), "starting", "starting"));
    assertEquals(
        of(false, "starting: waits for db"),
        with(new InstanceState.Created(), "starting", "waits for db"));
    assertEquals(
        of(false, "not ready: check db: refused"),
        with(new InstanceState.Up(false, 1, false), "not ready", "check db: refused"));
    assertEquals(
        of(false, "waiting to retry: ended with 70"),
        with(new InstanceState.BackingOff(5), "waiting to retry", "ended with 70"));
    assertEquals(
        of(false, "frozen: INC-7 by anna"),
        with(new InstanceState.Frozen(), "frozen", "frozen: INC-7 by anna"));
    assertEquals(
        of(false, "not ready: ended with 78"),
        with(new InstanceState.Gone("x"), "not ready", "ended with 78"));
    assertEquals(
        of(false, "stopping: restarting, as asked"),
        with(new InstanceState.Stopping(9, Then.RESTART), "stopping", "restarting, as asked"));
  }

  @Test
  void instance_thatIsNotWantedAnyMore_keepsNobodyWaiting() {
    assertEquals(
        of(true, "not wanted any more, its work is done"),
        with(new InstanceState.Stopped(), "not ready", "its work is done"));
    assertEquals(
        of(true, "not wanted any more, stopping, as asked"),
        with(new InstanceState.Stopping(9, Then.STOP), "stopping", "stopping, as asked"));
  }

  @Test
  void stoppingNode_isNotReadyThoughItsInstancesStillAre() {
    assertEquals(
        new Verdict(false, List.of(new Reason(false, "node", "stopping"), OK)),
        NodeReadiness.verdict(true, List.of(READY)));
  }
}
