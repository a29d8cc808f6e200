package io.rolehost.node.solution;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The roles that a node runs, and how the node itself is set.
 *
 * @param file where it was read from; empty for a single jar given on the command line
 * @param roles in the order of the file; they are started in it and stopped in its reverse
 */
public record Solution(Optional<Path> file, NodeSettings node, List<RoleSpec> roles) {

  /** Takes a copy of the list. */
  public Solution {
    roles = List.copyOf(roles);
  }

  /**
   * One role.
   *
   * @param instances how many processes of it; 0 or more
   * @param environment set in each process, beside what the node sets
   * @param stopGrace how long a process may take from SIGTERM to its end before it is killed; empty
   *     = what the profile gives it
   */
  public record RoleSpec(
      String name,
      Program program,
      int instances,
      Map<String, String> environment,
      Optional<Duration> stopGrace) {
    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(30);
    private static final Duration MARGIN = Duration.ofSeconds(5);
    // What supervisord gives a program.
    private static final Duration COMMAND_GRACE = Duration.ofSeconds(10);

    /** Takes a copy of the map. */
    public RoleSpec {
      environment = Map.copyOf(environment);
    }

    /**
     * Returns how long after SIGTERM a process is killed. A role host keeps its own deadline, and
     * its own settings may give it more time than the profile does: so this limit is a wide one,
     * for a process that can't keep time any more.
     */
    public Duration killAfter(NodeSettings.Profile profile) {
      return stopGrace.orElseGet(() ->
          switch (program) {
            case Program.Jar _ ->
                profile.hardCap().compareTo(LEAST_PATIENCE) < 0
                    ? LEAST_PATIENCE
                    : profile.hardCap().plus(MARGIN);
            case Program.Command _ -> COMMAND_GRACE;
          });
    }

    /** Returns the id of its {@code n}-th instance. */
    public String instanceId(int n) {
      return name + "_IN_" + n;
    }
  }

  /** What is started. */
  public sealed interface Program {

    /**
     * A role: a jar whose main class is the role host.
     *
     * @param jvmOptions given to {@code java} before {@code -jar}
     * @param arguments given to the program
     */
    record Jar(Path file, List<String> jvmOptions, List<String> arguments) implements Program {
      /** Takes copies of the lists. */
      public Jar {
        jvmOptions = List.copyOf(jvmOptions);
        arguments = List.copyOf(arguments);
      }
    }

    /**
     * Any other program. It is ready as soon as it was started, and started again whatever its exit
     * code.
     *
     * @param words program and arguments; never given to a shell
     */
    record Command(List<String> words) implements Program {
      /** Takes a copy of the list. */
      public Command {
        words = List.copyOf(words);
      }
    }
  }
}
