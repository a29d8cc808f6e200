package io.rolehost.runtime.journal;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many incidents are kept, and which go: the oldest. Pure.
 *
 * @param folders the most there are
 * @param alike the most there are with one fingerprint: a crash loop must not push out the others
 * @param bytes the most they have together
 * @param age the oldest there is
 */
record IncidentLimits(int folders, int alike, long bytes, Duration age) {

  /** Enough for a node's instances and a look at last month, too little to fill a disk. */
  static final IncidentLimits DEFAULT =
      new IncidentLimits(100, 5, 50L * 1024 * 1024, Duration.ofDays(30));

  // Sorts by time, and is a file name everywhere.
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final Pattern NAME = Pattern.compile("(\\d{8}T\\d{6}\\.\\d{3}Z)-(.+)-\\d+");

  /**
   * One folder and what is in it.
   *
   * @param fingerprint of the failure; empty = not known, then it is like no other
   */
  record Folder(String name, String fingerprint, long bytes) {}

  static String folderName(Instant at, String instanceId, long incarnation) {
    return TIME.format(at) + "-" + instanceId + "-" + incarnation;
  }

  /** Returns whose incident a folder is of, by its name; empty if it is named as none. */
  static Optional<String> instanceOf(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches() ? Optional.of(matcher.group(2)) : Optional.empty();
  }

  /**
   * Returns the names of those that go. The newest never does; what is not named as an incident is
   * somebody else's and stays.
   */
  List<String> surplus(List<Folder> folders, Instant now) {
    List<Folder> newestFirst =
        folders.stream()
            .filter(folder -> timeOf(folder.name).isPresent())
            .sorted(Comparator.comparing(Folder::name).reversed())
            .toList();
    List<String> surplus = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    long total = 0;
    for (int i = 0; i < newestFirst.size(); i++) {
      Folder folder = newestFirst.get(i);
      total += folder.bytes;
      boolean tooOld = timeOf(folder.name).orElseThrow().isBefore(now.minus(age));
      boolean tooMany =
          !folder.fingerprint.isEmpty() && seen.merge(folder.fingerprint, 1, Integer::sum) > alike;
      if (i > 0 && (i >= this.folders || tooMany || total > bytes || tooOld)) {
        surplus.add(folder.name);
      }
    }
    return surplus;
  }

  private static Optional<Instant> timeOf(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(TIME.parse(matcher.group(1), Instant::from));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
