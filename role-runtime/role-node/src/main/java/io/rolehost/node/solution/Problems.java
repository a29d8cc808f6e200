package io.rolehost.node.solution;

import com.typesafe.config.ConfigOrigin;
import io.rolehost.runtime.config.Nearest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with a solution, each with file and line. For one thread. */
final class Problems {
  private final Path file;
  private final List<String> sentences = new ArrayList<>();

  Problems(Path file) {
    this.file = file;
  }

  /** Adds a sentence about what stands at {@code origin}. */
  void at(ConfigOrigin origin, String sentence) {
    int line = origin.lineNumber();
    @Nullable String included = origin.filename();
    String name = included == null || included.isEmpty() ? file.toString() : included;
    sentences.add(name + (line > 0 ? ":" + line : "") + ": " + sentence);
  }

  /** Says that a key is none, and which may have been meant. */
  void unknown(ConfigOrigin origin, String key, String of, Collection<String> known) {
    at(
        origin,
        "unknown key '" + key + "' in " + of + "; the nearest is '" + Nearest.of(key, known) + "'");
  }

  void addAll(List<String> others) {
    sentences.addAll(others);
  }

  void add(String sentence) {
    sentences.add(file + ": " + sentence);
  }

  List<String> sentences() {
    return sentences;
  }
}
