package io.rolehost.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.freeze.CrashLoop;
import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.Identity;
import io.rolehost.freeze.Scope;
import io.rolehost.node.solution.NodeSettings;
import io.rolehost.node.solution.Solution;
import io.rolehost.runtime.config.HostSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A freeze with an end, by a clock that is set. */
final class SwitchFreezesTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final List<String> FROZEN = List.of("INC-7 by anna");
  private static final List<String> FREE = List.of();
  private static final Identity WEB = new Identity("default", "web", "web_IN_0", "b1", "c1");

  @TempDir private Path folder = Path.of("");
  // The file drops what ended long ago by the real clock.
  private Instant now = Instant.now();
  private Freezes freezes = open(folder);

  @BeforeEach
  void openInFolder() {
    freezes.close();
    freezes = open(folder);
  }

  @AfterEach
  void close() {
    freezes.close();
  }

  @Test
  void until_whenTheClockJumpsPastIt_isSeenAtTheNextLook() throws IOException {
    freezeFor(Duration.ofMinutes(15));
    assertEquals(FROZEN, freezes.covering(WEB));
    assertEquals(Duration.ofSeconds(10), freezes.nextChange());

    now = now.plus(HOUR);

    assertEquals(Duration.ZERO, freezes.nextChange());
    assertEquals(FREE, freezes.covering(WEB));
    assertEquals(Duration.ofSeconds(10), freezes.nextChange());
  }

  @Test
  void until_whenTheClockJumpsBackBehindIt_isInForceAgain() throws IOException {
    freezeFor(Duration.ofMinutes(15));
    now = now.plus(Duration.ofMinutes(20));
    assertEquals(FREE, freezes.covering(WEB));

    now = now.minus(HOUR);

    assertEquals(Duration.ZERO, freezes.nextChange());
    assertEquals(FROZEN, freezes.covering(WEB));
    now = now.plus(Duration.ofMinutes(55)).minusSeconds(3);
    assertEquals(Duration.ofSeconds(3), freezes.nextChange());
  }

  @Test
  void until_inThePast_coversNobody() throws IOException {
    freezeFor(Duration.ofSeconds(-1));
    assertEquals(FREE, freezes.covering(WEB));
    assertEquals(Duration.ofSeconds(10), freezes.nextChange());
  }

  @Test
  void until_passingBetweenTheLooksAtTwoInstances_isMissedByNeither() throws IOException {
    freezeFor(Duration.ofMinutes(15));
    assertEquals(FROZEN, freezes.covering(WEB));
    now = now.plus(Duration.ofMinutes(15));
    assertEquals(FREE, freezes.covering(new Identity("default", "web", "web_IN_1")));
    assertEquals(Duration.ZERO, freezes.nextChange());
  }

  @Test
  void automatic_ofAnotherBuildOrConfiguration_coversNoMore() throws IOException {
    CrashLoop.Verdict loop = new CrashLoop.Verdict(CrashLoop.Kind.CYCLING, 5, "ended");
    freezes.put(loop.freeze(WEB, 6, now, Duration.ofMinutes(15)));

    assertEquals(List.of("crash loop (cycling): ended by rolehost"), freezes.covering(WEB));
    assertEquals(Duration.ofMillis(500), freezes.nextChange());
    assertEquals(FREE, freezes.covering(new Identity("default", "web", "web_IN_0", "b2", "c1")));
    assertEquals(FREE, freezes.covering(new Identity("default", "web", "web_IN_0", "b1", "c2")));
    assertEquals(Duration.ofSeconds(10), freezes.nextChange());
  }

  private void freezeFor(Duration time) throws IOException {
    freezes.put(
        Freeze.of("1", new Scope.Role("web"), "anna", "INC-7", now).withUntil(now.plus(time)));
  }

  private Freezes open(Path folder) {
    NodeSettings node =
        new NodeSettings(
            NodeSettings.Profile.AZURE,
            "default",
            folder.resolve("state"),
            new NodeSettings.Management(
                "127.0.0.1", 0, false, HostSettings.Tokens.NONE, List.of(), Optional.empty()),
            new NodeSettings.AutoFreeze(
                true, new CrashLoop.Limits(5, 3, Duration.ofMinutes(10), 10), HOUR),
            false);
    return SwitchFreezes.of(new Solution(Optional.empty(), node, List.of()), () -> now);
  }
}
