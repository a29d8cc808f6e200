package io.rolehost.cli.unit;

import io.rolehost.cli.budget.Budget;
import io.rolehost.node.solution.RoleSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a unit is to run, and how.
 *
 * @param name of the units, without a suffix
 * @param command program and arguments
 * @param environment set beside what systemd sets
 * @param workingDirectory absolute
 * @param user who runs it; empty = a user that systemd makes up
 * @param writable folders that it writes to, beside its state directory
 * @param limits what it may use at most
 * @param budget what it takes
 * @param start at least what the budget has for it
 * @param stop at least what the budget has for it
 * @param systemd the version it is written for
 */
public record UnitPlan(
    String name,
    Kind kind,
    List<String> command,
    Map<String, String> environment,
    Path workingDirectory,
    Optional<String> user,
    List<Path> writable,
    RoleSpec.Limits limits,
    Budget budget,
    Duration start,
    Duration stop,
    Duration watchdog,
    int systemd) {

  /** What is run. */
  public sealed interface Kind {

    /** A node with all its roles. */
    record Node() implements Kind {}

    /**
     * A role host.
     *
     * @param template whether there are several, {@code NAME@0.service} and so on
     * @param listens where systemd listens for it; empty = the role itself does
     */
    record Host(boolean template, Optional<Listen> listens) implements Kind {}

    /**
     * A role host that a timer starts, and whose {@code run} returns.
     *
     * @param calendar when, see {@code systemd.time(7)}
     */
    record Job(String calendar) implements Kind {}
  }

  /**
   * A socket that systemd holds.
   *
   * @param endpoint the name of the role's endpoint
   * @param stream as {@code ListenStream} takes it, such as {@code 8080}
   */
  public record Listen(String endpoint, String stream) {}

  /** Takes copies. */
  public UnitPlan {
    command = List.copyOf(command);
    environment = new LinkedHashMap<>(environment);
    writable = List.copyOf(writable);
  }
}
