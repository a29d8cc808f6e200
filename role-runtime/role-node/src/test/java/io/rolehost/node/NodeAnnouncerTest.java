package io.rolehost.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.node.Supervised.Reported;
import io.rolehost.node.journal.NodeJournal;
import io.rolehost.node.machine.InstanceLife;
import io.rolehost.node.machine.InstanceState;
import io.rolehost.node.machine.InstanceState.Then;
import io.rolehost.node.process.Release;
import io.rolehost.node.solution.NodeSettings;
import io.rolehost.node.solution.Program;
import io.rolehost.node.solution.RoleSpec;
import io.rolehost.node.solution.Solution;
import io.rolehost.node.solution.SolutionReader;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What systemd is told, in virtual time. */
final class NodeAnnouncerTest {
  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

  @TempDir private Path folder = Path.of("");

  private final List<String> heard = new ArrayList<>();
  private final List<Supervised> instances = new ArrayList<>();
  private long nanos = 1_000;
  private NodeAnnouncer announcer = NodeAnnouncer.silent(() -> nanos);

  @BeforeEach
  void twoInstances() throws Exception {
    Path jar = Files.createFile(folder.resolve("role.jar"));
    Solution solution =
        SolutionReader.ofJar(
            jar, List.of(), new Surroundings(Map.of(), Map.of(), folder, false, 1));
    NodeSettings settings = solution.node();
    RoleSpec role =
        RoleSpec.named("role", new Program.Jar(jar, List.of(), List.of())).instances(2).build();
    for (int n = 0; n < 2; n++) {
      NodeJournal journal =
          NodeJournal.open(settings.stateDir(), role.instanceId(n), () -> NOW, () -> nanos);
      instances.add(
          new Supervised(Release.inPlace(role), n, settings.autoFreeze(), journal, 0, NOW));
    }
    announcer =
        new NodeAnnouncer(true, Optional.of(Duration.ofSeconds(30)), heard::add, () -> nanos);
  }

  private void become(int n, InstanceState state) {
    Supervised instance = instances.get(n);
    instance.become(new InstanceLife(state, 1, 0, nanos, Optional.empty(), List.of()), NOW);
  }

  private void look() {
    announcer.look(instances);
  }

  @Test
  void ready_isSaidOnce_whenEachFirstStartHasComeToSomething() {
    look();
    become(0, new InstanceState.Up(true, nanos, false));
    become(1, new InstanceState.Starting());
    look();
    become(1, new InstanceState.BackingOff(nanos + 1));
    look();
    become(1, new InstanceState.Starting());
    look();
    become(1, new InstanceState.Up(true, nanos, false));
    look();
    look();
    assertEquals(
        List.of(
            "STATUS=2 instances: 2 starting",
            "STATUS=2 instances: 1 ready, 1 starting",
            "READY=1\nSTATUS=2 instances: 1 ready, 1 waiting to retry",
            "STATUS=2 instances: 1 ready, 1 starting",
            "STATUS=2 instances: 2 ready"),
        heard);
  }

  /** Else the limit of the start would make a restart loop of the freeze. */
  @Test
  void frozenAndHeldInstances_doNotKeepTheNodeFromBeingReady() {
    become(0, new InstanceState.Frozen());
    become(1, new InstanceState.Starting());
    instances.get(1).report(new Reported(8081, "HELD", "frozen"));
    look();
    assertEquals(List.of("READY=1\nSTATUS=2 instances: 2 frozen"), heard);
  }

  @Test
  void longStart_isGivenMoreTimeEveryTenSeconds_andLifeIsSignedAtHalfTheWatchdog() {
    become(0, new InstanceState.Starting());
    become(1, new InstanceState.Starting());
    look();
    heard.clear();
    for (int second = 1; second <= 31; second++) {
      assertEquals(true, announcer.nanosToNext() <= Duration.ofSeconds(10).toNanos());
      nanos += Duration.ofSeconds(1).toNanos();
      look();
    }
    assertEquals(
        List.of(
            "EXTEND_TIMEOUT_USEC=30000000",
            "WATCHDOG=1",
            "EXTEND_TIMEOUT_USEC=30000000",
            "WATCHDOG=1",
            "EXTEND_TIMEOUT_USEC=30000000"),
        heard);
  }

  @Test
  void stop_isSaidFirst_thenWhatIsLeftOfIt() {
    become(0, new InstanceState.Up(true, nanos, false));
    become(1, new InstanceState.Up(true, nanos, false));
    look();
    heard.clear();
    announcer.stopping("SIGTERM", Duration.ofSeconds(60));
    become(0, new InstanceState.Stopping(nanos + Duration.ofSeconds(60).toNanos(), Then.STOP));
    become(1, new InstanceState.Stopped());
    look();
    nanos += Duration.ofSeconds(10).toNanos();
    look();
    become(0, new InstanceState.Stopped());
    announcer.stopping("SIGTERM again", Duration.ofSeconds(2));
    announcer.ending(0);
    assertEquals(
        List.of(
            "STOPPING=1\nSTATUS=SIGTERM\nEXTEND_TIMEOUT_USEC=70000000",
            "STATUS=2 instances: 1 stopping, 1 not ready",
            "EXTEND_TIMEOUT_USEC=70000000"),
        heard.stream().filter(message -> !message.equals("WATCHDOG=1")).toList());
  }

  @Test
  void end_forLackOfAnythingToRun_isSaidBeforeIt() {
    become(0, new InstanceState.Gone("wrong setting"));
    become(1, new InstanceState.Gone("wrong setting"));
    look();
    announcer.ending(78);
    assertEquals(
        List.of(
            "READY=1\nSTATUS=2 instances: 2 not ready",
            "STOPPING=1\nSTATUS=nothing is left to run, exit 78"),
        heard);
  }

  @Test
  void withoutSystemd_nothingIsSaidAndNothingIsWaitedFor() {
    NodeAnnouncer silent = NodeAnnouncer.silent(() -> nanos);
    silent.look(instances);
    silent.stopping("SIGTERM", Duration.ofSeconds(60));
    silent.ending(0);
    assertEquals(Long.MAX_VALUE, silent.nanosToNext());
  }

  @Test
  void life_ofACreatedInstance_isNotSettled() {
    look();
    assertEquals(List.of("STATUS=2 instances: 2 starting"), heard);
  }
}
