package io.rolehost.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.node.RollingRestart.Next;
import io.rolehost.node.RollingRestart.Standing;
import io.rolehost.node.machine.InstanceState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RollingRestartTest {

  private static final Standing READY = ready(1);

  private final Map<String, Standing> now =
      new HashMap<>(Map.of("web_IN_0", READY, "web_IN_1", READY, "web_IN_2", READY));
  private final RollingRestart restart =
      new RollingRestart("web", List.of("web_IN_0", "web_IN_1", "web_IN_2"));

  private static Standing ready(long incarnation) {
    return new Standing(incarnation, new InstanceState.Up(true, 0, false), "ready");
  }

  private Next next() {
    return restart.next(id -> now.getOrDefault(id, READY));
  }

  @Test
  void instances_oneAfterAnother_leaveWhenTheOneBeforeIsReadyAgain() {
    assertEquals(new Next.Restart("web_IN_0"), next());
    assertEquals(new Next.Wait(), next(), "it is ready still, but the old one");
    now.put("web_IN_0", new Standing(2, new InstanceState.Starting(), "starting"));
    assertEquals(new Next.Wait(), next());
    now.put("web_IN_0", ready(2));
    assertEquals(new Next.Restart("web_IN_1"), next());
    now.put("web_IN_1", ready(2));
    assertEquals(new Next.Restart("web_IN_2"), next());
    now.put("web_IN_2", ready(2));
    assertEquals(new Next.Done(), next());
  }

  @Test
  void instance_thatDoesNotComeUp_endsItAndTheOthersStay() {
    assertEquals(new Next.Restart("web_IN_0"), next());
    now.put("web_IN_0", new Standing(2, new InstanceState.BackingOff(9), "waiting to retry"));
    assertEquals(
        new Next.Broken("web_IN_0", "waiting to retry", List.of("web_IN_1", "web_IN_2")), next());
  }

  @Test
  void instance_thatIsHeldByAFreeze_endsIt() {
    assertEquals(new Next.Restart("web_IN_0"), next());
    now.put("web_IN_0", new Standing(2, new InstanceState.Starting(), "frozen"));
    assertEquals(new Next.Broken("web_IN_0", "frozen", List.of("web_IN_1", "web_IN_2")), next());
  }

  @Test
  void instance_thatWaitedToRetryBefore_isStartedAgain() {
    now.put("web_IN_0", new Standing(1, new InstanceState.BackingOff(9), "waiting to retry"));
    assertEquals(new Next.Restart("web_IN_0"), next());
    assertEquals(new Next.Wait(), next());
    now.put("web_IN_0", ready(2));
    assertEquals(new Next.Restart("web_IN_1"), next());
  }
}
