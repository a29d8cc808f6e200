package io.rolehost.node.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LastEndTest {

  @TempDir private Path stateDir = Path.of("");

  @ParameterizedTest
  @CsvSource({
    "end, RUN_RETURNED, 0, true",
    "end, RUN_RETURNED, 87, false",
    "end, SIGNAL, 0, false",
    "transition, RUN_RETURNED, 0, true",
    "start, RUN_RETURNED, 0, false"
  })
  void isByOnReturn_isSaidByTheLastEndOfTheJournal(
      String type, String reason, int code, boolean expected) throws IOException {
    Path journal = Files.createDirectory(stateDir.resolve("journal"));
    Files.writeString(
        journal.resolve("web_IN_0.jsonl"),
        """
        {"type":"end","detail":{"reason":"RUN_RETURNED","code":0}}
        {"type":"%s","detail":{"reason":"%s","code":%d}}
        """
            .formatted(type, reason, code));

    assertEquals(
        expected, LastEnd.read(stateDir, "web_IN_0").map(LastEnd::isByOnReturn).orElse(false));
  }

  @Test
  void isByOnReturn_withoutAReadableJournal_isFalse() throws IOException {
    assertEquals(
        false, LastEnd.read(stateDir, "web_IN_0").map(LastEnd::isByOnReturn).orElse(false));

    Path journal = Files.createDirectory(stateDir.resolve("journal"));
    Files.writeString(journal.resolve("web_IN_0.jsonl"), "{\"type\":\"end\",\"det");

    assertEquals(
        false, LastEnd.read(stateDir, "web_IN_0").map(LastEnd::isByOnReturn).orElse(false));
  }
}
