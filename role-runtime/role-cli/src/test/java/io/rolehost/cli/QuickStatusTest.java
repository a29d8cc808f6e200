package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class QuickStatusTest {

  @Test
  void wordsBeyondIt_areLeftToTheWholeCommand() {
    for (String words :
        List.of("", "up", "status --help", "status --full --json", "status --jsn", "status x")) {
      assertEquals(OptionalInt.empty(), QuickStatus.run(words.split(" ")), words);
    }
  }
}
