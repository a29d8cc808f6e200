package io.rolehost.freeze.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TerminalTest {

  @Test
  void width_ofATerminal_isWhatTheShellOrTheTerminalSays() {
    assertEquals(120, Terminal.width(Map.of("COLUMNS", "120"), "40 100\n"));
    assertEquals(100, Terminal.width(Map.of(), "40 100\n"));
    assertEquals(80, Terminal.width(Map.of(), ""));
    assertEquals(80, Terminal.width(Map.of("COLUMNS", "wide"), ""));
    assertEquals(80, Terminal.width(Map.of(), "0 0\n"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          true,  TERM=xterm,                              true,  true
          false, TERM=xterm,                              false, false
          true,  TERM=dumb,                               false, false
          true,  NO_COLOR=1,                              false, true
          true,  NO_COLOR=,                               true,  true
          true,  CLICOLOR=0,                              false, true
          false, CLICOLOR_FORCE=1,                        true,  false
          true,  TERM=dumb CLICOLOR_FORCE=1,              true,  false
          false, CLICOLOR_FORCE=0,                        false, false
          false, NO_COLOR=1 CLICOLOR_FORCE=1,             false, false
          """)
  void variables_thatOthersHonour_decideOnColoursAndOnWritingALineAgain(
      boolean terminal, String variables, boolean colours, boolean rewrites) {
    Map<String, String> environment = new HashMap<>();
    for (String variable : variables.split(" ", -1)) {
      String[] parts = variable.split("=", 2);
      environment.put(parts[0], parts[1]);
    }
    assertEquals(colours, Terminal.colours(environment, terminal));
    assertEquals(rewrites, Terminal.rewrites(environment, terminal));
  }

  private final StringWriter out = new StringWriter();
  private long nanos;

  private ProgressLine line(OptionalInt width) {
    return line(width, Duration.ZERO);
  }

  private ProgressLine line(OptionalInt width, Duration silence) {
    return new ProgressLine(new PrintWriter(out), width, silence, () -> nanos);
  }

  @Test
  void progress_onATerminal_isOneLineWithItsTimeWhichIsGoneInTheEnd() {
    try (ProgressLine line = line(OptionalInt.of(30))) {
      line.tick();
      line.tell("1 of 3 instances are renewed");
      nanos += 2_000_000_000L;
      line.tick();
      line.tell("2 of 3");
    }
    assertEquals(
        "\r\u001b[K1 of 3 instances are ren…  0s"
            + "\r\u001b[K1 of 3 instances are ren…  2s"
            + "\r\u001b[K2 of 3  2s"
            + "\r\u001b[K",
        out.toString());
  }

  @Test
  void progress_elsewhere_isALineForEachPieceOfNews() {
    try (ProgressLine line = line(OptionalInt.empty())) {
      line.tell("1 of 3");
      line.tick();
      line.tell("1 of 3");
      line.tell("2 of 3");
    }
    assertEquals("1 of 3\n2 of 3\n", out.toString());
  }

  @Test
  void progress_elsewhereOfWhatIsSoonOver_isNotTold() {
    try (ProgressLine line = line(OptionalInt.empty(), Duration.ofSeconds(10))) {
      line.tell("0 of 3");
      nanos += 10_000_000_000L;
      line.tell("0 of 3");
      line.tell("1 of 3");
    }
    assertEquals("0 of 3\n1 of 3\n", out.toString());
  }
}
