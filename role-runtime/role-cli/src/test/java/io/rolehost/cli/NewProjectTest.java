package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NewProjectTest {
  private static final Path SAMPLE = Path.of("../../sample-roles/first-role");

  @TempDir private Path folder = Path.of("");

  @Test
  void files_ofAProject_bearItsNameEverywhere() {
    Map<String, String> files = new NewProject("photo-worker", "1.2.3").files();

    assertEquals(
        Set.of(
            "pom.xml",
            "README.md",
            "Dockerfile",
            ".dockerignore",
            ".gitignore",
            "src/main/java/roles/PhotoWorkerRole.java",
            "src/main/resources/application.conf",
            "src/main/resources/META-INF/services/io.rolehost.api.Role",
            "src/test/java/roles/PhotoWorkerRoleTest.java"),
        files.keySet());
    files.forEach((path, text) ->
        assertFalse(text.matches("(?s).*@[A-Z]+@.*"), path + " has a place that was not filled"));
    assertTrue(
        String.valueOf(files.get("pom.xml"))
            .contains("<rolehost.version>1.2.3</rolehost.version>"));
    assertEquals(
        "roles.PhotoWorkerRole\n",
        files.get("src/main/resources/META-INF/services/io.rolehost.api.Role"));
  }

  @ParameterizedTest
  @CsvSource({"greeter,GreeterRole", "first-role,FirstRole", "role,RoleRole", "a-1,A1Role"})
  void className_isNoNameThatJavaOrTheApiHasTaken(String name, String className) {
    assertEquals(className, new NewProject(name, "1").className());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "A",
        "1a",
        "-a",
        "a-",
        "a--b",
        "a_b",
        "a.b",
        "a/b",
        "..",
        "ä",
        "a b",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void name_thatIsNoneForARole_isRefusedWithAnExample(String name) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> new NewProject(name, "1"));

    assertTrue(refusal.toString().contains("for instance photo-worker"), refusal.toString());
  }

  @Test
  void write_makesExactlyTheFiles() throws IOException {
    NewProject project = new NewProject("greeter", "1");

    project.write(folder.resolve("greeter"));

    assertEquals(project.files(), filesUnder(folder.resolve("greeter")));
  }

  /** If this fails: run bin/rolehost new first-role in sample-roles, after deleting the old one. */
  @Test
  void sampleFirstRole_isWhatNewMakes() throws IOException {
    assertEquals(new NewProject("first-role", ownVersion()).files(), filesUnder(SAMPLE));
  }

  private static String ownVersion() throws IOException {
    Matcher version =
        Pattern.compile("<version>(.+?)</version>").matcher(Files.readString(Path.of("pom.xml")));
    assertTrue(version.find());
    return version.group(1);
  }

  private static Map<String, String> filesUnder(Path root) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String path = root.relativize(file).toString();
        if (!path.startsWith("target/") && !path.startsWith(".rolehost/")) {
          files.put(path, Files.readString(file));
        }
      }
    }
    return files;
  }
}
