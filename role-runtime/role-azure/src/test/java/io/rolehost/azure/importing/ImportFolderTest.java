package io.rolehost.azure.importing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.azure.importing.ImportFolder.Action;
import io.rolehost.azure.importing.ImportFolder.Done;
import io.rolehost.azure.importing.ImportPlan.PlannedFile;
import io.rolehost.azure.importing.ImportPlan.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an import does to a folder in which it, or somebody, has written before. */
final class ImportFolderTest {
  private static final ImportReport NOTHING =
      new ImportReport(
          "S", List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
          List.of());

  @TempDir Path folder;

  private Action write(String name, Rule rule, String text) throws IOException {
    ImportPlan plan =
        new ImportPlan(List.of(new PlannedFile(name, rule, text)), List.of(), NOTHING);
    List<Done> done = ImportFolder.write(plan, folder, false);
    assertEquals(List.of(name), done.stream().map(Done::name).toList());
    return done.getFirst().action();
  }

  private String content(String name) throws IOException {
    return Files.readString(folder.resolve(name)).replaceFirst("^# Written by .*\n", "");
  }

  private void edit(String name, String from, String to) throws IOException {
    String text = Files.readString(folder.resolve(name));
    assertTrue(text.contains(from), text);
    Path _ = Files.writeString(folder.resolve(name), text.replace(from, to));
  }

  @Test
  void generated_unedited_isWrittenAgain() throws Exception {
    assertEquals(Action.WRITTEN, write("azure.conf", Rule.GENERATED, "a = 1\n"));
    assertEquals(Action.UNCHANGED, write("azure.conf", Rule.GENERATED, "a = 1\n"));
    assertEquals(Action.WRITTEN, write("azure.conf", Rule.GENERATED, "a = 2\n"));
    assertEquals("a = 2\n", content("azure.conf"));
  }

  @Test
  void generated_edited_staysAndTheNewOneIsBesideIt() throws Exception {
    assertEquals(Action.WRITTEN, write("azure.conf", Rule.GENERATED, "a = 1\n"));
    edit("azure.conf", "a = 1", "a = 17 # mine");

    assertEquals(Action.KEPT, write("azure.conf", Rule.GENERATED, "a = 1\n"));
    assertFalse(Files.exists(folder.resolve("azure.conf.new")));
    assertEquals(Action.KEPT_BESIDE_NEW, write("azure.conf", Rule.GENERATED, "a = 2\n"));

    assertEquals("a = 17 # mine\n", content("azure.conf"));
    assertEquals("a = 2\n", content("azure.conf.new"));
    assertEquals(Action.KEPT_BESIDE_NEW, write("azure.conf", Rule.GENERATED, "a = 2\n"));
  }

  @Test
  void generated_whoseNewOneWasPutInItsPlace_isWrittenAgain() throws Exception {
    assertEquals(Action.WRITTEN, write("azure.conf", Rule.GENERATED, "a = 1\n"));
    edit("azure.conf", "a = 1", "a = 17");
    assertEquals(Action.KEPT_BESIDE_NEW, write("azure.conf", Rule.GENERATED, "a = 2\n"));
    Files.delete(folder.resolve("azure.conf"));
    Path _ = Files.move(folder.resolve("azure.conf.new"), folder.resolve("azure.conf"));

    assertEquals(Action.WRITTEN, write("azure.conf", Rule.GENERATED, "a = 3\n"));
  }

  @Test
  void generated_thatNoImportWrote_isLeftAlone() throws Exception {
    Path _ = Files.writeString(folder.resolve("azure.conf"), "mine = true\n");

    assertEquals(Action.KEPT_BESIDE_NEW, write("azure.conf", Rule.GENERATED, "a = 1\n"));

    assertEquals("mine = true\n", Files.readString(folder.resolve("azure.conf")));
  }

  @Test
  void secret_inAnyCase_isItsOwnersAlone() throws Exception {
    Path file = folder.resolve("azure.Cloud.secrets.conf");
    assertEquals(Action.WRITTEN, write("azure.Cloud.secrets.conf", Rule.SECRET, "k = 1\n"));
    assertEquals("rw-------", permissions(file));
    Path _ = Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertEquals(Action.UNCHANGED, write("azure.Cloud.secrets.conf", Rule.SECRET, "k = 1\n"));
    assertEquals("rw-------", permissions(file));
    edit("azure.Cloud.secrets.conf", "k = 1", "k = mine");
    assertEquals(Action.KEPT_BESIDE_NEW, write("azure.Cloud.secrets.conf", Rule.SECRET, "k = 2\n"));
    assertEquals("rw-------", permissions(folder.resolve("azure.Cloud.secrets.conf.new")));
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void solution_onceWritten_isYours() throws Exception {
    String text = "# yours\ninclude required(\"azure.Cloud.conf\")\n";
    assertEquals(Action.WRITTEN, write("solution.conf", Rule.ONCE, text));
    edit("solution.conf", "# yours", "roles.Web.instances = 7");

    assertEquals(Action.YOURS, write("solution.conf", Rule.ONCE, text));
    assertTrue(content("solution.conf").startsWith("roles.Web.instances = 7"));

    Path _ = Files.writeString(folder.resolve("solution.conf"), "roles {}\n");
    assertEquals(Action.FOREIGN, write("solution.conf", Rule.ONCE, text));
    assertEquals("roles {}\n", content("solution.conf"));
  }

  @Test
  void dryRun_writesNothing() throws Exception {
    ImportPlan plan =
        new ImportPlan(
            List.of(new PlannedFile("azure.conf", Rule.GENERATED, "a = 1\n")),
            List.of("Web"),
            NOTHING);

    assertEquals(
        List.of(new Done("Web/", Action.WRITTEN), new Done("azure.conf", Action.WRITTEN)),
        ImportFolder.write(plan, folder.resolve("not-there"), true));

    assertFalse(Files.exists(folder.resolve("not-there")));
  }
}
