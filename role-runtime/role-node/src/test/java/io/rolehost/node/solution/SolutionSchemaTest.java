package io.rolehost.node.solution;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.node.solution.Key.Form;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SolutionSchemaTest {
  private static final Path SCHEMA = Path.of("../../docs/solution.schema.json");

  @TempDir private Path directory;

  /**
   * The file is made of the list of keys: with {@code -Dschema.write=true} this test writes it
   * anew.
   */
  @Test
  void schema_inTheDocs_isThatOfTheReader() throws Exception {
    if (Boolean.getBoolean("schema.write")) {
      Files.writeString(SCHEMA, SolutionSchema.json());
    }
    assertTrue(
        SolutionSchema.json().equals(Files.readString(SCHEMA)),
        "docs/solution.schema.json is not that of the reader: run this test with"
            + " -Dschema.write=true, and commit the file");
  }

  record Place(String before, String path, String after, Key key) {
    @Override
    public String toString() {
      return path + key.name();
    }
  }

  static Stream<Place> keys() {
    return SolutionKeys.ROLE.stream()
        .flatMap(key -> {
          String program =
              List.of("jar", "class-path", "command").contains(key.name())
                  ? ""
                  : key.name().equals("ready") ? "command = [x], " : "jar = a.jar, ";
          String name = key.name();
          Stream<Key> inside = key.inside().stream();
          return Stream.concat(
              Stream.of(new Place(program, "", "", key)),
              switch (key.form()) {
                case BLOCK ->
                    inside.map(k -> new Place(program + name + " { ", name + ".", " }", k));
                case BLOCK_BY_NAME ->
                    inside.map(k -> new Place(program + name + " { n { ", name + ".n.", " } }", k));
                case BLOCKS ->
                    inside.map(k ->
                        new Place(
                            program
                                + name
                                + " = [{ "
                                + (k.name().equals("command") ? "" : "command = [y], "),
                            name + "[0].",
                            " }]",
                            k));
                default -> Stream.empty();
              });
        });
  }

  /** A key that nobody reads would take anything. */
  @ParameterizedTest
  @MethodSource("keys")
  void key_withTheWrongForm_isRefusedByItsName(Place place) throws Exception {
    Files.write(directory.resolve("a.jar"), new byte[0]);
    Path file = directory.resolve("solution.conf");
    Key key = place.key();
    String wrong =
        List.of(Form.TEXTS, Form.WHOLES, Form.BLOCKS).contains(key.form())
                || key.form().name().startsWith("BLOCK")
                || key.form() == Form.FREE
                || key.form() == Form.TEXT_BY_NAME
            ? "x"
            : "[x]";
    Files.writeString(
        file,
        "roles { r { " + place.before() + key.name() + " = " + wrong + place.after() + " } }");
    List<String> problems =
        assertThrows(
                SolutionProblems.class,
                () ->
                    SolutionReader.read(
                        file, new Surroundings(Map.of(), Map.of(), directory, false, 1)))
            .problems();
    assertTrue(
        problems.stream().anyMatch(problem -> problem.contains(place + " of role 'r'")),
        problems::toString);
  }
}
