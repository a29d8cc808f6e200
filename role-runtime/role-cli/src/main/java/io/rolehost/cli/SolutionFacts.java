package io.rolehost.cli;

import io.rolehost.node.process.Launcher;
import io.rolehost.node.solution.Ready;
import io.rolehost.node.solution.RoleSpec;
import io.rolehost.node.solution.Solution;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a solution asks of a machine, and what that has.
 *
 * @param limitedRoles the roles that have limits
 * @param limitsObstacle why limits can't be enforced; empty if they can
 * @param memoryLimits of all instances together, in bytes
 * @param memory of the machine or container; empty = nobody can tell
 * @param missingPrograms what the solution needs and is not on the {@code PATH}, each with the role
 */
record SolutionFacts(
    List<String> limitedRoles,
    Optional<String> limitsObstacle,
    long memoryLimits,
    OptionalLong memory,
    List<String> missingPrograms) {

  private static final Pattern TOTAL = Pattern.compile("MemTotal: +(\\d+) kB");

  /** Takes copies. */
  SolutionFacts {
    limitedRoles = List.copyOf(limitedRoles);
    missingPrograms = List.copyOf(missingPrograms);
  }

  /** Looks; changes nothing. */
  static SolutionFacts of(Solution solution, String searchPath) {
    List<String> limited = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    long sum = 0;
    for (RoleSpec role : solution.roles()) {
      if (role.limits().isSet()) {
        limited.add(role.name());
      }
      sum += role.limits().memory().orElse(0) * role.instances();
      if (role.runAs().isPresent()) {
        need("setpriv", role, searchPath, missing);
        need("getent", role, searchPath, missing);
      }
      if (role.ready() instanceof Ready.Descriptor) {
        need("mkfifo", role, searchPath, missing);
      }
    }
    return new SolutionFacts(limited, Launcher.limitsObstacle(), sum, ofMachine(), missing);
  }

  private static void need(String program, RoleSpec role, String searchPath, List<String> missing) {
    boolean there =
        Pattern.compile(File.pathSeparator)
            .splitAsStream(searchPath)
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    if (!there) {
      missing.add(program + ", for " + role.name());
    }
  }

  private static OptionalLong ofMachine() {
    try {
      Matcher total = TOTAL.matcher(Files.readString(Path.of("/proc/meminfo")));
      return total.find()
          ? OptionalLong.of(Long.parseLong(total.group(1)) * 1024)
          : OptionalLong.empty();
    } catch (IOException notLinux) {
      return OptionalLong.empty();
    }
  }

  /** Returns what each check found. */
  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    for (String program : missingPrograms) {
      findings.add(
          Finding.fail("program", "there is no " + program, "Install it, or add it to the PATH"));
    }
    if (!limitedRoles.isEmpty()) {
      findings.add(
          limitsObstacle.isEmpty()
              ? Finding.ok("limits", "control groups hold " + String.join(", ", limitedRoles))
              : Finding.warn(
                  "limits",
                  String.join(", ", limitedRoles)
                      + " are held by options of their JVM only, commands not at all: "
                      + limitsObstacle.get(),
                  "Run the node where it has a control group: as a unit with Delegate=yes"));
    }
    if (memoryLimits > 0 && memory.isPresent()) {
      String says =
          "all instances together may have "
              + memoryLimits / (1 << 20)
              + " MiB, of "
              + memory.getAsLong() / (1 << 20)
              + " MiB";
      findings.add(
          memoryLimits > memory.getAsLong()
              ? Finding.warn(
                  "memory", says, "The kernel kills something when they use it: lower the limits")
              : Finding.ok("memory", says));
    }
    return findings;
  }
}
