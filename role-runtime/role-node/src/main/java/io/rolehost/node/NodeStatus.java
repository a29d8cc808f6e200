package io.rolehost.node;

import io.rolehost.node.journal.NodeJournal;
import io.rolehost.node.machine.End;
import io.rolehost.node.machine.ExitCodes;
import io.rolehost.node.machine.InstanceLife;
import io.rolehost.node.machine.InstanceState;
import io.rolehost.node.process.Child;
import io.rolehost.node.solution.NodeSettings;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Turns what a node knows into values that are JSON, and into sentences. */
final class NodeStatus {
  private final Node node;

  NodeStatus(Node node) {
    this.node = node;
  }

  /** Returns the node and all its instances. */
  Map<String, Object> status() {
    return status(_ -> true);
  }

  /** Returns the node and the instances of some ids. */
  Map<String, Object> status(Predicate<String> ids) {
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("pid", ProcessHandle.current().pid());
    about.put("deployment", node.solution().node().deployment());
    about.put("profile", node.solution().node().profile().key());
    about.put("stateDir", node.solution().node().stateDir().toString());
    node.solution().file().ifPresent(file -> about.put("solution", file.toString()));
    about.put("since", node.startedAt().toString());
    about.put("stopping", node.isStopping());
    if (node.managementPort() > 0) {
      about.put("managementPort", node.managementPort());
      about.put("managementUrl", url(node.solution().node().management(), node.managementPort()));
    }
    node.underWay().ifPresent(what -> about.put("underWay", what));
    List<Map<String, Object>> instances = new ArrayList<>();
    for (Supervised instance : node.instances()) {
      if (ids.test(instance.id())) {
        instances.add(status(instance));
      }
    }
    return Map.of("node", about, "instances", instances);
  }

  /** Returns where the plane is asked on this machine, or at the one address it listens on. */
  static String url(NodeSettings.Management management, int port) {
    String host = management.host();
    if (host.equals("0.0.0.0") || host.equals("::")) {
      host = "localhost";
    }
    return (management.tls().isPresent() ? "https://" : "http://")
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + port
        + "/";
  }

  private Map<String, Object> status(Supervised instance) {
    InstanceLife life = instance.life();
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("instance", instance.id());
    values.put("role", instance.role().name());
    values.put("deployment", node.solution().node().deployment());
    values.put("state", instance.stateName());
    values.put("word", instance.word());
    values.put("since", instance.since().toString());
    values.put("incarnation", life.incarnation());
    values.put("failures", life.failures());
    values.put("release", instance.release().id());
    values.put("roleHost", instance.role().roleHost());
    values.put("why", why(instance));
    instance.child().map(Child::pid).ifPresent(pid -> values.put("pid", pid));
    node.standby(instance).ifPresent(pid -> values.put("standbyPid", pid));
    if (instance.reported().port() > 0) {
      values.put("managementPort", instance.reported().port());
    }
    if (life.state() instanceof InstanceState.BackingOff(long due)) {
      values.put("nextStartInMillis", node.until(due).toMillis());
    }
    values.put("freezes", life.freezes());
    life.lastEnd().ifPresent(end -> values.put("lastEnd", lastEnd(instance, end)));
    values.put("ends", instance.ends().newestFirst());
    instance.journal().problem().ifPresent(problem -> values.put("problem", problem));
    return values;
  }

  /** Returns the life of each instance as its journal has it, and in which line. */
  Map<String, Object> lives() {
    Map<String, Object> lives = new LinkedHashMap<>();
    for (Supervised instance : node.instances()) {
      NodeJournal.Recorded recorded = instance.journal().recorded();
      lives.put(instance.id(), Map.of("sequence", recorded.sequence(), "life", recorded.life()));
    }
    return Map.of("lives", lives);
  }

  private static Map<String, Object> lastEnd(Supervised instance, End end) {
    return Map.of(
        "incarnation", end.incarnation(),
        "code", end.code(),
        "meaning", ExitCodes.meaning(instance.rules(), end.code()),
        "livedMillis", end.lived().toMillis(),
        "asked", end.asked());
  }

  /** Returns why an instance is not ready; empty if it is. */
  String why(Supervised instance) {
    InstanceLife life = instance.life();
    String frozen = "frozen: " + String.join("; ", life.freezes());
    return switch (life.state()) {
      case InstanceState.Created _ -> {
        List<String> roles = node.waitsFor(instance);
        yield roles.isEmpty() ? "not started yet" : "waits for " + String.join(", ", roles);
      }
      case InstanceState.Starting _ ->
          instance.reported().reason().isEmpty() ? "starting" : instance.reported().reason();
      case InstanceState.Up(boolean ready, _, _) ->
          ready
              ? life.freezes().isEmpty() ? "" : "the next start is frozen: " + frozen.substring(8)
              : instance.reported().reason();
      case InstanceState.Stopping(long killAt, InstanceState.Then then) ->
          (then == InstanceState.Then.RESTART ? "restarting, as asked" : "stopping, as asked")
              + by(instance)
              + ", killed in "
              + seconds(node.until(killAt));
      case InstanceState.BackingOff(long due) ->
          lastEndSentence(instance) + "; next start " + when(instance, due);
      case InstanceState.Frozen _ -> frozen;
      case InstanceState.Stopped _ ->
          instance.askedBy().isEmpty()
              ? instance.ends().last().map(Ends::sentence).orElse("stopped")
              : "stopped, as asked" + by(instance);
      case InstanceState.Gone(String reason) ->
          life.lastEnd().isPresent()
              ? lastEndSentence(instance) + "; it is not started again before somebody asks for it"
              : reason;
    };
  }

