package io.rolehost.node.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A user that a role runs as.
 *
 * @param group the number of its own group
 */
record UserAccount(String name, String group, String home, String shell) {
  private static final long PATIENCE_SECONDS = 10;
  private static final int FIELDS = 7;

  /**
   * Looks a user up as the system does, wherever users are kept.
   *
   * @throws IOException if there is no such user, or nobody who knows
   */
  static UserAccount named(String name) throws IOException {
    Process asked =
        new ProcessBuilder("getent", "passwd", name)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String answer = new String(asked.getInputStream().readAllBytes(), UTF_8).strip();
    try {
      if (!asked.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        asked.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    String[] fields = answer.split(":", -1);
    if (fields.length < FIELDS) {
      throw new IOException("there is no user " + name + " to run it as");
    }
    return new UserAccount(fields[0], fields[3], fields[5], fields[6]);
  }

  /** Returns the words before a command that is to run as this user, with its groups alone. */
  List<String> words() {
    return List.of("setpriv", "--reuid", name, "--regid", group, "--init-groups", "--");
  }

  /** Returns what a login would set. */
  Map<String, String> environment() {
    return Map.of("HOME", home, "USER", name, "LOGNAME", name, "SHELL", shell);
  }

  /** Gives it a file; a symbolic link is given itself and not what it leads to. */
  void give(Path file) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    view.setOwner(principal());
  }

  /**
   * Gives it a file that the node's own user left, as happens when a role gets a user of its own
   * later. Nothing is given that has a second name: that may be anybody's file.
   */
  void giveIfOurs(Path file) throws IOException {
    Map<String, Object> found =
        Files.readAttributes(file, "unix:uid,nlink,isRegularFile", LinkOption.NOFOLLOW_LINKS);
    if (found.get("uid") instanceof Integer uid
        && uid == 0
        && found.get("nlink") instanceof Integer links
        && links == 1
        && Boolean.TRUE.equals(found.get("isRegularFile"))) {
      give(file);
    }
  }

  private UserPrincipal principal() throws IOException {
    return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(name);
  }
}
