package io.rolehost.cli;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which state directory a verb is about: the rule of a host and of a node, without the file. */
final class StateDirectory {

  private StateDirectory() {}

  /**
   * Returns the directory, absolute. It need not exist.
   *
   * @param option what the command line names, if it does
   */
  static Path of(@Nullable Path option, Map<String, String> environment, Path workingDirectory) {
    String own = environment.getOrDefault("ROLEHOST_STATE_DIR", "");
    String systemd = environment.getOrDefault("STATE_DIRECTORY", "");
    Path named;
    if (option != null) {
      named = option;
    } else if (!own.isBlank()) {
      named = Path.of(own);
    } else if (!systemd.isBlank()) {
      int colon = systemd.indexOf(':'); // systemd may list several, the first is the main one
      named = Path.of(colon < 0 ? systemd : systemd.substring(0, colon));
    } else {
      named = Path.of(".rolehost");
    }
    return workingDirectory.resolve(named).normalize();
  }
}
