package io.rolehost.cli;

import io.rolehost.node.journal.JournalCheck;
import io.rolehost.node.journal.NodeJournal;
import io.rolehost.node.journal.Replay;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rolehost verify-journal}. */
@Command(
    name = "verify-journal",
    description = {
      "Takes every step in the node's journals again and says where one does not follow, or where"
          + " a line was changed. Also looks through the journals of the role hosts.",
      "Ends with 0 if all follows, and with 70 if not. Changes nothing; a node may run."
    })
final class VerifyJournalCommand implements Callable<Integer> {

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    // Before the files are read: what the node has done by now is in them.
    Map<String, NodeJournal.Recorded> lives = lives();
    List<JournalCheck.Checked> all = JournalCheck.all(place.stateDir(), lives);
    if (all.isEmpty()) {
      throw new Refused(
          Failures.TRY_AGAIN,
          "There is no journal in " + place.stateDir().resolve("journal") + ": nothing ran there");
    }
    boolean whole = all.stream().allMatch(JournalCheck.Checked::isWhole);
    if (json) {
      place.printJson(
          Map.of(
              "whole", whole, "journals", all.stream().map(VerifyJournalCommand::values).toList()));
    } else {
      all.forEach(this::print);
    }
    return whole ? 0 : Failures.FAILED;
  }

  private Map<String, NodeJournal.Recorded> lives() throws IOException, Refused {
    Map<String, NodeJournal.Recorded> lives = new HashMap<>();
    if (!place.node().isUp()) {
      return lives;
    }
    if (place.ask("lives", Map.of()).get("lives") instanceof Map<?, ?> found) {
      found.forEach((instance, recorded) -> {
        if (recorded instanceof Map<?, ?> values
            && values.get("sequence") instanceof Number sequence
            && values.get("life") instanceof Map<?, ?> life) {
          Map<String, Object> copy = new HashMap<>();
          life.forEach((key, value) -> copy.put(String.valueOf(key), value));
          lives.put(String.valueOf(instance), new NodeJournal.Recorded(sequence.longValue(), copy));
        }
      });
    }
    return lives;
  }

  private void print(JournalCheck.Checked checked) {
    Replay.Result result = checked.result();
    place.print(
        (checked.isWhole() ? "ok    " : "FAIL  ")
            + checked.journal()
            + ": "
            + result.lines()
            + " lines, "
            + result.steps()
            + " steps"
            + checked
                .lifeIsLive()
                .map(same ->
                    same
                        ? ", and the node is where they lead"
                        : "; the running node is NOT where they lead")
                .orElse(""));
    for (Replay.Problem problem : result.problems()) {
      place.print("      " + problem.file() + ":" + problem.line() + ": " + problem.text());
    }
    result.notes().forEach(note -> place.print("      " + note));
  }

  private static Map<String, Object> values(JournalCheck.Checked checked) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("journal", checked.journal());
    values.put("whole", checked.isWhole());
    values.put("lines", checked.result().lines());
    values.put("steps", checked.result().steps());
    checked.lifeIsLive().ifPresent(same -> values.put("lifeIsLive", same));
    List<Map<String, Object>> problems = new ArrayList<>();
    for (Replay.Problem problem : checked.result().problems()) {
      problems.add(Map.of("file", problem.file(), "line", problem.line(), "text", problem.text()));
    }
    values.put("problems", problems);
    values.put("notes", checked.result().notes());
    return values;
  }
}
