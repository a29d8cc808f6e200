package io.rolehost.node.swap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A map file of HAProxy: a key, white space and a value in each line; {@code #} begins a comment.
 * HAProxy reads it when it starts.
 */
public final class MapFile {
  private final Path file;

  /** The file at a path. */
  public MapFile(Path file) {
    this.file = file;
  }

  /** Returns the value of a key; empty if it has none. */
  public Optional<String> value(String key) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> isOf(line, key))
        .map(line -> line.strip().substring(key.length()).strip())
        .findFirst();
  }

  /** Gives a key another value, and leaves all else as it is. */
  public void set(String key, String value) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean found = false;
    for (String line : Files.readAllLines(file)) {
      boolean same = isOf(line, key);
      if (!same || !found) {
        lines.add(same ? key + " " + value : line);
      }
      found |= same;
    }
    if (!found) {
      lines.add(key + " " + value);
    }
    SideFile.replace(file, String.join("\n", lines) + "\n");
  }

  private static boolean isOf(String line, String key) {
    String text = line.strip();
    return text.startsWith(key)
        && text.length() > key.length()
        && Character.isWhitespace(text.charAt(key.length()));
  }
}
