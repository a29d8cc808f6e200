package io.rolehost.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Lays rows out for people: pure. */
final class StatusTable {

  private StatusTable() {}

  /** The last column is never made narrower, however narrow the screen is. */
  private static final int LEAST_LAST_COLUMN = 12;

  /**
   * Returns a head line and one line an instance.
   *
   * @param width how many characters fit into a line; what does not is cut off in the last column.
   *     Empty = any
   */
  static List<String> lines(List<InstanceRow> rows, boolean full, Instant now, OptionalInt width) {
    return aligned(cells(rows, full, now), width);
  }

  /** Returns the same as cells. */
  static List<List<String>> cells(List<InstanceRow> rows, boolean full, Instant now) {
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
    return cells;
  }

  private static List<String> cells(boolean full, String... all) {
    return full
        ? List.of(all)
        : Stream.concat(Stream.of(all).limit(2), Stream.of(all).skip(3)).toList();
  }

  /** Returns rows of as many cells each, the first of them the head, as lines. */
  static List<String> aligned(List<List<String>> rows, OptionalInt width) {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    int before = IntStream.of(widths).limit(columns - 1L).map(column -> column + 2).sum();
    int last = Math.max(LEAST_LAST_COLUMN, width.orElse(Integer.MAX_VALUE) - before);
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns - 1; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      line.append(cut(row.get(columns - 1), last));
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1).stripTrailing() + "…";
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
