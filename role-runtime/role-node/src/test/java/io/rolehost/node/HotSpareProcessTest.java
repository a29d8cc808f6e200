package io.rolehost.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.rolehost.api.Role;
import io.rolehost.node.machine.InstanceState;
import io.rolehost.node.solution.RoleSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HotSpareProcessTest {

  @TempDir Path folder;

  /** Does nothing, for ever. */
  public static final class Idle implements Role {}

  @Test
  void instance_killed_isReplacedByItsSpare_whichIsFollowedByAnother() throws Exception {
    try (NodeInProcess node = node()) {
      long spare = awaitSpare(node, 0);
      long live = node.pid(0);
      assertEquals("" + live, lockedBy());

      kill(live);
      node.await(
          "the spare is the instance",
          () -> node.instance(0).child().filter(child -> child.pid() == spare).isPresent());
      node.await("it is ready", () -> node.ready(0));
      assertEquals("" + spare, lockedBy());
      assertEquals(2, node.instance(0).life().incarnation());
      assertEquals(1, node.instance(0).life().failures());

      long next = awaitSpare(node, spare);
      assertEquals(spare, node.pid(0));
      assertEquals("" + spare, lockedBy());

      assertEquals(0, node.stop());
      assertFalse(ProcessHandle.of(next).isPresent(), node::printed);
    }
  }

  @Test
  void spare_underAFreeze_isDropped_andTheLiveOneGoesOn() throws Exception {
    try (NodeInProcess node = node()) {
      long spare = awaitSpare(node, 0);
      long live = node.pid(0);
      Files.writeString(
          folder.resolve("state/freeze.conf"), "freezes = [ { scope = \"*\", reason = test } ]");
      node.await("the spare is gone", () -> ProcessHandle.of(spare).isEmpty());
      assertEquals(live, node.pid(0));

      kill(live);
      node.await(
          "it is frozen", () -> node.instance(0).life().state() instanceof InstanceState.Frozen);
      assertEquals(Optional.empty(), node.instance(0).child());

      Files.writeString(folder.resolve("state/freeze.conf"), "freezes = []");
      node.await("it is ready", () -> node.ready(0));
      assertNotEquals(live, node.pid(0));
      assertEquals(0, node.stop());
    }
  }

  private NodeInProcess node() throws Exception {
    return new NodeInProcess(
        folder, RoleSpec.named("idle", NodeInProcess.host(Idle.class)).hotSpare(true).build());
  }

  /** Waits until another process than {@code before} stands by, and returns it. */
  private static long awaitSpare(NodeInProcess node, long before) {
    node.await(
        "a spare stands by",
        () -> node.node().standby(node.instance(0)).filter(pid -> pid != before).isPresent());
    return node.node().standby(node.instance(0)).orElseThrow();
  }

  private String lockedBy() throws IOException {
    return Files.readString(folder.resolve("state/run/idle_IN_0.lock")).strip();
  }

  private static void kill(long pid) {
    boolean _ = ProcessHandle.of(pid).orElseThrow().destroyForcibly();
  }
}
