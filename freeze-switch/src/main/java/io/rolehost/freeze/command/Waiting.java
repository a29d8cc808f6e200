package io.rolehost.freeze.command;

import io.rolehost.freeze.FreezeText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** The options of a verb that can wait until the instances have taken note, and the wait itself. */
final class Waiting {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  @Option(
      names = "--wait",
      description =
          "Return when every instance on this machine that it covers has taken note; say which has"
              + " not, and end with 75 then.")
  boolean wanted;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "How long --wait waits at most. Default: 30s.")
  private String timeout = "30s";

  /** Asks until all have taken note, or the time is over; returns what is known in the end. */
  List<Acknowledgement> await(
      Fleet fleet,
      Path stateDir,
      Function<Sighting, Optional<Acknowledgement>> judge,
      Optional<ProgressLine> progress) {
    try {
      return await(fleet, stateDir, judge, found -> progress.ifPresent(line -> tell(line, found)));
    } finally {
      progress.ifPresent(ProgressLine::close);
    }
  }

  private List<Acknowledgement> await(
      Fleet fleet,
      Path stateDir,
      Function<Sighting, Optional<Acknowledgement>> judge,
      Consumer<List<Acknowledgement>> between) {
    long end = System.nanoTime() + limit().toNanos();
    while (true) {
      List<Acknowledgement> found = new ArrayList<>();
      for (Sighting sighting : fleet.look(stateDir)) {
        judge.apply(sighting).ifPresent(found::add);
      }
      if (allDone(found) || System.nanoTime() - end >= 0) {
        return found;
      }
      between.accept(found);
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }

  private static void tell(ProgressLine line, List<Acknowledgement> found) {
    List<String> missing =
        found.stream().filter(one -> !one.done()).map(Acknowledgement::instance).toList();
    line.tell(
        (found.size() - missing.size())
            + " of "
            + found.size()
            + " instances have taken note; not yet: "
            + String.join(", ", missing));
  }

  /**
   * Returns where the instances are that are waited for; empty if none are.
   *
   * @throws IllegalArgumentException if they can't be waited for
   */
  Optional<Path> place(FreezePlace place) {
    if (!wanted) {
      return Optional.empty();
    }
    Duration _ = limit();
    return Optional.of(place.stateFolder());
  }

  /**
   * Returns how long it waits.
   *
   * @throws IllegalArgumentException if the option is no duration
   */
  Duration limit() {
    return FreezeText.duration(timeout);
  }

  static boolean allDone(List<Acknowledgement> found) {
    return found.stream().allMatch(Acknowledgement::done);
  }

  /** Prints who has taken note and who has not; returns the exit code. */
  static int print(List<Acknowledgement> found, FreezePlace place) {
    for (Acknowledgement one : found) {
      if (one.done()) {
        place.print("Acknowledged: " + one.instance() + " " + one.how());
      }
    }
    for (Acknowledgement one : found) {
      if (!one.done()) {
        place.warn("NOT acknowledged: " + one.instance() + " " + one.how());
      }
    }
    if (found.isEmpty()) {
      place.print("No instance that it covers runs on this machine");
    }
    return code(found);
  }

  static int code(List<Acknowledgement> found) {
    return allDone(found) ? 0 : FreezePlace.TRY_AGAIN;
  }

  /** Adds the same to a JSON answer. */
  static void put(Map<String, Object> values, List<Acknowledgement> found) {
    List<Map<String, Object>> instances = new ArrayList<>();
    for (Acknowledgement one : found) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("instance", one.instance());
      entry.put("acknowledged", one.done());
      entry.put("how", one.how());
      instances.add(entry);
    }
    values.put("acknowledged", allDone(found));
    values.put("instances", instances);
  }
}
