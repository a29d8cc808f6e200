package io.rolehost.runtime.boot;

import io.rolehost.runtime.lifecycle.ExitCode;
import io.rolehost.runtime.lifecycle.HostState;
import io.rolehost.runtime.lifecycle.OnTimeout;
import io.rolehost.runtime.lifecycle.StopStep;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What goes on in a state, what comes next and when at the latest, and what the reader can do: for
 * people. Pure.
 *
 * @param now what goes on
 * @param next what comes, and when at the latest
 * @param help what the reader can do
 */
record Explanation(String now, String next, String help) {

  /**
   * What is known beside the state.
   *
   * @param instance the id, as commands take it
   * @param inState how long it has been in the state
   * @param startLimit how long {@code onStart} may take; empty = no limit, under a debugger
   * @param startOnTimeout what follows then
   * @param nanos the monotonic time
   */
  record Facts(
      String instance,
      Duration inState,
      Optional<Duration> startLimit,
      OnTimeout startOnTimeout,
      long nanos) {}

  /** Returns it as lines. */
  List<String> lines() {
    return List.of("now: " + now, "next: " + next, "you can: " + help);
  }

  static Explanation of(HostState state, Facts facts) {
    String logs = "read 'rolehost logs " + facts.instance() + "'";
    return switch (state) {
      case HostState.Booting _ ->
          new Explanation(
              "the configuration is read and the management plane comes up",
              "freeze check 1, within seconds",
              "wait; or " + logs);
      case HostState.Gate(int check, boolean held) -> held ? held(check) : asked(check, logs);
      case HostState.Preparing _ ->
          new Explanation(
              "startup tasks run, for " + seconds(facts.inState()) + " so far",
              "freeze check 2 once the simple ones are done; one that fails or runs past its limit"
                  + " refuses the start, exit code 75",
              "see which one runs in 'startupTasks' of GET /status; its output is in the log");
      case HostState.Starting _ ->
          new Explanation(
              "the role is built and onStart runs, for " + seconds(facts.inState()) + " so far",
              "freeze check 3 when onStart returns true; " + limit("onStart", facts),
              "see where it stands with GET /threads; or " + logs);
      case HostState.StartingApplication _ ->
          new Explanation(
              "onApplicationStart runs and the listeners open, for "
                  + seconds(facts.inState())
                  + " so far",
              "READY, and run; " + limit("onApplicationStart", facts),
              "see where it stands with GET /threads; or " + logs);
      case HostState.Running(boolean busy, boolean suspect, _) -> running(busy, suspect, facts);
      case HostState.Draining(var stop) ->
          new Explanation(
              "traffic is to go elsewhere, and what still comes is served, for "
                  + seconds(facts.inState())
                  + " so far",
              "the listeners close in "
                  + seconds(left(stop.ledger().drainEnd(), facts))
                  + " at the latest, sooner when nothing comes any more; "
                  + gone(stop, facts),
              "cut the rest to 1 s with a second signal, 2 s after the first");
      case HostState.Stopping(var stop, var step) ->
          new Explanation(
              "step "
                  + (List.of(StopStep.values()).indexOf(step) + 1)
                  + " of "
                  + StopStep.values().length
                  + " of the stop: "
                  + words(step)
                  + ", for "
                  + seconds(facts.inState())
                  + " so far",
              (step == StopStep.LEAVE ? "" : "then " + words(step.next()) + "; ")
                  + gone(stop, facts),
              "see what it waits for with GET /threads, later with 'rolehost analyze stop "
                  + facts.instance()
                  + "'; cut the rest to 1 s with a second signal");
      case HostState.Killing(int code, var why, var reason) ->
          new Explanation(
              "what is known of the end is written down, because: " + why,
              "the process is halted within 2 s, "
                  + code(code)
                  + ", reason "
                  + reason
                  + "; whoever supervises it starts the next one",
              "read the log, and the newest folder in incidents/ of the state directory");
      case HostState.Ended(var stop) ->
          new Explanation(
              "all is done and the process exits, because: " + stop.cause().text(),
              code(stop.code()) + "; whoever supervises it decides whether it starts again",
              "see what the stop waited for with 'rolehost analyze stop " + facts.instance() + "'");
    };
  }

