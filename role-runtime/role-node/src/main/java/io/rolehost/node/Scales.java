package io.rolehost.node;

import io.rolehost.node.control.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;

/**
 * {@code <state-dir>/scale.json}: how many instances an operator wants of a role, in place of what
 * the solution says. It outlives the node; a deploy ends it. For one thread.
 */
final class Scales {
  private final Path file;

  private Scales(Path file) {
    this.file = file;
  }

  static Scales of(Path stateDir) {
    return new Scales(stateDir.resolve("scale.json"));
  }

  /** Returns the counts by role; none where nothing was scaled. */
  Map<String, Integer> read() {
    Map<String, Integer> counts = new HashMap<>();
    try {
      Json.read(Files.readString(file))
          .forEach((role, count) -> {
            if (count instanceof Number number && number.intValue() >= 0) {
              counts.put(role, number.intValue());
            }
          });
    } catch (IOException e) {
      return Map.of(); // none was ever written; the solution counts
    }
    return counts;
  }

  void remember(String role, int count) throws IOException {
    Map<String, Integer> counts = new HashMap<>(read());
    counts.put(role, count);
    write(counts);
  }

  void forget(String role) throws IOException {
    Map<String, Integer> counts = new HashMap<>(read());
    if (counts.remove(role) != null) {
      write(counts);
    }
  }

  private void write(Map<String, Integer> counts) throws IOException {
    if (counts.isEmpty()) {
      Files.deleteIfExists(file);
      return;
    }
    Files.createDirectories(file.getParent());
    Path draft = file.resolveSibling("scale.json.new");
    Files.writeString(draft, Json.line(counts) + "\n");
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
