package io.rolehost.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which systemd this machine has. */
final class SystemdVersion {
  /** Debian 12's, the oldest that the units are tested with. */
  static final int OLDEST_TESTED = 252;

  private static final Pattern FIRST_LINE = Pattern.compile("systemd (\\d+)");
  private static final long PATIENCE_SECONDS = 5;

  private SystemdVersion() {}

  /** Returns its number, or that of the oldest tested one if there is none here. */
  static int ofThisMachine() {
    try {
      Process process =
          new ProcessBuilder("systemctl", "--version")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      return of(said);
    } catch (IOException none) {
      return OLDEST_TESTED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OLDEST_TESTED;
    }
  }

  static int of(String said) {
    Matcher version = FIRST_LINE.matcher(said);
    return version.find() ? Integer.parseInt(version.group(1)) : OLDEST_TESTED;
  }
}
