package io.rolehost.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Lays rows out for people: pure. */
final class StatusTable {

  private StatusTable() {}

  /** Returns a head line and one line an instance. */
  static List<String> lines(List<InstanceRow> rows, boolean full, Instant now) {
    List<List<String>> cells = new ArrayList<>();
    cells.add(cells(full, "INSTANCE", "IS", "STATE", "SINCE", "START", "PROCESS", "PORT", "WHY"));
    for (InstanceRow row : rows) {
      cells.add(
          cells(
              full,
              row.instance(),
              row.word(),
              row.state(),
              row.since().map(since -> age(Duration.between(since, now))).orElse("-"),
              row.incarnation().isEmpty() ? "-" : "#" + row.incarnation(),
              row.pid().isEmpty() ? "-" : row.pid(),
              row.port().isEmpty() ? "-" : row.port(),
              row.why()));
    }
    return aligned(cells);
  }

  private static List<String> cells(boolean full, String... all) {
    return full
        ? List.of(all)
        : Stream.concat(Stream.of(all).limit(2), Stream.of(all).skip(3)).toList();
  }

  private static List<String> aligned(List<List<String>> rows) {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  /** Returns a length of time in its largest unit that says enough: 5s, 3m, 7h, 2d. */
  static String age(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 120) {
      return seconds + "s";
    }
    if (seconds < 2 * 3_600) {
      return seconds / 60 + "m";
    }
    return seconds < 2 * 86_400 ? seconds / 3_600 + "h" : seconds / 86_400 + "d";
  }
}
