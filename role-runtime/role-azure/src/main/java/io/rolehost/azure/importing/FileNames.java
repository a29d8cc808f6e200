package io.rolehost.azure.importing;

/** How the written files are called. */
final class FileNames {
  static final String DEFINITION = "azure.conf";

  private FileNames() {}

  static String environment(String environment) {
    return "azure." + environment + ".conf";
  }

  static String secrets(String environment) {
    return "azure." + environment + ".secrets.conf";
  }

  /** Returns what {@code rolehost up} is given; the first environment's has the usual name. */
  static String solution(String environment, boolean first) {
    return first ? "solution.conf" : "solution." + environment + ".conf";
  }
}
