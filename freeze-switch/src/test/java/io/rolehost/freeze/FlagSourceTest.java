package io.rolehost.freeze;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The flag in a configuration file, as it stands there among other settings. */
final class FlagSourceTest {

  @TempDir Path folder;

  private List<Freeze> freezesOf(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("application.conf"), text);
    try (FlagSource source = new FlagSource(file, null)) {
      return source.answer().freezes();
    }
  }

  @ParameterizedTest
  @CsvSource({"true, 1", "false, 0", "null, 0", "'\"\"', 0", "yes, 1", "no, 0", "ture, 1"})
  void flag_ofEachText_freezesUnlessItSaysNo(String text, int freezes) throws IOException {
    assertEquals(freezes, freezesOf("rolehost.freeze.enabled = " + text).size());
  }

  @ParameterizedTest
  @CsvSource({"true, 1", "false, 0"})
  void flag_besideASettingThatRefersToItself_isRead(String text, int freezes) throws IOException {
    assertEquals(
        freezes,
        freezesOf(
                """
                port = 8080
                port = ${?NO_SUCH_VARIABLE_IS_SET}
                rolehost.freeze.enabled = %s
                """
                    .formatted(text))
            .size());
  }

  @Test
  void text_thatIsNoBoolean_isQuotedInTheReason() throws IOException {
    Freeze freeze = freezesOf("rolehost.freeze.enabled = ture").getFirst();

    assertTrue(freeze.reason().contains("ture"), freeze.reason());
  }

  @Test
  void file_thatCanNotBeParsed_freezesOnlyIfItWasNeverRead() throws IOException {
    assertEquals(1, freezesOf("rolehost { freeze { enabled = tr").size());
  }
}
