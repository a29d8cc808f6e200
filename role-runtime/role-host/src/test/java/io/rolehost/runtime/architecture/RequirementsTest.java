package io.rolehost.runtime.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A requirement is met as long as the test that shows it is there. */
final class RequirementsTest {

  private static final Path REPOSITORY = Path.of("../..");
  private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");

  @Test
  void requirements_tests_exist() throws IOException {
    Map<String, String> sources = testSources();
    String pages =
        Files.readString(REPOSITORY.resolve("docs/requirements.md"))
            + Files.readString(REPOSITORY.resolve("docs/azure-parity.md"));
    List<String> named =
        TEST.matcher(pages)
            .results()
            .filter(test ->
                !sources.getOrDefault(test.group(1), "").contains(" " + test.group(2) + "("))
            .map(test -> test.group())
            .toList();
    assertTrue(sources.containsKey("RequirementsTest"), "the sources are where they were");
    assertEquals(List.of(), named);
  }

  @Test
  void azureParity_hasEachRowOnce() throws IOException {
    List<String> rows =
        Files.readAllLines(REPOSITORY.resolve("docs/azure-parity.md")).stream()
            .filter(line -> line.matches("\\| A\\d+ \\|.*\\|.{20,}\\|"))
            .map(line -> line.substring(2, line.indexOf(" |")))
            .toList();
    assertEquals(IntStream.rangeClosed(1, 56).mapToObj(n -> "A" + n).toList(), rows);
  }

  private static Map<String, String> testSources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    Files.walkFileTree(
        REPOSITORY,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean foreign = name.equals("target") || name.startsWith(".git");
            return foreign ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            String name = file.getFileName().toString();
            if (name.endsWith("Test.java")) {
              sources.put(
                  name.substring(0, name.length() - ".java".length()), Files.readString(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return sources;
  }
}
