package io.rolehost.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What {@code doctor} looked at, as it was found.
 *
 * @param now by the wall clock
 * @param profile the profile of what is started here
 * @param profileWhy why it is that one
 * @param ignoredSignals one sentence each
 * @param openFiles how many files a process may have open at most; empty = nobody can tell
 */
record MachineFacts(
    Instant now,
    Java java,
    String profile,
    String profileWhy,
    State state,
    Plan plan,
    List<Jar> jars,
    List<Port> ports,
    Freezing freezing,
    List<String> ignoredSignals,
    OptionalLong openFiles) {

  /** Takes copies of the lists. */
  MachineFacts {
    jars = List.copyOf(jars);
    ports = List.copyOf(ports);
    ignoredSignals = List.copyOf(ignoredSignals);
  }

  /** The Java that runs this command, and the roles of a node. */
  record Java(int feature, String version, Path home) {}

  /**
   * The state directory.
   *
   * @param there what there is: empty = nothing, and {@code writable} is that of the folder above
   * @param fileSystem its type, such as {@code tmpfs}
   * @param freeBytes what this user can still write there
   * @param containerNotice that it ends with the container, if it does
   * @param newest when something was written there last
   * @param nodeRuns whether a node works with it
   */
  record State(
      Path folder,
      There there,
      boolean writable,
      String fileSystem,
      long freeBytes,
      Optional<String> containerNotice,
      Optional<Instant> newest,
      boolean nodeRuns) {}

  /** What a path leads to. */
  enum There {
    NOTHING,
    FOLDER,
    SOMETHING_ELSE
  }

  /**
   * The solution.
   *
   * @param file where it was looked for
   * @param there whether there is one
   * @param problems what is wrong with it, one sentence each
   */
  record Plan(Path file, boolean there, int roles, List<String> problems) {
    /** Takes a copy of the list. */
    Plan {
      problems = List.copyOf(problems);
    }
  }

  /**
   * The jar of a role.
   *
   * @param problem why {@code java -jar} would refuse it; empty if it would not
   */
  record Jar(String role, Path file, Optional<String> problem, Cache cache) {}

  /** The start-up cache beside a jar. */
  enum Cache {
    NONE,
    FRESH,
    OF_ANOTHER_BUILD
  }

  /**
   * A port that a role wants.
   *
   * @param holder the process that has it, if that is known
   */
  record Port(String role, int number, boolean free, OptionalLong holder) {}

  /**
   * What freezes here.
   *
   * @param problems of sources that can't be read, one sentence each
   * @param active what freezes now, one text each
   */
  record Freezing(List<String> problems, List<String> active) {
    /** Takes copies of the lists. */
    Freezing {
      problems = List.copyOf(problems);
      active = List.copyOf(active);
    }
  }
}
