package io.rolehost.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

final class ManPageTest {

  @TempDir Path folder;

  private static void collect(Map<String, CommandLine> all, String name, CommandLine command) {
    all.put(name, command);
    command
        .getSubcommands()
        .forEach((sub, below) -> {
          if (!sub.equals("thaw")) { // another name of unfreeze
            collect(all, name + "-" + sub, below);
          }
        });
  }

  @Test
  void pages_ofAllVerbs_areWrittenIntoAFolder() throws IOException {
    Map<String, CommandLine> all = new TreeMap<>();
    collect(all, "rolehost", RoleHostCommand.commandLine());
    Path output = folder.resolve("made/man1");

    Said said = Said.by("man", "--output", output.toString());

    assertEquals(0, said.code(), said.err());
    assertEquals(all.size() + " pages are in " + output + "\n", said.out());
    try (var files = Files.list(output)) {
      assertEquals(
          new TreeSet<>(all.keySet().stream().map(name -> name + ".1").toList()),
          new TreeSet<>(files.map(file -> String.valueOf(file.getFileName())).toList()));
    }
    assertEquals(
        Files.readString(output.resolve("rolehost-jobs-dead.1")),
        Said.by("man", "jobs", "dead").out());
  }

  @Test
  void verb_thatIsNone_isRefused() {
    Said said = Said.by("man", "stauts");
    assertEquals(64, said.code());
    assertTrue(said.err().startsWith("there is no verb 'stauts'"), said.err());
  }

  @Test
  void text_withWhatManReadsOtherwise_isEscaped() {
    assertEquals("\\&.conf a\\-b \\(aqx\\(aq \\e \\[u2026]", ManPage.escaped(".conf a-b 'x' \\ …"));
  }

  /** With the man of this machine, which warns of what it does not understand. */
  @Test
  void page_ofEachVerb_isCleanAndHasEachOption() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/man")), "man is not installed here");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/groff")), "groff is not installed here");
    Map<String, CommandLine> all = new TreeMap<>();
    collect(all, "rolehost", RoleHostCommand.commandLine());
    assertEquals(0, Said.by("man", "--output", folder.toString()).code());
    List<String> command =
        new ArrayList<>(List.of("man", "--warnings", "-E", "UTF-8", "-Tutf8", "-l"));
    all.keySet().forEach(name -> command.add(name + ".1"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile());
    builder
        .environment()
        .putAll(Map.of("MANPAGER", "cat", "MANWIDTH", "10000", "LC_ALL", "C.UTF-8"));
    Process man = builder.start();
    assertTrue(man.waitFor(120, TimeUnit.SECONDS), "man hangs");
    assertEquals("", Files.readString(folder.resolve("err")));
    assertEquals(0, man.exitValue());
    // Bold is a letter struck over itself, or an escape.
    String text =
        Files.readString(folder.resolve("out"), UTF_8)
            .replaceAll(".\b", "")
            .replaceAll("\u001b\\[[0-9;]*m", "");
    String[] pages = text.split("(?m)^NAME$", -1);
    assertEquals(all.size(), pages.length - 1);
    int page = 1;
    for (Map.Entry<String, CommandLine> verb : all.entrySet()) {
      for (OptionSpec option : verb.getValue().getCommandSpec().options()) {
        assertTrue(pages[page].contains(option.longestName()), verb.getKey() + " " + pages[page]);
      }
      assertTrue(
          pages[page].strip().replaceAll("\\s+", " ").startsWith(verb.getKey() + " - "),
          pages[page]);
      page++;
    }
  }
}
