package io.rolehost.runtime.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.runtime.process.ThreadFacts;
import io.rolehost.runtime.supervision.WaitGraph.Wait;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** From what a dump says to circles. */
final class WaitGraphTest {

  @Test
  void monitors_inACircleOfTwo_areBothNamed() {
    List<Wait> waits =
        WaitGraph.monitorWaits(List.of(thread(7, "A", "B"), thread(3, "B", "A"), thread(5, "C")));
    assertEquals(
        List.of(List.of(new Wait(3, 7, "B", true), new Wait(7, 3, "A", true))),
        WaitGraph.cycles(waits));
  }

  @Test
  void circleOfThree_withOthersThatWaitForIt_holdsOnlyTheThree() {
    List<Wait> waits =
        WaitGraph.monitorWaits(
            List.of(
                thread(9, "A"),
                thread(1, "B", "A"),
                thread(2, "C", "B"),
                thread(3, "A", "C"),
                thread(8, "A", "D")));
    assertEquals(
        List.of(
            List.of(
                new Wait(1, 2, "B", true), new Wait(2, 3, "C", true), new Wait(3, 1, "A", true))),
        WaitGraph.cycles(waits));
  }

  @Test
  void queue_behindOneWhoWorks_isNoCircle() {
    List<Wait> waits =
        WaitGraph.monitorWaits(List.of(thread(1, null, "A"), thread(2, "A", "B"), thread(3, "B")));
    assertEquals(List.of(), WaitGraph.cycles(waits));
  }

  @Test
  void monitor_givenBackByWait_isNotOwned() {
    ThreadFacts inWait = facts(1, Optional.of("B"), Optional.of("A"), List.of("A"));
    ThreadFacts entersAgain = facts(2, Optional.of("C"), Optional.empty(), List.of("C", "B"));
    assertEquals(
        List.of(new Wait(1, 2, "B", true)), WaitGraph.monitorWaits(List.of(inWait, entersAgain)));
  }

  @Test
  void monitor_thatTwoSeemToOwn_leadsNowhere() {
    assertEquals(
        List.of(),
        WaitGraph.monitorWaits(
            List.of(thread(1, "B", "A"), thread(2, null, "B"), thread(3, null, "B"))));
  }

  @Test
  void thread_thatSeemsToWaitForItself_isNoCircle() {
    assertEquals(List.of(), WaitGraph.cycles(List.of(new Wait(1, 1, "L", false))));
  }

  private static ThreadFacts thread(long id, @Nullable String blockedOn, String... owned) {
    return facts(id, Optional.ofNullable(blockedOn), Optional.empty(), List.of(owned));
  }

  private static ThreadFacts facts(
      long id, Optional<String> blockedOn, Optional<String> waitingOn, List<String> owned) {
    return new ThreadFacts(id, "t" + id, blockedOn, waitingOn, owned, List.of());
  }
}