  private String when(Supervised instance, long due) {
    List<String> roles = node.waitsFor(instance);
    return roles.isEmpty()
        ? "in " + seconds(node.until(due))
        : "when ready: " + String.join(", ", roles);
  }

  private static String by(Supervised instance) {
    return instance.askedBy().isEmpty() ? "" : " by " + instance.askedBy();
  }

  /**
   * Returns the sentences about some instances; none if no instance or role has that name.
   *
   * @param target an instance, or a role for all of its instances; empty = all
   */
  List<String> explain(String target) {
    List<String> lines = new ArrayList<>();
    for (Supervised instance : node.instances()) {
      if (target.isEmpty()
          || instance.id().equals(target)
          || instance.role().name().equals(target)) {
        lines.addAll(explain(instance));
      }
    }
    return lines;
  }

  /** Returns the sentence for a name that none has. */
  String unknown(String target) {
    List<String> known = node.instances().stream().map(Supervised::id).toList();
    return "no instance or role is named '"
        + target
        + "'; the instances are "
        + String.join(", ", known);
  }

  /**
   * Returns sentences that tell how an instance is and why: the first has the cause, the others
   * what led there, then its last ends.
   */
  List<String> explain(Supervised instance) {
    InstanceLife life = instance.life();
    List<Map<String, Object>> ends = instance.ends().newestFirst();
    List<String> lines = new ArrayList<>();
    String why =
        life.state() instanceof InstanceState.Frozen // which the word says already
            ? String.join("; ", life.freezes())
            : why(instance);
    lines.add(
        instance.id()
            + " is "
            + instance.word()
            + (why.isEmpty() ? "" : ": " + why)
            + restarted(life, ends)
            + " (state "
            + instance.stateName()
            + " since "
            + instance.since().truncatedTo(ChronoUnit.SECONDS)
            + ")");
    if (life.incarnation() > 0) {
      lines.add(
          "start #"
              + life.incarnation()
              + instance.child().map(child -> ", process " + child.pid()).orElse("")
              + (life.failures() > 0
                  ? ", after "
                      + (life.failures() == 1
                          ? "an unclean end"
                          : life.failures() + " unclean ends in a row")
                  : ""));
    }
    lines.addAll(NodeExplanation.of(life.state(), toExplain(instance)).lines());
    if (!ends.isEmpty()) {
      lines.add("the last " + (ends.size() == 1 ? "end:" : ends.size() + " ends, newest first:"));
    }
    for (Map<String, Object> end : ends) {
      lines.add("  " + Ends.second(end) + "  " + Ends.sentence(end) + places(end));
    }
    instance.journal().problem().ifPresent(lines::add);
    return lines;
  }

  private NodeExplanation.Facts toExplain(Supervised instance) {
    InstanceLife life = instance.life();
    return new NodeExplanation.Facts(
        instance.id(),
        instance.reported().state(),
        life.incarnation(),
        switch (life.state()) {
          case InstanceState.Stopping(long killAt, _) -> node.until(killAt);
          case InstanceState.BackingOff(long due) -> node.until(due);
          case InstanceState.Created _,
              InstanceState.Starting _,
              InstanceState.Up _,
              InstanceState.Frozen _,
              InstanceState.Stopped _,
              InstanceState.Gone _ ->
              Duration.ZERO;
        },
        node.waitsFor(instance),
        !life.freezes().isEmpty());
  }

  /** Returns how an instance is, and by what it ended if that is why: for a sentence about it. */
  static String told(Supervised instance) {
    String is = "is " + instance.word();
    return switch (instance.life().state()) {
      case InstanceState.BackingOff _ -> is + ": " + lastEndSentence(instance);
      case InstanceState.Gone(String why) -> is + ": " + why;
      case InstanceState.Frozen _ ->
          is
              + ": "
              + String.join("; ", instance.life().freezes())
              + instance
                  .life()
                  .lastEnd()
                  .filter(end -> !end.asked())
                  .map(_ -> "; " + lastEndSentence(instance))
                  .orElse("");
      case InstanceState.Starting _ ->
          is
              + instance
                  .life()
                  .lastEnd()
                  .filter(end -> !end.asked())
                  .map(_ -> ": " + lastEndSentence(instance))
                  .orElse("");
      case InstanceState.Created _,
          InstanceState.Up _,
          InstanceState.Stopping _,
          InstanceState.Stopped _ ->
          instance.reported().reason().isEmpty() ? is : is + ": " + instance.reported().reason();
    };
  }

  /** What is up again says what had ended it. */
  private static String restarted(InstanceLife life, List<Map<String, Object>> ends) {
    boolean live = life.state().isLive() && !(life.state() instanceof InstanceState.Stopping);
    return live && !ends.isEmpty() ? "; started because " + Ends.sentence(ends.getFirst()) : "";
  }

  private static String places(Map<String, Object> end) {
    Object fingerprint = end.get(Ends.FINGERPRINT);
    Object incident = end.get(Ends.INCIDENT);
    return (fingerprint == null ? "" : "; fingerprint " + fingerprint)
        + (incident == null ? "" : "; see incidents/" + incident);
  }

  private static String lastEndSentence(Supervised instance) {
    return instance.ends().last().map(Ends::sentence).orElse("could not be started");
  }

  private static String seconds(Duration time) {
    return Math.round(time.toMillis() / 100.0) / 10.0 + " s";
  }
}
