package io.rolehost.node.solution;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The environment of a child: pure. */
public final class ChildEnvironment {

  /** The variable that tells a host who its node is, by process id. */
  public static final String NODE = "ROLEHOST_NODE";

  /** The variable that makes a host a hot spare, and tells its processes from the live one's. */
  public static final String STANDBY = "ROLEHOST_STANDBY";

  /** The variable that tells it where state is kept. */
  public static final String STATE_DIR = "ROLEHOST_STATE_DIR";

  private static final String PROFILE = "ROLEHOST_PROFILE";
  private static final String DEPLOYMENT = "ROLEHOST_DEPLOYMENT";
  private static final String ROLE_NAME = "ROLEHOST_ROLE_NAME";
  private static final String INSTANCE = "ROLEHOST_INSTANCE";
  private static final String MANAGEMENT_PORT = "ROLEHOST_MANAGEMENT_PORT";
  private static final List<String> SET_BY_NODE =
      List.of(NODE, STANDBY, PROFILE, DEPLOYMENT, ROLE_NAME, INSTANCE, STATE_DIR, MANAGEMENT_PORT);

  private static final List<String> EVERYBODYS =
      List.of("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR");

  private ChildEnvironment() {}

  static boolean isSetByNode(String variable) {
    return SET_BY_NODE.contains(variable);
  }

  /**
   * Returns all variables of one instance's process.
   *
   * @param inherited the node's own; what is Rolehost's among them is the node's and not passed on,
   *     nor is what ties the node to its service manager
   * @param given to this instance beside what the solution sets, which wins
   * @param n the number of the instance within its role
   */
  public static Map<String, String> of(
      Map<String, String> inherited,
      Map<String, String> given,
      NodeSettings node,
      RoleSpec role,
      int n,
      long nodePid) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (Map.Entry<String, String> entry : inherited.entrySet()) {
      String variable = entry.getKey();
      if (role.cleanEnvironment()
          ? isEverybodys(variable)
          : !variable.startsWith("ROLEHOST_") && !isServiceManagers(variable)) {
        environment.put(entry.getKey(), entry.getValue());
      }
    }
    environment.putAll(given);
    environment.putAll(role.environment());
    environment.put(NODE, Long.toString(nodePid));
    environment.put(PROFILE, node.profile().key());
    environment.put(DEPLOYMENT, node.deployment());
    environment.put(ROLE_NAME, role.name());
    environment.put(INSTANCE, Integer.toString(n));
    environment.put(STATE_DIR, node.stateDir().toString());
    environment.put(MANAGEMENT_PORT, "0");
    return environment;
  }

  /** Returns whether a process with the variables {@code found} was started with {@code given}. */
  public static boolean isOf(Map<String, String> found, Map<String, String> given) {
    for (String variable : SET_BY_NODE) {
      if (!Objects.equals(found.get(variable), given.get(variable))) {
        return false;
      }
    }
    return true;
  }

  /** What any program may expect, and nobody keeps a secret in. */
  private static boolean isEverybodys(String variable) {
    return EVERYBODYS.contains(variable) || variable.startsWith("LC_");
  }

  /** A child must not speak to systemd in the node's name. */
  private static boolean isServiceManagers(String variable) {
    return switch (variable) {
      case "NOTIFY_SOCKET",
          "WATCHDOG_USEC",
          "WATCHDOG_PID",
          "SYSTEMD_EXEC_PID",
          "STATE_DIRECTORY" ->
          true;
      default -> false;
    };
  }
}
