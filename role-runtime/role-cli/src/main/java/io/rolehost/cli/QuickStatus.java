package io.rolehost.cli;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code status} past the library that reads options. To read them takes longer than to ask and to
 * print, and no start-up cache keeps the library's classes: their format is too old. This verb is
 * asked in loops and by people who look at nothing else.
 */
final class QuickStatus {

  private QuickStatus() {}

  /**
   * Runs the verb if that is all that these words ask for.
   *
   * @return the exit code; empty where the whole command has to see to it. That is so with other
   *     words, and when anything went wrong: it asks once more and says what
   */
  static OptionalInt run(String... args) {
    List<String> words = List.of(args);
    if (words.isEmpty() || !words.getFirst().equals("status")) {
      return OptionalInt.empty();
    }
    List<String> options = words.subList(1, words.size());
    if (!List.of("--full", "--json").containsAll(options) || options.size() > 1) {
      return OptionalInt.empty();
    }
    try {
      if (!options.contains("--json")) {
        return OptionalInt.of(new StatusCommand(options.contains("--full")).call());
      }
      Place place = new Place();
      Optional<String> answer = place.node().askFormatted("status");
      if (answer.isEmpty()) {
        return OptionalInt.empty();
      }
      place.print(answer.get().stripTrailing());
      return OptionalInt.of(0);
    } catch (Exception told) {
      return OptionalInt.empty();
    }
  }
}
