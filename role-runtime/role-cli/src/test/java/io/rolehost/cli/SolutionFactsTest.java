package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SolutionFactsTest {

  private static List<String> lines(SolutionFacts facts) {
    return facts.findings().stream().map(finding -> finding.line().replaceAll(" +", " ")).toList();
  }

  @Test
  void solution_thatAsksForNothing_hasNothingToTell() {
    assertEquals(
        List.of(),
        lines(new SolutionFacts(List.of(), Optional.of("x"), 0, OptionalLong.of(1), List.of())));
  }

  @Test
  void limits_thatMachineCanHold_areInOrder() {
    assertEquals(
        List.of(
            "ok limits control groups hold web",
            "ok memory all instances together may have 512 MiB, of 1024 MiB"),
        lines(
            new SolutionFacts(
                List.of("web"), Optional.empty(), 512 << 20, OptionalLong.of(1 << 30), List.of())));
  }

  @Test
  void limits_thatNobodyHoldsOrThatAreTooMuch_areWarnedOf() {
    assertEquals(
        List.of(
            "fail program there is no setpriv, for web. Install it, or add it to the PATH",
            "warn limits web are held by options of their JVM only, commands not at all: no groups."
                + " Run the node where it has a control group: as a unit with Delegate=yes",
            "warn memory all instances together may have 2048 MiB, of 1024 MiB. The kernel kills"
                + " something when they use it: lower the limits"),
        lines(
            new SolutionFacts(
                List.of("web"),
                Optional.of("no groups"),
                2L << 30,
                OptionalLong.of(1 << 30),
                List.of("setpriv, for web"))));
  }
}
