package io.rolehost.jobs.artemis;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The n-th Java block of {@code docs/background/<page>.md} is what stands between {@code // guide
 * <page> <n>} and {@code // guide end} in a test beside this one.
 */
final class GuidePagesTest {

  private static final Path PAGES = Path.of("../../../docs/background");
  private static final Path SOURCES = Path.of("src/test/java/io/rolehost/jobs/artemis");
  private static final String BEGIN = "// guide ";
  private static final String END = "// guide end";

  /** Lines of code, and the file that they stand in. */
  private record Block(String file, List<String> lines) {}

  @Test
  void javaBlocks_ofThePages_areTheCodeThatIsTested() throws IOException {
    Map<String, Block> tested = tested();
    Map<String, Block> shown = shown();
    assertEquals(
        tested.keySet(), shown.keySet(), "marked in the tests, and shown on the pages of " + PAGES);
    tested.forEach(
        (name, code) -> assertEquals("", difference(code, name, requireNonNull(shown.get(name)))));
  }

  private static String difference(Block code, String name, Block page) {
    int most = Math.max(code.lines().size(), page.lines().size());
    for (int line = 0; line < most; line++) {
      String expected = line < code.lines().size() ? code.lines().get(line) : "(no more)";
      String actual = line < page.lines().size() ? page.lines().get(line) : "(no more)";
      if (!expected.equals(actual)) {
        return "Block \"%s\", line %d:%n  %s has  %s%n  %s has  %s%nCopy the code into the page."
            .formatted(name, line + 1, code.file(), expected, page.file(), actual);
      }
    }
    return "";
  }

  private static Map<String, Block> tested() throws IOException {
    Map<String, Block> blocks = new TreeMap<>();
    for (Path file : list(SOURCES, "Guide*Test.java")) {
      List<String> lines = Files.readAllLines(file);
      for (int at = 0; at < lines.size(); at++) {
        String mark = lines.get(at).strip();
        if (mark.matches(BEGIN + "[a-z]+ [0-9]+")) {
          int end = at + 1;
          while (!lines.get(end).strip().equals(END)) {
            end++;
          }
          blocks.put(
              mark.substring(BEGIN.length()),
              new Block(file.toString(), flush(lines.subList(at + 1, end))));
        }
      }
    }
    return blocks;
  }

  private static Map<String, Block> shown() throws IOException {
    Map<String, Block> blocks = new TreeMap<>();
    for (Path file : list(PAGES, "*.md")) {
      String page = String.valueOf(file.getFileName()).replace(".md", "");
      List<String> lines = Files.readAllLines(file);
      int number = 0;
      for (int at = 0; at < lines.size(); at++) {
        if (lines.get(at).equals("```java")) {
          int end = at + 1;
          while (!lines.get(end).equals("```")) {
            end++;
          }
          number++;
          blocks.put(
              page + " " + number, new Block(file.toString(), flush(lines.subList(at + 1, end))));
        }
      }
    }
    return blocks;
  }

  /** Without the indentation that all lines share, and blank lines at both ends. */
  private static List<String> flush(List<String> lines) {
    return String.join("\n", lines).strip().isEmpty()
        ? List.of()
        : List.of(String.join("\n", lines).stripTrailing().stripIndent().strip().split("\n"));
  }

  private static List<Path> list(Path folder, String glob) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
      files.forEach(found::add);
    }
    return found;
  }
}
