package io.rolehost.node.journal;

import io.rolehost.runtime.journal.JournalReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Checks all journals of a state directory, those of the node and those of the role hosts. */
public final class JournalCheck {

  private JournalCheck() {}

  /**
   * What came out for one journal.
   *
   * @param lifeIsLive whether what the journal leads to is what the running node has; empty where
   *     none was asked for
   */
  public record Checked(String journal, Replay.Result result, Optional<Boolean> lifeIsLive) {

    /** Returns whether all follows. */
    public boolean isWhole() {
      return result.problems().isEmpty() && lifeIsLive.orElse(true);
    }
  }

  /**
   * Reads and checks them.
   *
   * @param lives what a running node has, by instance; none where no node runs. Asked for before
   *     the journals are read
   * @throws IOException if a journal can't be read
   */
  public static List<Checked> all(Path stateDir, Map<String, NodeJournal.Recorded> lives)
      throws IOException {
    List<Checked> all = new ArrayList<>();
    for (String journal : JournalReader.names(stateDir)) {
      Optional<NodeJournal.Recorded> live =
          JournalReader.instanceOfNode(journal)
              .map(lives::get)
              .filter(recorded -> recorded.sequence() > 0);
      Replay replay =
          new Replay(
              journal,
              live.map(recorded -> OptionalLong.of(recorded.sequence()))
                  .orElse(OptionalLong.empty()));
      JournalReader.read(stateDir, journal, replay::take);
      all.add(
          new Checked(
              journal,
              replay.result(),
              live.map(recorded ->
                  replay.life().map(found -> Replay.same(found, recorded.life())).orElse(false))));
    }
    return all;
  }
}
