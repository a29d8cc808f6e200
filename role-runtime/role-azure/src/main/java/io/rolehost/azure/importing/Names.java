package io.rolehost.azure.importing;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Names that were right there, made right here. Pure. */
final class Names {
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final int LONGEST = 63;
  private static final Set<String> OF_THE_NODE =
      Set.of(
          "ROLEHOST_NODE",
          "ROLEHOST_STANDBY",
          "ROLEHOST_PROFILE",
          "ROLEHOST_DEPLOYMENT",
          "ROLEHOST_ROLE_NAME",
          "ROLEHOST_INSTANCE",
          "ROLEHOST_STATE_DIR",
          "ROLEHOST_MANAGEMENT_PORT");

  private Names() {}

  /** Returns a name of letters, digits, '-' and '_', at most 63, that is not taken yet. */
  static String safe(String name, Set<String> taken) {
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < name.length() && safe.length() < LONGEST; i++) {
      char c = name.charAt(i);
      boolean ok =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
      safe.append(ok ? c : '-');
    }
    String base = safe.isEmpty() ? "unnamed" : safe.toString();
    String found = base;
    for (int n = 2; taken.contains(found); n++) {
      String end = "-" + n;
      found = base.substring(0, Math.min(base.length(), LONGEST - end.length())) + end;
    }
    return found;
  }

  /** Returns whether a shell can set a variable of this name, and the node leaves it alone. */
  static boolean isVariable(String name) {
    return VARIABLE.matcher(name).matches() && !OF_THE_NODE.contains(name);
  }

  /** Returns what stands for a name at the end of a variable, as the node writes it. */
  static String inVariable(String name) {
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean ok =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
      letters.append(ok ? c : '_');
    }
    return letters.toString().toUpperCase(Locale.ROOT);
  }
}
