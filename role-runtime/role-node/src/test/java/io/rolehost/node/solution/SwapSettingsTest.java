package io.rolehost.node.solution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.node.solution.SolutionReader.Surroundings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SwapSettingsTest {

  @TempDir private Path folder = Path.of("");

  private Solution read(String swap) throws Exception {
    Path file = folder.resolve("solution.conf");
    Files.writeString(file, "roles { r { command = [x] } }\n" + swap);
    return SolutionReader.read(
        file, new Surroundings(Map.of(), Map.of(), Path.of("/elsewhere"), false, 1));
  }

  @Test
  void block_isReadWhole_withPathsFromTheFolderOfTheSolution() throws Exception {
    assertEquals(
        new SwapSettings(
            Optional.of(folder.resolve("green/.rolehost")),
            Optional.of(Path.of("/run/haproxy.sock")),
            Optional.of(folder.resolve("sides.map")),
            Optional.of("photos"),
            Optional.of("blue_servers")),
        read("""
        swap {
          other = green/.rolehost, haproxy = /run/haproxy.sock, map = sides.map
          key = photos, backend = blue_servers
        }
        """)
            .swap());
    assertEquals(SwapSettings.NONE, read("").swap());
  }

  @Test
  void block_withAnotherKeyOrForm_isRefusedByItsName() {
    String text =
        assertThrows(SolutionProblems.class, () -> read("swap { socket = a, map = [a] }"))
            .problems()
            .toString();
    assertTrue(text.contains("unknown key 'socket' in the swap block"), text);
    assertTrue(text.contains("map of the swap block must be a text"), text);
  }
}
