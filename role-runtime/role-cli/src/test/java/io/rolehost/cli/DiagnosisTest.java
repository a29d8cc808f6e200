package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.cli.Finding.Result;
import io.rolehost.cli.MachineFacts.Cache;
import io.rolehost.cli.MachineFacts.Freezing;
import io.rolehost.cli.MachineFacts.Jar;
import io.rolehost.cli.MachineFacts.Java;
import io.rolehost.cli.MachineFacts.Plan;
import io.rolehost.cli.MachineFacts.Port;
import io.rolehost.cli.MachineFacts.State;
import io.rolehost.cli.MachineFacts.There;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class DiagnosisTest {

  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final Path DIR = Path.of("/var/lib/photos");
  private static final State STATE =
      new State(
          DIR, There.FOLDER, true, "ext4", 1L << 32, Optional.empty(), Optional.of(NOW), false);
  private static final MachineFacts WELL =
      new MachineFacts(
          NOW,
          new Java(25, "25.0.3", Path.of("/jdk")),
          "systemd",
          "NOTIFY_SOCKET is set",
          STATE,
          new Plan(Path.of("solution.conf"), true, 1, List.of()),
          List.of(new Jar("web", Path.of("web.jar"), Optional.empty(), Cache.FRESH)),
          List.of(new Port("web", 8080, true, OptionalLong.empty())),
          new Freezing(List.of(), List.of()),
          List.of(),
          OptionalLong.of(20_000));

  /** One thing that is wrong, and what is said of it. */
  enum Wrong {
    OLD_JAVA(f -> with(f, new Java(21, "21.0.1", Path.of("/jdk"))), Result.FAIL, "expected 25"),
    FILE_FOR_STATE(
        f -> with(f, state(There.SOMETHING_ELSE, true, "ext4")), Result.FAIL, "is no directory"),
    STATE_CAN_NOT_BE_MADE(
        f -> with(f, state(There.NOTHING, false, "ext4")), Result.FAIL, "can't make it"),
    READ_ONLY(
        f -> with(f, state(There.FOLDER, false, "ext4")), Result.FAIL, "nothing can be written"),
    IN_MEMORY(
        f -> with(f, state(There.FOLDER, true, "tmpfs")),
        Result.WARN,
        "is kept in memory (tmpfs). A crash loop can't be counted over what is lost"),
    IN_TMP(
        f ->
            with(
                f,
                new State(
                    Path.of("/tmp/x"),
                    There.FOLDER,
                    true,
                    "ext4",
                    1L << 32,
                    Optional.empty(),
                    Optional.empty(),
                    false)),
        Result.WARN,
        "is emptied at a reboot"),
    IN_A_CONTAINER(
        f ->
            with(
                f,
                new State(
                    DIR,
                    There.FOLDER,
                    true,
                    "overlay",
                    1L << 32,
                    Optional.of("It does not outlive this container"),
                    Optional.empty(),
                    false)),
        Result.WARN,
        "A crash loop can't be counted"),
    NEARLY_FULL(
        f ->
            with(
                f,
                new State(
                    DIR,
                    There.FOLDER,
                    true,
                    "ext4",
                    5 << 20,
                    Optional.empty(),
                    Optional.empty(),
                    false)),
        Result.WARN,
        "has 5 MiB left"),
    CLOCK_SET_BACK(
        f ->
            with(
                f,
                new State(
                    DIR,
                    There.FOLDER,
                    true,
                    "ext4",
                    1L << 32,
                    Optional.empty(),
                    Optional.of(NOW.plusSeconds(3_600)),
                    false)),
        Result.WARN,
        "was written at 2026-06-01T13:00:00Z. It was set back"),
    BAD_SOLUTION(
        f -> with(f, new Plan(Path.of("solution.conf"), true, 0, List.of("solution.conf: 3: no"))),
        Result.FAIL,
        "solution.conf: 3: no"),
    BAD_JAR(
        f -> with(f, new Jar("web", Path.of("web.jar"), Optional.of("it is no jar"), Cache.NONE)),
        Result.FAIL,
        "web.jar of web: it is no jar. Build the role again"),
    STALE_CACHE(
        f -> with(f, new Jar("web", Path.of("web.jar"), Optional.empty(), Cache.OF_ANOTHER_BUILD)),
        Result.WARN,
        "was made from another build"),
    TAKEN_PORT(
        f -> with(f, new Port("web", 8080, false, OptionalLong.of(4711))),
        Result.FAIL_NOW,
        "web wants it, and process 4711 has it"),
    UNREADABLE_FREEZE(
        f -> with(f, new Freezing(List.of("freeze.conf can't be read"), List.of())),
        Result.FAIL_NOW,
        "freeze.conf can't be read"),
    FROZEN(
        f -> with(f, new Freezing(List.of(), List.of("*, INC-7 by anna"))),
        Result.WARN,
        "frozen: *, INC-7 by anna. To end it: rolehost unfreeze"),
    IGNORED_SIGNAL(f -> with(f, "Signal INT is ignored"), Result.WARN, "Signal INT is ignored"),
    FEW_FILES(f -> with(f, OptionalLong.of(1_024)), Result.WARN, "may have 1024 open");

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final UnaryOperator<MachineFacts> change;

    private final Result result;
    private final String words;

    Wrong(UnaryOperator<MachineFacts> change, Result result, String words) {
      this.change = change;
      this.result = result;
      this.words = words;
    }
  }

  @Test
  void of_aMachineThatIsWell_isOkThroughout() {
    List<Finding> findings = Diagnosis.of(WELL);
    assertEquals(11, findings.size());
    assertTrue(findings.stream().allMatch(f -> f.result() == Result.OK), findings::toString);
    assertEquals(0, Diagnosis.exitCode(findings));
  }

  @ParameterizedTest
  @EnumSource
  void of_oneThingWrong_saysThatAndNothingElse(Wrong wrong) {
    List<Finding> findings = Diagnosis.of(wrong.change.apply(WELL));
    List<Finding> bad = findings.stream().filter(f -> f.result() != Result.OK).toList();
    assertEquals(1, bad.size(), bad::toString);
    assertEquals(wrong.result, bad.getFirst().result());
    assertTrue(bad.getFirst().line().contains(wrong.words), bad.getFirst().line());
    int code =
        switch (wrong.result) {
          case OK, WARN -> 0;
          case FAIL_NOW -> 75;
          case FAIL -> 78;
        };
    assertEquals(code, Diagnosis.exitCode(findings));
  }

  @Test
  void of_aPortHeldWhereANodeRuns_isOk() {
    MachineFacts running =
        with(
            with(
                WELL,
                new State(
                    DIR,
                    There.FOLDER,
                    true,
                    "ext4",
                    1L << 32,
                    Optional.empty(),
                    Optional.empty(),
                    true)),
            new Port("web", 8080, false, OptionalLong.of(7)));
    assertEquals(0, Diagnosis.exitCode(Diagnosis.of(running)));
  }

  private static State state(There there, boolean writable, String fileSystem) {
    return new State(
        DIR, there, writable, fileSystem, 1L << 32, Optional.empty(), Optional.empty(), false);
  }

  /** Returns the facts with {@code other} in the place of what is of its type. */
  private static MachineFacts with(MachineFacts f, Object other) {
    return new MachineFacts(
        f.now(),
        other instanceof Java java ? java : f.java(),
        f.profile(),
        f.profileWhy(),
        other instanceof State state ? state : f.state(),
        other instanceof Plan plan ? plan : f.plan(),
        other instanceof Jar jar ? List.of(jar) : f.jars(),
        other instanceof Port port ? List.of(port) : f.ports(),
        other instanceof Freezing freezing ? freezing : f.freezing(),
        other instanceof String signal ? List.of(signal) : f.ignoredSignals(),
        other instanceof OptionalLong files ? files : f.openFiles());
  }
}
