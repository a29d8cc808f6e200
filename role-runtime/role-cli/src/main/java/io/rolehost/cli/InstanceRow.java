package io.rolehost.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a table shows of one instance.
 *
 * @param word one of the six words for people
 * @param state the full name of the state
 * @param since when it came into this state
 * @param incarnation which start it is
 * @param pid of its process; empty if it has none
 * @param port of its management plane; empty if it is not known
 * @param why it is not ready; empty if it is
 */
record InstanceRow(
    String instance,
    String word,
    String state,
    Optional<Instant> since,
    String incarnation,
    String pid,
    String port,
    String why) {

  /** Reads the rows of an answer, the node's or one made of what hosts say themselves. */
  static List<InstanceRow> all(Map<String, Object> answer) {
    List<InstanceRow> rows = new ArrayList<>();
    if (answer.get("instances") instanceof List<?> instances) {
      for (Object instance : instances) {
        if (instance instanceof Map<?, ?> values) {
          rows.add(of(values));
        }
      }
    }
    return rows;
  }

  private static InstanceRow of(Map<?, ?> values) {
    String state = text(values, "state");
    String word = text(values, "word");
    return new InstanceRow(
        text(values, "instance"),
        word.isEmpty() ? word(state) : word,
        state,
        time(text(values, "since")),
        text(values, "incarnation"),
        text(values, "pid"),
        text(values, "managementPort"),
        text(values, "why"));
  }

  /** Returns the word for people; a host itself says only its state. */
  static String word(String state) {
    return switch (state) {
      case "READY", "SUSPECT" -> "ready";
      case "BUSY" -> "not ready";
      case "HELD", "FROZEN" -> "frozen";
      case "DRAINING", "STOPPING", "KILLING" -> "stopping";
      case "BACKOFF" -> "waiting to retry";
      case "PREPARING", "STARTING", "STANDBY", "CREATED" -> "starting";
      default -> state.toLowerCase(Locale.ROOT);
    };
  }

  private static String text(Map<?, ?> values, String key) {
    Object value = values.get(key);
    return value == null ? "" : value.toString();
  }

  private static Optional<Instant> time(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty(); // shown without it
    }
  }
}
