package io.rolehost.runtime.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which build of the role this is: cheap to read, and another after each packaging. */
final class BuildId {

  private BuildId() {}

  /**
   * Returns the name, size and time of the jar that the host is started from; a directory of
   * classes has no build.
   */
  static String ofRole() {
    Path jar =
        Path.of(System.getProperty("java.class.path", "").split(java.io.File.pathSeparator, 2)[0]);
    try {
      return Files.isRegularFile(jar)
          ? jar.getFileName()
              + "-"
              + Long.toHexString(Files.size(jar))
              + "-"
              + Long.toHexString(Files.getLastModifiedTime(jar).toMillis())
          : "classes";
    } catch (IOException e) {
      return "unknown";
    }
  }
}
