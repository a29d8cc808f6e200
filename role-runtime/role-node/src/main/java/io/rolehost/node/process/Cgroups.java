package io.rolehost.node.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.node.solution.RoleSpec.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Limits by control groups, version 2: one group for each instance, below the node's own. The
 * kernel wants a group that has groups below it to have no processes itself, so the node moves
 * itself into a group {@code node} first; where others are in its group too, it leaves all as it is
 * and there are no such limits. For one thread.
 */
final class Cgroups {
  private static final String OF_NODE = "node";
  private static final long CPU_PERIOD_MICROS = 100_000;

  private final Path own;
  private final Map<String, Long> kills = new HashMap<>();

  private Cgroups(Path own) {
    this.own = own;
  }

  /** Why there can be no groups. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1;

    Unusable(String why) {
      super(why);
    }
  }

  /** Returns why a process could not have groups here; empty if it may. Changes nothing. */
  static Optional<String> obstacle(Path mount, Path ofProcess) {
    try {
      own(mount, ofProcess);
      return Optional.empty();
    } catch (Unusable e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Makes the node's own group one that can have others below it.
   *
   * @param mount such as {@code /sys/fs/cgroup}
   * @param ofProcess such as {@code /proc/self/cgroup}
   * @param pids the node and what it has started
   */
  static Cgroups open(Path mount, Path ofProcess, LongStream pids) throws Unusable {
    Path own = own(mount, ofProcess);
    Path leaf = own.resolve(OF_NODE);
    List<Long> moved = new ArrayList<>();
    try {
      Files.createDirectories(leaf);
      for (long pid : pids.toArray()) {
        write(leaf.resolve("cgroup.procs"), Long.toString(pid));
        moved.add(pid);
      }
      write(own.resolve("cgroup.subtree_control"), "+memory +cpu");
      return new Cgroups(own);
    } catch (IOException e) {
      undo(own, leaf, moved);
      throw new Unusable("the control group " + own + " is not the node's alone (" + e + ")");
    }
  }

  private static void undo(Path own, Path leaf, List<Long> moved) {
    try {
      for (long pid : moved) {
        write(own.resolve("cgroup.procs"), Long.toString(pid));
      }
      Files.deleteIfExists(leaf);
    } catch (IOException e) {
      // The node works in the group below as well as in the one above.
    }
  }

  private static Path own(Path mount, Path ofProcess) throws Unusable {
    Path own;
    try {
      String path =
          Files.readAllLines(ofProcess).stream()
              .filter(line -> line.startsWith("0::/"))
              .map(line -> line.substring(4))
              .findFirst()
              .orElseThrow(() -> new Unusable("there are no control groups of version 2"));
      own = mount.resolve(path).normalize();
      String controllers = " " + Files.readString(own.resolve("cgroup.controllers")).strip() + " ";
      if (!controllers.contains(" memory ") || !controllers.contains(" cpu ")) {
        throw new Unusable("the control group " + own + " has no controllers for memory and cpu");
      }
    } catch (IOException e) {
      throw new Unusable("there are no control groups of version 2 in " + mount);
    }
    if (!Files.isWritable(own)) {
      throw new Unusable(
          "the control group " + own + " is not the node's: systemd gives it by Delegate=yes");
    }
    return own;
  }

  /**
   * Makes the group of an instance and sets its limits.
   *
   * @return the file that takes the id of its process
   */
  Path prepare(String instanceId, Limits limits) throws IOException {
    Path group = own.resolve(instanceId);
    Files.createDirectories(group);
    if (limits.memory().isPresent()) {
      write(group.resolve("memory.max"), Long.toString(limits.memory().getAsLong()));
      // An instance that lost one of its processes is none.
      write(group.resolve("memory.oom.group"), "1");
    }
    if (limits.cpus().isPresent()) {
      long quota = Math.round(limits.cpus().getAsDouble() * CPU_PERIOD_MICROS);
      write(group.resolve("cpu.max"), quota + " " + CPU_PERIOD_MICROS);
    }
    kills.put(instanceId, memoryKills(instanceId));
    return group.resolve("cgroup.procs");
  }

  /** Returns whether the kernel has killed something for its limit since it was prepared. */
  boolean wasKilled(String instanceId) {
    return memoryKills(instanceId) > kills.getOrDefault(instanceId, 0L);
  }

  private long memoryKills(String instanceId) {
    try (Stream<String> lines = Files.lines(own.resolve(instanceId).resolve("memory.events"))) {
      return lines
          .filter(line -> line.startsWith("oom_kill "))
          .mapToLong(line -> Long.parseLong(line.substring("oom_kill ".length()).strip()))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.write(file, text.getBytes(UTF_8));
  }
}
