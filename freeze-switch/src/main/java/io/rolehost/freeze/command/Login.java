package io.rolehost.freeze.command;

import java.util.Map;

/** The name a person logged in by. */
final class Login {

  private Login() {}

  /** Returns who typed the command: behind sudo that is not root. */
  static String name(Map<String, String> environment) {
    for (String variable : new String[] {"SUDO_USER", "LOGNAME", "USER"}) {
      String name = environment.getOrDefault(variable, "");
      if (!name.isBlank()) {
        return name;
      }
    }
    String name = System.getProperty("user.name", "");
    return name.isBlank() || name.equals("?") ? "unknown" : name;
  }
}
