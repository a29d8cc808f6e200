package io.rolehost.node;

import io.rolehost.node.machine.InstanceState;
import io.rolehost.runtime.readiness.Verdict;
import io.rolehost.runtime.readiness.Verdict.Reason;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a node is ready: it is not asked to stop, and each instance that is wanted is ready.
 * Pure.
 */
final class NodeReadiness {
  private static final String READY = "ready";

  private NodeReadiness() {}

  /**
   * An instance, as of now.
   *
   * @param word one of the six words that tables show
   * @param why it is not ready; if it is, empty or what will keep its next start back
   */
  record Part(String instance, InstanceState state, String word, String why) {}

  /** Returns one reason for each instance, in their order, after that of a stop. */
  static Verdict verdict(boolean stopping, List<Part> instances) {
    List<Reason> reasons = new ArrayList<>();
    if (stopping) {
      reasons.add(new Reason(false, "node", "stopping"));
    }
    for (Part part : instances) {
      reasons.add(reason(part));
    }
    return new Verdict(reasons.stream().allMatch(Reason::ok), reasons);
  }

  private static Reason reason(Part part) {
    if (part.word().equals(READY)) {
      return new Reason(true, part.instance(), part.why());
    }
    if (!isWanted(part.state())) {
      return new Reason(true, part.instance(), "not wanted any more, " + part.why());
    }
    String why = part.why();
    boolean said = why.startsWith(part.word()); // "starting" needs no "starting: " before it
    return new Reason(
        false,
        part.instance(),
        why.isEmpty() ? part.word() : said ? why : part.word() + ": " + why);
  }

  /** What has done its work, or leaves because there are to be fewer, keeps nobody waiting. */
  private static boolean isWanted(InstanceState state) {
    return switch (state) {
      case InstanceState.Stopped _ -> false;
      case InstanceState.Stopping(long _, InstanceState.Then then) ->
          then == InstanceState.Then.RESTART;
      case InstanceState.Created _,
          InstanceState.Starting _,
          InstanceState.Up _,
          InstanceState.BackingOff _,
          InstanceState.Frozen _,
          InstanceState.Gone _ ->
          true;
    };
  }
}
