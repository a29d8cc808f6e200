package io.rolehost.freeze.command;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the state directory a verb is about, or says why there is none. */
final class StateFolder {

  /** What a host, a node or this command leaves there. */
  private static final Set<String> TRACES =
      Set.of("run", "journal", "log", "incidents", "local", "freeze.conf", "freeze.conf.lock");

  private StateFolder() {}

  /**
   * Returns the folder named by the option, else by {@code ROLEHOST_STATE_DIR}, else by {@code
   * STATE_DIRECTORY} (systemd may list several, the first counts), else {@code .rolehost} in the
   * working directory.
   *
   * @throws IllegalArgumentException if it is none: a freeze that nobody reads must not seem to
   *     work
   */
  static Path find(@Nullable Path option, Map<String, String> environment, Path workingDirectory) {
    if (option != null) {
      return checked(option, "--state-dir");
    }
    String own = environment.getOrDefault("ROLEHOST_STATE_DIR", "");
    if (!own.isBlank()) {
      return checked(Path.of(own), "ROLEHOST_STATE_DIR");
    }
    String systemd = environment.getOrDefault("STATE_DIRECTORY", "");
    if (!systemd.isBlank()) {
      return checked(Path.of(systemd.split(":", 2)[0]), "STATE_DIRECTORY");
    }
    Path here = workingDirectory.resolve(".rolehost");
    if (!Files.isDirectory(here)) {
      throw new IllegalArgumentException(
          "There is no state directory here: "
              + here
              + " does not exist, so no role would see the freeze. Go to the folder the role is"
              + " started in, or name its state directory by --state-dir");
    }
    return here;
  }

  private static Path checked(Path named, String by) {
    Path folder = named.toAbsolutePath().normalize();
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          folder
              + " (from "
              + by
              + ") is no directory, so no role would see the freeze. Name the state directory of"
              + " the role; to freeze before its first start, create it");
    }
    if (!emptyOrOurs(folder)) {
      throw new IllegalArgumentException(
          folder
              + " (from "
              + by
              + ") is no state directory: it has no run, journal, log or freeze.conf, but other"
              + " files. Name the state directory of the role, often its subfolder .rolehost");
    }
    return folder;
  }

  private static boolean emptyOrOurs(Path folder) {
    boolean empty = true;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (TRACES.contains(String.valueOf(entry.getFileName()))) {
          return true;
        }
        empty = false;
      }
    } catch (IOException unreadable) {
      return true; // writing the freeze will tell better what is wrong
    }
    return empty;
  }
}
