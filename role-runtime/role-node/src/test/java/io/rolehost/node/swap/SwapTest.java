package io.rolehost.node.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwapTest {
  private static final int STEPS = 5;

  /** The process that swaps is ended. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Two sides and a balancer; the calling process can be ended, or fail, before any step. */
  private static final class World implements Swap.Steps {
    boolean ready = true;
    boolean blueWorks = true;
    boolean greenWorks;
    boolean blueSays = true;
    String routed = "blue";
    String persisted = "blue";
    int killedBefore = Integer.MAX_VALUE;
    int failsBefore = Integer.MAX_VALUE;
    private int steps;

    private void step() throws IOException {
      assertFalse(blueWorks && greenWorks, "both take work");
      steps++;
      if (steps == killedBefore) {
        throw new Killed();
      }
      if (steps == failsBefore) {
        throw new IOException("no");
      }
    }

    @Override
    public void check() throws Swap.Refused {
      if (!ready) {
        throw new Swap.Refused("green_IN_0 is not ready");
      }
    }

    @Override
    public boolean isDone() {
      return routed.equals("green") && persisted.equals("green") && greenWorks && !blueWorks;
    }

    @Override
    public void retire() throws IOException {
      step();
      blueWorks = false;
    }

    @Override
    public void awaitRetired() throws IOException, Swap.Refused {
      step();
      if (!blueSays) {
        throw new Swap.Refused("blue_IN_0 does not say so");
      }
    }

    @Override
    public void route() throws IOException {
      step();
      routed = "green";
    }

    @Override
    public void persist() throws IOException {
      step();
      persisted = "green";
    }

    @Override
    public void activate() throws IOException {
      step();
      greenWorks = true;
      assertFalse(blueWorks, "both take work");
    }

    @Override
    public void stay() {
      if (routed.equals("blue")) {
        blueWorks = true;
      }
    }
  }

  @Test
  void swap_killedBeforeAnyStep_neverHasBothWork_andIsFinishedByTheNext() throws Exception {
    for (int step = 1; step <= STEPS; step++) {
      World world = new World();
      world.killedBefore = step;
      assertThrows(Killed.class, () -> Swap.run(world));
      assertTrue(Swap.run(world));
      assertTrue(world.isDone());
      assertFalse(Swap.run(world), "it is done");
    }
  }

  @Test
  void swap_thatFailsBeforeRequestsChange_leavesAllAsItWas() throws Exception {
    for (int step = 1; step <= 3; step++) {
      World world = new World();
      world.failsBefore = step;
      assertThrows(IOException.class, () -> Swap.run(world));
      assertEquals("blue", world.routed);
      assertTrue(world.blueWorks);
      assertFalse(world.greenWorks);
    }
  }

  @Test
  void swap_whereOneDoesNotSayThatItRetired_isRefusedAndLeavesAllAsItWas() {
    World world = new World();
    world.blueSays = false;
    assertThrows(Swap.Refused.class, () -> Swap.run(world));
    assertEquals("blue", world.routed);
    assertTrue(world.blueWorks);
  }

  @Test
  void swap_toASideThatIsNotReady_isRefusedBeforeAnyStep() {
    World world = new World();
    world.ready = false;
    assertThrows(Swap.Refused.class, () -> Swap.run(world));
    assertTrue(world.blueWorks);
  }

  @Test
  void mapFile_withOtherKeysAndComments_changesItsOwnAlone(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("sides.map");
    Files.writeString(file, "# who serves\nphotos-old red\nphotos   blue\n\nmail x\n");
    MapFile map = new MapFile(file);
    assertEquals(Optional.of("blue"), map.value("photos"));
    map.set("photos", "green");
    map.set("new", "red");
    assertEquals(
        "# who serves\nphotos-old red\nphotos green\n\nmail x\nnew red\n", Files.readString(file));
  }
}
