package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.api.Task;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each verb prints as JSON is what its schema says. */
final class SchemaProcessTest {

  @TempDir Path folder;

  /** A role with a task. */
  public static final class Tasked implements Role {
    @Override
    public boolean onStart(RoleContext context) {
      var _ = context.tasks().start(Task.named("wait").body(task -> task.stopToken().await()));
      return true;
    }
  }

  @Test
  void verb_eachThatTakesJson_hasASchema() throws IOException {
    TreeSet<String> wanted = new TreeSet<>();
    RoleHostCommand.commandLine()
        .getSubcommands()
        .forEach((name, command) -> {
          if (!command.getSubcommands().isEmpty()) {
            command.getSubcommands().keySet().forEach(sub -> wanted.add(name + "-" + sub));
          } else if (command.getCommandSpec().findOption("--json") != null
              && !name.equals("thaw")) {
            wanted.add(name);
          }
        });
    try (var files = Files.list(Schemas.FOLDER)) {
      assertEquals(
          wanted,
          files
              .map(file -> String.valueOf(file.getFileName()).replace(".schema.json", ""))
              .filter(Predicate.not("README.md"::equals))
              .collect(Collectors.toCollection(TreeSet::new)));
    }
  }

  static void assertFits(String schema, Said said) throws IOException {
    assertEquals(List.of(), Schemas.problems(schema, said.out()), said.out() + said.err());
  }

  static void assertLinesFit(String schema, Said said) throws IOException {
    assertTrue(said.out().lines().count() > 0, said.err());
    for (String line : said.out().lines().toList()) {
      assertEquals(List.of(), Schemas.problems(schema, line), line);
    }
  }

  @Test
  void schema_aKeyThatItDoesNotName_isFound() throws IOException {
    assertEquals(List.of(), Schemas.problems("version", "{\"rolehost\":\"1\",\"java\":\"25\"}"));
    assertEquals(
        1, Schemas.problems("version", "{\"rolehost\":\"1\",\"java\":\"25\",\"os\":\"x\"}").size());
    assertEquals(1, Schemas.problems("version", "{\"rolehost\":\"1\"}").size());
  }

  @Test
  void output_ofVerbsWithoutANode_fitsTheirSchemas() throws Exception {
    assertFits("version", Said.by("version", "--json"));
    assertFits("simulate", Said.by("simulate", "--times", "3", "--json"));
    assertFits("doctor", Said.by("doctor", "--json", "--state-dir", folder.toString()));
    assertFits("man", Said.by("man", "up", "--json"));
    assertFits("man", Said.by("man", "--output", folder.resolve("man").toString(), "--json"));
    Path unit =
        Files.writeString(
            folder.resolve("web.service"), "[Service]\nExecStart=/usr/bin/java -jar /x/web.jar\n");
    assertFits("doctor", Said.by("doctor", "--unit", unit.toString(), "--json"));
    assertFits("new", newRole());
  }

  /** It writes into the folder where it is called, so it is a process of its own. */
  private Said newRole() throws Exception {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "new",
                "my-role",
                "--json")
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    return new Said(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  @Test
  void output_ofVerbsOnANode_fitsTheirSchemas() throws Exception {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> '"' + entry + '"')
            .collect(Collectors.joining(", "));
    Files.writeString(
        folder.resolve("solution.conf"),
        """
        rolehost { profile = azure }
        roles {
          tasked {
            class-path = [%s]
            jvm-options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
            settings { rolehost.role.class = "%s" }
          }
          plain { command = [sleep, 600], instances = 2 }
          broken { command = [sh, -c, "exit 3"] }
        }
        """
            .formatted(classPath, Tasked.class.getName()));
    try (RunningNode node = RunningNode.start(folder)) {
      var _ = node.await(0, "tasked_IN_0 ready");
      var _ = node.await(0, "broken_IN_0 ended with 3 ");

      assertFits("status", node.verb("status", "--json"));
      assertFits("explain", node.verb("explain", "--json"));
      assertLinesFit("events", node.verb("events", "--json"));
      assertLinesFit("logs", node.verb("logs", "tasked", "--json"));
      assertFits("verify-journal", node.verb("verify-journal", "--json"));
      assertFits("analyze", node.verb("analyze", "start", "--json"));
      assertFits("task", node.verb("task", "restart", "tasked_IN_0", "wait", "--json"));
      assertFits(
          "freeze", node.verb("freeze", "role:plain", "--reason", "a test", "--wait", "--json"));
      assertFits("status", node.verb("status", "--json"));
      assertFits("unfreeze", node.verb("unfreeze", "--wait", "--json"));
      assertLinesFit("restart", node.verb("restart", "plain", "--wait", "--json"));
      assertLinesFit("scale", node.verb("scale", "plain", "1", "--wait", "--json"));
      assertLinesFit("deploy", node.verb("deploy", "plain", "--dry-run", "--json"));
      assertLinesFit("deploy", node.verb("deploy", "plain", "--wait", "--json"));
      assertFits("analyze", node.verb("analyze", "stop", "plain", "--json"));
      assertFits("stop", node.verb("stop", "--wait", "--json"));
      assertFits("analyze", node.verb("analyze", "stop", "--json"));
    }
  }
}
