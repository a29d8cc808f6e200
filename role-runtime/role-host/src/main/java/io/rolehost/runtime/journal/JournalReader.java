package io.rolehost.runtime.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads a journal from its oldest line on, for whoever checks it. Nothing is changed. */
public final class JournalReader {

  /** More than a journal ever has. */
  private static final int MAX_FILES = 10;

  private static final String OF_NODE = ".node";

  private JournalReader() {}

  /** How a line is tied to the one before it. */
  public enum Link {
    /** By its hash, which is right. */
    WHOLE,
    /** By a hash that is not that of this line behind the one before. */
    BROKEN,
    /** The line before is not there any more, so nothing can be said. */
    FIRST,
    /** Not at all: a host's own journal has no hashes. */
    NONE
  }

  /**
   * A line.
   *
   * @param number in its file, from 1
   * @param entry empty if the line is none
   * @param torn whether it is the last of all and has no end
   */
  public record Line(
      Path file, int number, Optional<JournalEntry> entry, Link link, boolean torn) {}

  /** Returns the name of the journal that a node keeps of an instance. */
  public static String ofNode(String instanceId) {
    return instanceId + OF_NODE;
  }

  /** Returns the instance that a node keeps a journal of; empty if it is another journal. */
  public static Optional<String> instanceOfNode(String journal) {
    return journal.endsWith(OF_NODE)
        ? Optional.of(journal.substring(0, journal.length() - OF_NODE.length()))
        : Optional.empty();
  }

  static Path path(Path stateDir, String journal) {
    return stateDir.resolve("journal").resolve(journal + ".jsonl");
  }

  /** Returns the names of all journals of a state directory, sorted. */
  public static List<String> names(Path stateDir) throws IOException {
    Path folder = stateDir.resolve("journal");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".jsonl"))
          .map(name -> name.substring(0, name.length() - ".jsonl".length()))
          .sorted()
          .toList();
    }
  }

  /** Hands out every line of a journal, oldest first. */
  public static void read(Path stateDir, String journal, Consumer<Line> lines) throws IOException {
    List<Path> oldestFirst = new ArrayList<>();
    Path newest = path(stateDir, journal);
    for (int age = MAX_FILES; age > 0; age--) {
      Path aged = newest.resolveSibling(newest.getFileName() + "." + age);
      if (Files.exists(aged)) {
        oldestFirst.add(aged);
      }
    }
    if (Files.exists(newest)) {
      oldestFirst.add(newest);
    }
    Optional<String> before = Optional.empty();
    for (Path file : oldestFirst) {
      before = read(file, before, file.equals(newest) && !endsWhole(file), lines);
    }
  }

  private static Optional<String> read(
      Path file, Optional<String> before, boolean mayBeTorn, Consumer<Line> lines)
      throws IOException {
    Optional<String> chain = before;
    // Garbage is a finding of the check, not the end of it.
    var decoder =
        UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(Files.newInputStream(file), decoder))) {
      int number = 1;
      String line = reader.readLine();
      while (line != null) {
        String next = reader.readLine();
        Optional<JournalEntry> entry = JournalLine.parse(line);
        Optional<String> own = JournalLine.chainOf(line);
        lines.accept(
            new Line(
                file,
                number,
                entry,
                link(chain, line, own, entry),
                next == null && mayBeTorn && entry.isEmpty()));
        chain = own;
        line = next;
        number++;
      }
    }
    return chain;
  }

  private static Link link(
      Optional<String> before, String line, Optional<String> own, Optional<JournalEntry> entry) {
    if (own.isEmpty()) {
      return Link.NONE;
    }
    boolean first = entry.isPresent() && entry.get().sequence() == 1;
    if (before.isEmpty() && !first) {
      return Link.FIRST;
    }
    String expected =
        JournalLine.chain(first ? "" : before.orElse(""), JournalLine.withoutChain(line));
    return expected.equals(own.get()) ? Link.WHOLE : Link.BROKEN;
  }

  private static boolean endsWhole(Path file) throws IOException {
    try (var in = Files.newByteChannel(file)) {
      if (in.size() == 0) {
        return true;
      }
      var last = java.nio.ByteBuffer.allocate(1);
      in.position(in.size() - 1);
      return in.read(last) == 1 && last.get(0) == '\n';
    }
  }
}
