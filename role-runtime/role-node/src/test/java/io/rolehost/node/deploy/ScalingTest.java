package io.rolehost.node.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.node.deploy.Scaling.Outcome;
import io.rolehost.node.deploy.Standing.Kind;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ScalingTest {

  private final Map<String, Standing> now = new HashMap<>();

  private void set(String role, int number, Kind kind) {
    now.put(role + "_IN_" + number, new Standing(role, kind, 1, "is " + kind));
  }

  @Test
  void up_isDoneWhenAllAreReadyOrHaveDoneTheirWork() {
    set("web", 0, Kind.READY);
    set("other", 0, Kind.GONE);
    assertEquals(
        new Outcome.Running("1 of 3 instances are ready"), new Scaling("web", 3).look(now));
    set("web", 1, Kind.NOT_WANTED);
    set("web", 2, Kind.NEW);
    assertEquals(
        new Outcome.Running("2 of 3 instances are ready; web_IN_2 is NEW"),
        new Scaling("web", 3).look(now));
    set("web", 2, Kind.READY);
    assertEquals(new Outcome.Done(), new Scaling("web", 3).look(now));
  }

  @Test
  void down_isDoneWhenTheOthersHaveLeft() {
    for (int n = 0; n <= 10; n++) {
      set("web", n, Kind.READY);
    }
    // 10 comes behind 2.
    set("web", 2, Kind.WAITING);
    assertEquals(
        new Outcome.Running("2 of 3 instances are ready, 8 leave; web_IN_2 is WAITING"),
        new Scaling("web", 3).look(now));
    set("web", 2, Kind.READY);
    now.keySet().removeIf(id -> id.compareTo("web_IN_2") > 0 || id.equals("web_IN_10"));
    assertEquals(new Outcome.Done(), new Scaling("web", 3).look(now));
  }

  @Test
  void toNone_isDoneWhenNoneIsLeft() {
    set("web", 0, Kind.COMING);
    assertEquals(
        new Outcome.Running("0 of 0 instances are ready, 1 leaves"),
        new Scaling("web", 0).look(now));
    now.clear();
    assertEquals(new Outcome.Done(), new Scaling("web", 0).look(now));
  }

  @Test
  void instanceThatIsGivenUp_endsIt_unlessItLeaves() {
    set("web", 0, Kind.READY);
    set("web", 1, Kind.GONE);
    assertEquals(new Outcome.Broken("web_IN_1", "is GONE"), new Scaling("web", 2).look(now));
    assertEquals(
        new Outcome.Running("1 of 1 instances are ready, 1 leaves"),
        new Scaling("web", 1).look(now));
  }
}
