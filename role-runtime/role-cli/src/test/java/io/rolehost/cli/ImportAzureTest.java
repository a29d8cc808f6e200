package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.node.control.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verb, apart from what is mapped to what. */
final class ImportAzureTest {
  @TempDir Path folder;

  private Path definition = Path.of("");
  private Path cloud = Path.of("");
  private Path output = Path.of("");

  @BeforeEach
  void writeService() throws IOException {
    definition = folder.resolve("S.csdef");
    cloud = folder.resolve("ServiceConfiguration.Cloud.cscfg");
    output = folder.resolve("out");
    Path _ =
        Files.writeString(
            definition,
            """
            <ServiceDefinition name="S">
              <WorkerRole name="Sleeper">
                <Runtime><EntryPoint>
                  <ProgramEntryPoint commandLine="sleep 60" setReadyOnProcessStart="true" />
                </EntryPoint></Runtime>
              </WorkerRole>
            </ServiceDefinition>
            """);
    Path _ =
        Files.writeString(
            cloud,
            """
            <ServiceConfiguration serviceName="S">
              <Role name="Sleeper"><Instances count="2" /></Role>
            </ServiceConfiguration>
            """);
  }

  private Said run(String... more) {
    String[] words = new String[more.length + 6];
    String[] first = {
      "import", "azure", definition.toString(), cloud.toString(), "-o", output.toString()
    };
    System.arraycopy(first, 0, words, 0, first.length);
    System.arraycopy(more, 0, words, first.length, more.length);
    return Said.by(words);
  }

  @Test
  void service_thatIsRight_isWrittenAndSaysWhatIsNext() {
    assertEquals(
        new Said(
            0,
            """
            wrote %1$s/Sleeper
            wrote %1$s/azure.conf
            wrote %1$s/azure.Cloud.conf
            wrote %1$s/solution.conf
            wrote %1$s/import-report.md
            wrote %1$s/import-report.json
            14 mapped, 1 mapped with a difference, 0 not mapped: see %1$s/import-report.md
            next:  rolehost up %1$s/solution.conf
            """
                .formatted(output),
            ""),
        run());
    assertTrue(run().out().startsWith("unchanged " + output.resolve("azure.conf")));
  }

  @Test
  void dryRun_says_andWritesNothing() {
    Said said = run("--dry-run");

    assertEquals(0, said.code());
    assertTrue(said.out().contains("would write " + output.resolve("azure.conf")), said.out());
    assertFalse(Files.exists(output));
  }

  @Test
  void json_ofTheReport_hasTheThreeListsAndTheFiles() throws Exception {
    Said said = run("--json");
    SchemaProcessTest.assertFits("import-azure", said);
    Map<String, Object> report = Json.read(said.out());

    assertEquals(14, ((List<?>) report.getOrDefault("mapped", List.of())).size());
    assertEquals(1, ((List<?>) report.getOrDefault("different", List.of())).size());
    assertEquals(List.of(), report.get("notMapped"));
    assertEquals(List.of(), report.get("toDo"));
    assertEquals(
        Map.of("file", "azure.conf", "action", "written"),
        ((List<?>) report.getOrDefault("files", List.of())).get(1));
  }

  @Test
  void jar_inPlaceOfAProgram_isNamedFromTheSolution() throws Exception {
    Path jar = Files.writeString(folder.resolve("x.jar"), "");
    assertEquals(0, run("--jar", "Sleeper=" + jar).code());

    String text = Files.readString(output.resolve("azure.conf"));
    assertTrue(text.contains("jar = \"" + jar + "\"\n    role-host = false"), text);
    assertFalse(text.contains("command ="), text);
  }

  @Test
  void service_thatIsWrong_ends78WithAllProblemsAndWritesNothing() throws Exception {
    Path _ = Files.writeString(cloud, "<ServiceConfiguration serviceName='T'/>");

    Said said = run("--jar", "Nobody=x.jar");

    assertEquals(78, said.code());
    assertEquals(
        """
        The service can't be imported, and nothing was written:
          - %s:1:1: serviceName is 'T', and the definition is of 'S': they belong to different \
        services, or one of them is misspelt
          - --jar names the role 'Nobody', and the definition has [Sleeper]
        """
            .formatted(cloud),
        said.err());
    assertFalse(Files.exists(output));
    assertEquals(78, run("--jar", "Nobody=x.jar", "--json").code());
  }

  @Test
  void file_thatIsHostileOrNotThere_isRefused() throws Exception {
    Path _ = Files.writeString(cloud, "<!DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>");
    Said said = run();
    assertEquals(78, said.code());
    assertTrue(said.err().contains("Cloud.cscfg:1:"), said.err());
    assertTrue(said.err().contains("refused: a document type"), said.err());

    Files.delete(cloud);
    assertEquals(64, run().code());
    assertEquals(64, Said.by("import").code());
    assertEquals(64, Said.by("import", "azure").code());
  }
}
