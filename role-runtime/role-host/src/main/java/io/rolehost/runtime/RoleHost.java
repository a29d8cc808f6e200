package io.rolehost.runtime;

import io.rolehost.api.Role;
import io.rolehost.runtime.boot.Boot;
import io.rolehost.runtime.config.ConfigInputs;
import java.util.Map;

/**
 * The main class of a role's jar: runs one incarnation of one role, and ends the process with it.
 *
 * <p>The exit code tells a supervisor what to do next; see {@code docs/lifecycle.md}.
 */
public final class RoleHost {

  private RoleHost() {}

  /**
   * Runs the role that {@code rolehost.role.class} or {@code META-INF/services} names. Takes no
   * arguments, so one is most likely a setting in the wrong place: exit code 64.
   */
  public static void main(String[] args) {
    if (args.length > 0) {
      Boot.refuseArguments(args[0]);
    }
    Boot.run(ConfigInputs.ofProcess());
  }

  /**
   * Runs {@code role} from a {@code main} of your own, for instance in an IDE. Under a debugger and
   * on a terminal, start, hang and stop limits are off. Does not return: the process ends.
   *
   * @param args of the program; not used by the host
   */
  public static void run(Class<? extends Role> role, String... args) {
    Boot.run(ConfigInputs.ofProcess().withRoleClass(role.getName()));
  }

  /**
   * Runs {@code role}, which stands for a program of another framework, from an adapter to that.
   * Does not return: the process ends.
   *
   * @param defaults keys and values that count where no file, variable or property says otherwise,
   *     such as {@code rolehost.role.name}
   */
  public static void run(Class<? extends Role> role, Map<String, String> defaults) {
    Boot.run(ConfigInputs.ofProcess().withRoleClass(role.getName(), defaults));
  }
}
