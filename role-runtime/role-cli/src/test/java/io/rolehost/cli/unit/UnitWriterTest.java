package io.rolehost.cli.unit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.cli.budget.Budget;
import io.rolehost.cli.unit.UnitPlan.Kind;
import io.rolehost.cli.unit.UnitPlan.Listen;
import io.rolehost.node.solution.RoleSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The units, compared line by line with those that were read by a person. */
final class UnitWriterTest {
  private static final Budget BUDGET =
      new Budget(
          "sweeper_IN_0",
          Duration.ofMinutes(5),
          1,
          Duration.ZERO,
          Duration.ofSeconds(85),
          Duration.ofSeconds(170),
          Duration.ofSeconds(20),
          Duration.ofSeconds(2));

  @Test
  void node_itsUnit_isAsRead() throws IOException {
    assertGolden(plan("photos", new Kind.Node(), Optional.of("photos"), 254), "photos.service");
  }

  @Test
  void host_itsUnit_isAsRead() throws IOException {
    assertGolden(
        plan("sweeper", new Kind.Host(false, Optional.empty()), Optional.empty(), 252),
        "sweeper.service");
  }

  @Test
  void hostsOfATemplate_theirUnit_isAsRead() throws IOException {
    assertGolden(
        plan("crew", new Kind.Host(true, Optional.empty()), Optional.empty(), 252),
        "crew@.service");
  }

  @Test
  void hostBehindASocket_itsUnits_areAsRead() throws IOException {
    assertGolden(
        plan(
            "web",
            new Kind.Host(false, Optional.of(new Listen("public-http", "8080"))),
            Optional.empty(),
            252),
        "web.service",
        "web.socket");
  }

  @Test
  void job_itsUnits_areAsRead() throws IOException {
    assertGolden(
        plan("nightly", new Kind.Job("Mon..Fri 03:00"), Optional.empty(), 252),
        "nightly.service",
        "nightly.timer");
  }

  /** In a unit a percent sign, a dollar sign, a quote and a space mean something. */
  @Test
  void command_withSpecialSigns_isTakenAsItIs() {
    UnitPlan plan =
        new UnitPlan(
            "odd",
            new Kind.Host(false, Optional.empty()),
            List.of("/usr/bin/java", "-Dwho=a b", "-Dhow=50%", "-Dcost=$5", "say \"hi\"", ""),
            Map.of("GREETING", "hello you"),
            Path.of("/home/ann/odd"),
            Optional.empty(),
            List.of(),
            RoleSpec.Limits.NONE,
            BUDGET,
            BUDGET.start(),
            BUDGET.stop(),
            Duration.ofSeconds(30),
            252);
    String text = requireNonNull(UnitWriter.write(plan).get("odd.service"));
    assertTrue(
        text.contains(
            "ExecStart=/usr/bin/java \"-Dwho=a b\" -Dhow=50%% -Dcost=$$5 \"say \\\"hi\\\"\""
                + " \"\"\n"),
        text);
    assertTrue(text.contains("Environment=\"GREETING=hello you\"\n"), text);
    assertTrue(text.contains("ProtectHome=read-only\n"), text);
  }

  @Test
  void everyUnit_ofAJvm_mayWriteCode() {
    String text =
        UnitWriter.write(plan("photos", new Kind.Node(), Optional.empty(), 257)).toString();
    assertFalse(text.contains("MemoryDenyWriteExecute"), text);
  }

  private static UnitPlan plan(String name, Kind kind, Optional<String> user, int systemd) {
    return new UnitPlan(
        name,
        kind,
        List.of("/usr/bin/java", "-jar", "/opt/" + name + "/" + name + ".jar"),
        Map.of(),
        Path.of("/opt/" + name),
        user,
        user.isPresent() ? List.of(Path.of("/srv/photos/state")) : List.of(),
        kind.equals(new Kind.Host(true, Optional.empty()))
            ? new RoleSpec.Limits(OptionalLong.of(1 << 29), OptionalDouble.of(1.5))
            : RoleSpec.Limits.NONE,
        BUDGET,
        BUDGET.start(),
        BUDGET.stop(),
        Duration.ofSeconds(30),
        systemd);
  }

  private static void assertGolden(UnitPlan plan, String... names) throws IOException {
    Map<String, String> written = UnitWriter.write(plan);
    assertEquals(Set.of(names), written.keySet());
    for (String name : names) {
      try (InputStream golden = UnitWriterTest.class.getResourceAsStream(name)) {
        assertEquals(
            new String(requireNonNull(golden, name).readAllBytes(), UTF_8),
            written.get(name),
            name);
      }
    }
  }
}
