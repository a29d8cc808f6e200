package io.rolehost.runtime.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which build of the role this is: cheap to read, and another after each packaging. */
public final class BuildId {

  private BuildId() {}

  /**
   * Returns the name, size and time of the jar that the host is started from; a directory of
   * classes has no build.
   */
  public static String ofRole() {
    return of(
        Path.of(System.getProperty("java.class.path", "").split(java.io.File.pathSeparator, 2)[0]));
  }

  /** Returns the name, size and time of a file; {@code classes} if it is none. */
  public static String of(Path jar) {
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
