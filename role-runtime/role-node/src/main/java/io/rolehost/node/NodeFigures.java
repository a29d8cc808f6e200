package io.rolehost.node;

import io.rolehost.node.machine.InstanceState;
import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.journal.PastIncarnations;
import io.rolehost.runtime.metrics.PlainFigures;
import io.rolehost.runtime.metrics.PlainFigures.Figure;
import io.rolehost.runtime.metrics.PlainFigures.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/** What a node measures of its instances. Names and units are listed in {@code docs/metrics.md}. */
final class NodeFigures {
  private static final String NODE = "rolehost_node_";
  private static final String INSTANCE = NODE + "instance_";

  private static final List<String> WORDS =
      List.of("starting", "ready", "not ready", "stopping", "waiting to retry", "frozen");

  private final Node node;
  private final Map<Map<String, String>, LongAdder> ends = new ConcurrentHashMap<>(); // by labels
  private final Map<String, Integer> lastCodes = new ConcurrentHashMap<>(); // by instance

  /** Counts ends from now on. */
  NodeFigures(Node node) {
    this.node = node;
    var _ = node.onEvent(this::count); // lives as long as the node
  }

  /** By the node's thread. */
  private void count(JournalEntry entry) {
    if (PastIncarnations.ENDS.contains(entry.type())) {
      if (entry.detail().get(PastIncarnations.CODE) instanceof Number number) {
        lastCodes.put(String.valueOf(entry.detail().get("instance")), number.intValue());
      }
      Object code = entry.detail().getOrDefault(PastIncarnations.CODE, "not started");
      ends.computeIfAbsent(
              Map.of(
                  "role", String.valueOf(entry.detail().get("role")),
                  "instance", String.valueOf(entry.detail().get("instance")),
                  "code", code.toString()),
              _ -> new LongAdder())
          .increment();
    }
  }

  /** Returns them, and those of the JVM, as Prometheus text. Any thread. */
  String text() {
    List<Supervised> instances = List.copyOf(node.instances());
    List<Point> states = new ArrayList<>();
    for (Supervised instance : instances) {
      String is = instance.word();
      for (String word : WORDS) {
        states.add(
            new Point(
                Map.of("role", role(instance), "instance", instance.id(), "state", word),
                word.equals(is) ? 1 : 0));
      }
    }
    List<Point> ended = new ArrayList<>();
    ends.forEach((labels, count) -> ended.add(new Point(labels, count.sum())));
    return PlainFigures.text(
        List.of(
            new Figure(INSTANCE + "state", "1 for the word an instance has now.", false, states),
            each(
                instances,
                "incarnation",
                "Number of its last start.",
                one -> one.life().incarnation()),
            each(instances, "failures", "Unclean ends in a row.", one -> one.life().failures()),
            each(
                instances,
                "last_exit_code",
                "With which code its last process ended; NaN if none has under this node.",
                one -> {
                  Integer code = lastCodes.get(one.id());
                  return code == null ? Double.NaN : code;
                }),
            each(
                instances,
                "backoff_seconds",
                "Time to its next start; 0 if it does not wait for one.",
                this::backOff),
            each(
                instances,
                "freezes",
                "How many freezes cover it.",
                one -> one.life().freezes().size()),
            each(
                instances,
                "resident_bytes",
                "Memory of its process; 0 = not known.",
                one -> one.reported().residentBytes()),
            new Figure(NODE + "ends", "Ends since the node began, by exit code.", true, ended),
            new Figure(
                NODE + "stopping",
                "Whether it was asked to stop.",
                false,
                List.of(new Point(Map.of(), node.isStopping() ? 1 : 0)))));
  }

  private static Figure each(
      List<Supervised> instances, String name, String help, ToDoubleFunction<Supervised> value) {
    List<Point> points = new ArrayList<>();
    for (Supervised instance : instances) {
      points.add(
          new Point(
              Map.of("role", role(instance), "instance", instance.id()),
              value.applyAsDouble(instance)));
    }
    return new Figure(INSTANCE + name, help, false, points);
  }

  private double backOff(Supervised instance) {
    return instance.life().state() instanceof InstanceState.BackingOff(long due)
        ? node.until(due).toMillis() / 1000.0
        : 0;
  }

  private static String role(Supervised instance) {
    return instance.role().name();
  }
}
