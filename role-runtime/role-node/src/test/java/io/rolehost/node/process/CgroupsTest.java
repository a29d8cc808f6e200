package io.rolehost.node.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.node.solution.RoleSpec.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder plays the file system of the control groups. */
class CgroupsTest {
  @TempDir private Path mount;
  private Path own;
  private Path ofProcess;

  @BeforeEach
  void delegate() throws Exception {
    own = Files.createDirectories(mount.resolve("system.slice/photos.service"));
    Files.writeString(own.resolve("cgroup.controllers"), "cpuset cpu io memory pids\n");
    ofProcess = mount.resolve("self");
    Files.writeString(ofProcess, "1:name=systemd:/x\n0::/system.slice/photos.service\n");
  }

  @Test
  void limits_ofAnInstance_areWrittenIntoAGroupOfItsOwn() throws Exception {
    Cgroups groups = Cgroups.open(mount, ofProcess, LongStream.of(4711));
    Path procs =
        groups.prepare("web_IN_0", new Limits(OptionalLong.of(512L << 20), OptionalDouble.of(1.5)));
    assertEquals(own.resolve("web_IN_0/cgroup.procs"), procs);
    assertEquals("4711", Files.readString(own.resolve("node/cgroup.procs")));
    assertEquals("+memory +cpu", Files.readString(own.resolve("cgroup.subtree_control")));
    assertEquals("536870912", Files.readString(own.resolve("web_IN_0/memory.max")));
    assertEquals("1", Files.readString(own.resolve("web_IN_0/memory.oom.group")));
    assertEquals("150000 100000", Files.readString(own.resolve("web_IN_0/cpu.max")));
  }

  @Test
  void kill_forTheLimit_isKnownUntilTheNextStart() throws Exception {
    Cgroups groups = Cgroups.open(mount, ofProcess, LongStream.of(4711));
    Limits limits = new Limits(OptionalLong.of(1 << 20), OptionalDouble.empty());
    var _ = groups.prepare("a_IN_0", limits);
    assertFalse(groups.wasKilled("a_IN_0"));
    Files.writeString(own.resolve("a_IN_0/memory.events"), "low 0\noom 1\noom_kill 1\n");
    assertTrue(groups.wasKilled("a_IN_0"));
    var _ = groups.prepare("a_IN_0", limits);
    assertFalse(groups.wasKilled("a_IN_0"));
  }

  @Test
  void machine_withoutControllers_saysSo() throws Exception {
    Files.writeString(own.resolve("cgroup.controllers"), "pids\n");
    String why = "the control group " + own + " has no controllers for memory and cpu";
    assertEquals(Optional.of(why), Cgroups.obstacle(mount, ofProcess));
    assertEquals(
        why,
        assertThrows(
                Cgroups.Unusable.class, () -> Cgroups.open(mount, ofProcess, LongStream.of(4711)))
            .getMessage());
    Files.writeString(ofProcess, "4:memory:/x\n");
    assertEquals(
        Optional.of("there are no control groups of version 2"),
        Cgroups.obstacle(mount, ofProcess));
  }
}
