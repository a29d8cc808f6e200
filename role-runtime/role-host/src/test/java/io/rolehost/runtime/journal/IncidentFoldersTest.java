package io.rolehost.runtime.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is handed out of the folder of incidents. */
final class IncidentFoldersTest {

  private static final String OLD = "20261125T120000.000Z-web_IN_0-7";
  private static final String OF_NODE = "20261126T120000.000Z-web_IN_0.node-8";
  private static final String OTHER = "20261127T120000.000Z-worker_IN_0-1";

  @TempDir Path state;

  private void write(String folder, String file, String text) throws Exception {
    Path incidents = Files.createDirectories(state.resolve("incidents").resolve(folder));
    Files.writeString(incidents.resolve(file), text);
  }

  private IncidentFolders folders() {
    return new IncidentFolders(state, "web_IN_0"::equals);
  }

  @Test
  void incidents_ofAnInstance_areListedNewestFirstWithTheirFiles() throws Exception {
    assertEquals(List.of(), folders().newestFirst());
    write(OLD, "fingerprint", "abc\nwhat it is of\n");
    write(OLD, "threads.json.cut", "{");
    write(OLD, "core", "not one of ours");
    write(OF_NODE, "exit.json", "{}");
    write(OTHER, "exit.json", "{}");
    write("notes", "exit.json", "{}");

    assertEquals(
        List.of(
            Map.of("name", OF_NODE, "instance", "web_IN_0", "files", List.of("exit.json")),
            Map.of(
                "name",
                OLD,
                "instance",
                "web_IN_0",
                "files",
                List.of("fingerprint", "threads.json.cut"),
                "fingerprint",
                "abc")),
        folders().newestFirst());
    assertEquals(
        Optional.of(new IncidentFolders.Text("{", true)), folders().read(OLD, "threads.json.cut"));
  }

  @Test
  void names_thatAreNoIncident_areNotRead() throws Exception {
    write(OLD, "exit.json", "{}");
    write(OLD, "core", "x");
    write(OTHER, "exit.json", "{}");
    write("notes", "exit.json", "{}");
    Files.writeString(state.resolve("exit.json"), "outside");
    for (String[] asked :
        new String[][] {
          {OLD, "core"},
          {OLD, "log.txt"},
          {OLD, "../exit.json"},
          {OLD, ""},
          {OTHER, "exit.json"},
          {"notes", "exit.json"},
          {"..", "exit.json"},
          {"", "exit.json"},
          {"../20261125T120000.000Z-web_IN_0-7", "exit.json"},
          {"20261125T120000.000Z-x/../web_IN_0-7", "exit.json"},
        }) {
      assertEquals(Optional.empty(), folders().read(asked[0], asked[1]), String.join(" ", asked));
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS) // making a link there needs a right
  void links_areNotFollowed() throws Exception {
    Path secret = Files.writeString(state.resolve("secret"), "secret");
    Files.createDirectories(state.resolve("incidents").resolve(OLD));
    Path _ =
        Files.createSymbolicLink(
            state.resolve("incidents").resolve(OLD).resolve("log.txt"), secret);
    Path elsewhere = Files.createDirectories(state.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("log.txt"), "secret");
    Path _ = Files.createSymbolicLink(state.resolve("incidents").resolve(OF_NODE), elsewhere);

    assertEquals(Optional.empty(), folders().read(OLD, "log.txt"));
    assertEquals(Optional.empty(), folders().read(OF_NODE, "log.txt"));
  }

  @Test
  void largeFile_isCut() throws Exception {
    write(OLD, "log.txt", "x".repeat(IncidentFolders.MAX_BYTES + 1));

    assertEquals(
        Optional.of(new IncidentFolders.Text("x".repeat(IncidentFolders.MAX_BYTES), true)),
        folders().read(OLD, "log.txt"));
  }
}
