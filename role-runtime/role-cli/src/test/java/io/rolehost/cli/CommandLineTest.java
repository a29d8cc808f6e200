package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class CommandLineTest {

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "stauts",
        "up a.conf b.conf",
        "up --no-such-option",
        "run",
        "new",
        "new Not_A_Name",
        "restart",
        "scale web",
        "scale web many",
        "rollback",
        "swap --to x",
        "stop --grace soon",
        "stop --wait --timeout soon",
        "deploy --wait --timeout soon",
        "man stauts",
        "task restart worker_IN_0",
        "task kick worker_IN_0 import",
        "jobs",
        "jobs queus",
        "jobs dead",
        "jobs redrive photos",
        "jobs redrive photos --all a",
        "jobs list --state lost",
        "simulate --works soon",
        "simulate --budget many",
        "logs --lines many",
        "freeze",
        "freeze machine:7 --reason x",
        "status --state-dir"
      })
  void commandLine_thatIsWrong_ends64WithASentenceAndAHint(String words) {
    Said said = Said.by(words.isEmpty() ? new String[0] : words.split(" ", -1));

    assertAll(
        () -> assertEquals(64, said.code(), said.err()),
        () -> assertEquals("", said.out()),
        () -> assertTrue(said.err().contains("--help"), said.err()),
        () -> assertFalse(said.err().contains("\tat "), said.err()));
  }

  /** Those that run roles print what the roles do; a shell reads what completion prints. */
  @Test
  void everyVerb_butThoseThatRunRoles_takesJson() {
    List<String> without =
        RoleHostCommand.commandLine().getSubcommands().entrySet().stream()
            .filter(verb -> verb.getValue().getCommandSpec().findOption("--json") == null)
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    assertEquals(List.of("completion", "run", "up"), without);
  }

  @Test
  void help_thatIsNoTerminals_hasNoColour() {
    assertFalse(Said.by("--help").out().contains("\u001b"));
    assertFalse(Said.by("status", "--help").out().contains("\u001b"));
  }

  @Test
  void completion_inBash_knowsVerbsAndOptions() throws Exception {
    Path bash = Path.of("/bin/bash");
    assumeTrue(Files.isExecutable(bash), "bash is not installed here");
    Said said = Said.by("completion", "bash");
    assertEquals(0, said.code(), said.err());
    Path script = Files.writeString(folder.resolve("completion"), said.out());
    assertEquals("status stop", completed(bash, script, "rolehost", "st"));
    assertEquals(
        "--timeout-start --timeout-stop --timer",
        completed(bash, script, "rolehost", "systemd", "--time"));
    assertEquals(64, Said.by("completion", "fish").code());
  }

  /** Every verb and every option, as the shell is given them. */
  @Test
  void completion_inBash_knowsEachVerbAndEachOption() throws Exception {
    Path bash = Path.of("/bin/bash");
    assumeTrue(Files.isExecutable(bash), "bash is not installed here");
    Path script =
        Files.writeString(folder.resolve("completion"), Said.by("completion", "bash").out());
    CommandLine root = RoleHostCommand.commandLine();
    StringBuilder asked = new StringBuilder("source " + script + "\n" + ASK);
    List<String> wanted = new ArrayList<>();
    wanted.add(String.join(" ", new TreeSet<>(root.getSubcommands().keySet())));
    asked.append("ask rolehost ''\n");
    root.getSubcommands()
        .forEach((name, verb) -> {
          asked.append("ask rolehost ").append(name).append(" -\n");
          TreeSet<String> options = new TreeSet<>();
          for (OptionSpec option : verb.getCommandSpec().options()) {
            options.addAll(List.of(option.names()));
          }
          wanted.add(String.join(" ", options));
        });
    assertEquals(wanted, bash(bash, asked.toString()).lines().toList());
  }

  @Test
  void completion_inBash_knowsInstancesRolesScopesAndWords() throws Exception {
    Path bash = Path.of("/bin/bash");
    assumeTrue(Files.isExecutable(bash), "bash is not installed here");
    Path script =
        Files.writeString(folder.resolve("completion"), Said.by("completion", "bash").out());
    Path state = stateWithNames();
    assertEquals(
        """
        web web_IN_0 web_IN_1 worker worker_IN_0
        worker worker_IN_0
        web_IN_0 web_IN_1 worker_IN_0
        web worker
        web worker
        start stop
        web_IN_0 web_IN_1
        deployment: instance: instance:web_IN_0 instance:web_IN_1 instance:worker_IN_0 role: role:web role:worker
        web worker
        web_IN_0 web_IN_1
        bash zsh
        """,
        bash(
            bash,
            "source "
                + script
                + "\n"
                + ASK
                + "export ROLEHOST_STATE_DIR="
                + state
                + "\n"
                + """
                ask rolehost explain ''
                ask rolehost restart wo
                ask rolehost task restart ''
                ask rolehost deploy ''
                ask rolehost scale --timeout 5m ''
                ask rolehost analyze ''
                ask rolehost analyze stop web_
                ask rolehost freeze --reason x ''
                ask rolehost freeze role : w
                ask rolehost freeze instance : web
                ask rolehost completion ''
                """));
  }

  /** Answers a line with what may stand in place of the last word. */
  private static final String ASK =
      """
      compopt() { :; } # a shell that completes has it
      ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _rolehost_complete; echo "${COMPREPLY[@]}" | tr ' ' '\\n' | sort -u | tr '\\n' ' ' | sed 's/^ *//; s/ *$//'; echo; }
      """;

  private static String bash(Path bash, String commands) throws Exception {
    Process shell =
        new ProcessBuilder(bash.toString(), "-c", commands)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private Path stateWithNames() throws IOException {
    Path journal = Files.createDirectories(folder.resolve("state/journal"));
    for (String name : List.of("web_IN_0.node", "web_IN_0", "web_IN_1.node", "worker_IN_0")) {
      var _ = Files.createFile(journal.resolve(name + ".jsonl"));
    }
    return folder.resolve("state");
  }

  /** By keys that are typed at a real zsh, which has a terminal by a module of its own. */
  @Test
  void completion_inZsh_completesWhatIsTyped() throws Exception {
    Optional<Path> zsh =
        Stream.of("/bin/zsh", "/usr/bin/zsh").map(Path::of).filter(Files::isExecutable).findFirst();
    assumeTrue(zsh.isPresent(), "zsh is not installed here");
    Path script =
        Files.writeString(folder.resolve("completion"), Said.by("completion", "zsh").out());
    Path keys =
        Files.writeString(
            folder.resolve("keys.zsh"),
            """
            zmodload zsh/zpty
            zpty shell "TERM=dumb zsh -f -i"
            zpty -w shell "rolehost() { print -r -- \\"<\\${(j:,:)@}>\\" }; source $1; print ready-\\$((1 + 1))"
            zpty -r shell said '*ready-2*'
            zpty -w -n shell $'rolehost syst\\t\\n'
            zpty -r shell said '*<*>*'
            print -r -- "${said##*<}"
            zpty -w -n shell $'rolehost stat\\t--js\\t\\n'
            zpty -r shell said '*<*>*'
            print -r -- "${said##*<}"
            zpty -w -n shell $'rolehost logs web\t_IN_1\t\n'
            zpty -r shell said '*<*>*'
            print -r -- "${said##*<}"
            zpty -w -n shell $'rolehost freeze role:wo\t\n'
            zpty -r shell said '*<*>*'
            print -r -- "${said##*<}"
            zpty -d shell
            """);
    ProcessBuilder shell =
        new ProcessBuilder(zsh.get().toString(), "-f", keys.toString(), script.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("typed").toFile());
    shell.environment().put("ROLEHOST_STATE_DIR", stateWithNames().toString());
    Process typing = shell.start();
    try {
      assertTrue(typing.waitFor(60, TimeUnit.SECONDS), "zsh hangs");
    } finally {
      typing.descendants().forEach(ProcessHandle::destroyForcibly);
      typing.destroyForcibly();
    }
    assertEquals(
        List.of("systemd>", "status,--json>", "logs,web_IN_1>", "freeze,role:worker>"),
        Files.readAllLines(folder.resolve("typed")).stream().map(String::strip).toList());
  }

  private static String completed(Path bash, Path script, String... words) throws Exception {
    String ask =
        "source "
            + script
            + "; COMP_WORDS=("
            + String.join(" ", words)
            + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _complete_rolehost; echo ${COMPREPLY[@]}";
    Process shell = new ProcessBuilder(bash.toString(), "-c", ask).start();
    String answer = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return String.join(" ", new TreeSet<>(List.of(answer.strip().split(" ", -1))));
  }

  @Test
  void verb_thatIsMistyped_isToldTheNearest() {
    assertTrue(Said.by("statsu").err().startsWith("'rolehost' has no verb 'statsu'; did you mean"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "up",
        "run",
        "new",
        "status",
        "explain",
        "logs",
        "events",
        "restart",
        "deploy",
        "rollback",
        "scale",
        "swap",
        "stop",
        "task",
        "simulate",
        "doctor",
        "freeze",
        "unfreeze",
        "thaw",
        "analyze",
        "man",
        "verify-journal",
        "version"
      })
  void help_ofEachVerb_isPrintedUnderItsOwnName(String verb) {
    Said said = Said.by(verb, "--help");

    assertAll(
        () -> assertEquals(0, said.code()),
        () ->
            assertTrue(
                said.out()
                    .startsWith("Usage: rolehost " + (verb.equals("thaw") ? "unfreeze" : verb)),
                said.out()));
  }

  @Test
  void readingVerbs_whereNothingRuns_saySoAndEnd75() {
    for (String verb : List.of("status", "explain", "events", "logs", "stop")) {
      Said said = Said.by(verb, "--state-dir", folder.toString());

      assertAll(
          verb,
          () -> assertEquals(75, said.code()),
          () -> assertTrue(said.err().contains(folder.toString()), said.err()),
          () -> assertEquals(1, said.err().lines().count(), said.err()));
    }
  }

  @Test
  void freeze_inAFolderWithOtherFiles_refuses() throws IOException {
    Files.writeString(folder.resolve("letter.txt"), "not a state directory");

    Said said = Said.by("freeze", "--reason", "incident 7", "--state-dir", folder.toString());

    assertAll(
        () -> assertEquals(64, said.code()),
        () -> assertFalse(Files.exists(folder.resolve("freeze.conf"))));
  }

  @Test
  void freezeAndThaw_inAStateDirectory_writeTheFile() throws IOException {
    Files.createDirectory(folder.resolve("run"));
    String place = folder.toString();

    Said frozen =
        Said.by(
            "freeze", "role:web", "--reason", "incident 7", "--owner", "ann", "--state-dir", place);
    String file = Files.readString(folder.resolve("freeze.conf"));
    Said thawed = Said.by("thaw", "--state-dir", place);

    assertAll(
        () -> assertEquals(0, frozen.code(), frozen.err()),
        () -> assertTrue(file.contains("incident 7") && file.contains("role:web"), file),
        () -> assertEquals(0, thawed.code(), thawed.err()),
        () -> assertTrue(thawed.out().startsWith("Ended: role:web by ann"), thawed.out()),
        () -> assertFalse(Files.readString(folder.resolve("freeze.conf")).contains("incident 7")));
  }

  @Test
  void solution_thatIsWrong_ends78WithAllProblems() throws IOException {
    Path file = folder.resolve("solution.conf");
    Files.writeString(file, "roles {\n  web { jar = no.jar }\n  b { jam = 1 }\n}\n");

    Said said = Said.by("up", file.toString(), "--state-dir", folder.resolve("s").toString());

    assertAll(
        () -> assertEquals(78, said.code()),
        () -> assertTrue(said.err().contains(file + ":2: the jar of role 'web'"), said.err()),
        () -> assertTrue(said.err().contains("unknown key 'jam'"), said.err()));
  }

  @Test
  void up_withoutAFile_takesThatOfTheFolderElseTheSamples() throws IOException {
    Path samples = Path.of("/opt/rolehost/sample-roles/solution.conf");
    assertEquals(samples, UpCommand.choose(null, folder, "/opt/rolehost"));

    Path here = Files.writeString(folder.resolve("solution.conf"), "roles {}");
    assertEquals(here, UpCommand.choose(null, folder, "/opt/rolehost"));
    assertEquals(folder.resolve("b.conf"), UpCommand.choose(Path.of("b.conf"), folder, "/opt"));
  }

  @Test
  void stateDirectory_isOptionElseVariableElseSystemdsElseHere() {
    Path here = Path.of("/work/here");
    Map<String, String> both =
        Map.of("ROLEHOST_STATE_DIR", "own", "STATE_DIRECTORY", "/var/lib/a:/var/lib/b");

    assertEquals(here.resolve("given"), StateDirectory.of(Path.of("given"), both, here));
    assertEquals(here.resolve("own"), StateDirectory.of(null, both, here));
    assertEquals(
        Path.of("/var/lib/a"),
        StateDirectory.of(null, Map.of("STATE_DIRECTORY", "/var/lib/a:/var/lib/b"), here));
    assertEquals(here.resolve(".rolehost"), StateDirectory.of(null, Map.of(), here));
  }
}