  private static Explanation asked(int check, String logs) {
    return new Explanation(
        "the freeze sources are asked, check " + check + " of 3",
        (check == 1
                ? "startup tasks"
                : check == 2 ? "the role is built and started" : "the listeners and run")
            + " if nothing is frozen, else it is held here",
        "wait; or " + logs);
  }

  private static Explanation held(int check) {
    return new Explanation(
        "a freeze holds it at check "
            + check
            + " of 3: "
            + switch (check) {
              case 1 -> "no startup task has run and no class of the role is loaded";
              case 2 -> "startup tasks have run and no class of the role is loaded";
              default -> "onStart has returned true and the listeners are closed";
            },
        "it goes on from here, within a second, when the freeze ends; a stop "
            + (check == 3 ? "is a whole one, with onStop" : "ends it at once, exit code 0"),
        "end the freeze with 'rolehost unfreeze', or wait for its end where it has one");
  }

  private static Explanation running(boolean busy, boolean suspect, Facts facts) {
    String restart = "'rolehost task restart " + facts.instance() + " TASK'";
    String stands = "a task stands still for longer than its soft limit";
    String hard =
        "a task that stands still up to its hard limit is dumped, cancelled and restarted";
    if (busy) {
      return new Explanation(
          "run runs, but the role or a task that gates readiness says that it takes no work"
              + (suspect ? "; " + stands : ""),
          "ready again when the reasons above are gone; a busy lease ends by its own limit"
              + (suspect ? "; " + hard : ""),
          "restart a task that is down with "
              + restart
              + ", or see where it stands with GET /threads");
    }
    return suspect
        ? new Explanation(
            "run runs and takes work, but " + stands,
            hard,
            "see where it stands with GET /threads, or restart it with " + restart)
        : new Explanation(
            "run runs and takes work",
            "nothing, until a stop or a recycle is asked for, or something fails",
            "leave it alone");
  }

  private static String limit(String what, Facts facts) {
    return facts
        .startLimit()
        .map(limit ->
            what
                + " has "
                + seconds(limit.minus(facts.inState()))
                + " left of "
                + seconds(limit)
                + ", then "
                + switch (facts.startOnTimeout()) {
                  case TERMINATE -> "a stop in order";
                  case DUMP_THEN_KILL -> "a thread dump";
                  case KILL -> "a halt";
                }
                + " and exit code 81")
        .orElse("no limit, for a debugger is attached");
  }

  private static String gone(HostState.Stop stop, Facts facts) {
    return "the process is gone in "
        + seconds(left(stop.ledger().deadline(), facts))
        + " at the latest, "
        + code(stop.code())
        + ", or 84 if it has to be forced";
  }

  private static String code(int code) {
    return "exit code " + code + " (" + ExitCode.meaning(code) + ")";
  }

  private static Duration left(long at, Facts facts) {
    return Duration.ofNanos(at - facts.nanos());
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", Math.max(0, time.toMillis()) / 1000.0);
  }

  /** Returns what is done in a step. */
  static String words(StopStep step) {
    return switch (step) {
      case STARTUP_TASKS -> "startup tasks that still run are ended";
      case START -> "a start that still runs is waited for";
      case LISTENERS -> "the listeners close and what is in flight ends";
      case APPLICATION_END -> "onApplicationEnd runs";
      case ON_STOP -> "onStop runs";
      case WORK -> "run and the tasks leave";
      case FOREGROUND -> "foreground startup tasks end";
      case RESOURCES -> "what closeOnStop holds is closed";
      case LEAVE -> "logs are flushed and the process exits";
    };
  }
}
