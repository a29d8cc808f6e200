package io.rolehost.node;

import io.rolehost.node.machine.InstanceState;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What an instance does in its state, what comes next and when, and what the reader can do: for
 * people. What its process itself says is told by the process. Pure.
 *
 * @param now what goes on
 * @param next what comes, and when
 * @param help what the reader can do
 */
record NodeExplanation(String now, String next, String help) {

  /**
   * What is known beside the state.
   *
   * @param instance the id, as commands take it
   * @param reported the state that its process says; empty = it has not said one
   * @param starts how many starts there were
   * @param left until it is killed, or started
   * @param waitsFor the roles that have to be ready before it starts
   * @param frozen whether a freeze covers it
   */
  record Facts(
      String instance,
      String reported,
      long starts,
      Duration left,
      List<String> waitsFor,
      boolean frozen) {}

  /** Returns it as lines. */
  List<String> lines() {
    return List.of("now: " + now, "next: " + next, "you can: " + help);
  }

  static NodeExplanation of(InstanceState state, Facts facts) {
    String restart = "'rolehost restart " + facts.instance() + "'";
    String logs = "'rolehost logs " + facts.instance() + "'";
    String roles = String.join(", ", facts.waitsFor());
    return switch (state) {
      case InstanceState.Created _ ->
          new NodeExplanation(
              "it has no process and was not started yet",
              roles.isEmpty()
                  ? "its start, in its turn"
                  : "its start when these roles are ready: " + roles,
              roles.isEmpty() ? "wait" : "look why they are not with 'rolehost explain ROLE'");
      case InstanceState.Starting _ ->
          facts.reported().equals("HELD")
              ? new NodeExplanation(
                  "its process lives and is held by a freeze",
                  "it goes on within a second when the freeze ends",
                  "end the freeze with 'rolehost unfreeze', or wait for its end where it has one")
              : new NodeExplanation(
                  "its process lives and was not ready yet" + says(facts),
                  "ready, or an end, which is followed by a new start after a pause",
                  "read what it prints with " + logs);
      case InstanceState.Up(boolean ready, _, boolean stable) ->
          ready ? ready(facts, stable) : notReady(facts, restart);
      case InstanceState.Stopping(_, InstanceState.Then then) ->
          new NodeExplanation(
              "its process was told to end" + says(facts),
              "it is killed in "
                  + seconds(facts.left())
                  + " if it has not ended by then; "
                  + switch (then) {
                    case STOP -> "after that it is not started again";
                    case RESTART ->
                        facts.frozen()
                            ? "the next start waits for the end of the freeze"
                            : "then comes start #" + (facts.starts() + 1);
                  },
              "see later what it waited for with 'rolehost analyze stop " + facts.instance() + "'");
      case InstanceState.BackingOff _ ->
          new NodeExplanation(
              "it has no process; after an unclean end there is a pause, which grows with each",
              "start #"
                  + (facts.starts() + 1)
                  + (roles.isEmpty()
                      ? " in " + seconds(facts.left())
                      : " when these roles are ready: " + roles),
              "read what it printed with " + logs + "; start it now with " + restart);
      case InstanceState.Frozen _ ->
          new NodeExplanation(
              "it has no process, and a freeze keeps it from being started",
              "start #" + (facts.starts() + 1) + " within a second when the freeze ends",
              "end the freeze with 'rolehost unfreeze', or wait for its end where it has one");
      case InstanceState.Stopped _ ->
          new NodeExplanation(
              "it has no process: it ended as it should",
              "nothing, until somebody asks for it",
              "start it with " + restart);
      case InstanceState.Gone _ ->
          new NodeExplanation(
              "it has no process and was given up: another start does not help",
              "nothing, until somebody asks for it",
              "mend what the cause above names, then start it with "
                  + restart
                  + ", or with 'rolehost deploy' after a change of the solution");
    };
  }

  private static NodeExplanation ready(Facts facts, boolean stable) {
    return new NodeExplanation(
        "it takes work"
            + says(facts)
            + (stable ? "" : "; its earlier failures count until it has been ready for a while"),
        facts.frozen()
            ? "it goes on working; its next start waits for the end of the freeze"
            : "nothing, until something fails or somebody asks for a stop",
        facts.frozen() ? "end the freeze with 'rolehost unfreeze'" : "leave it alone");
  }

  private static NodeExplanation notReady(Facts facts, String restart) {
    return new NodeExplanation(
        "its process was ready before and is not now" + says(facts),
        "ready when the reason is gone; it is not restarted for that alone",
        "start it anew with " + restart);
  }

  private static String says(Facts facts) {
    return facts.reported().isEmpty() ? "" : "; it says " + facts.reported();
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", Math.max(0, time.toMillis()) / 1000.0);
  }
}
