package io.rolehost.freeze;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Whether what is written into a folder is still there after the container is replaced. */
public final class Durability {

  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

  private Durability() {}

  /**
   * Returns a sentence that says so if the folder does not outlive this container; empty if it
   * does, if this is no container, or if nobody can tell. Reads a few files; not for a start path.
   */
  public static Optional<String> notice(Path folder) {
    if (!inContainer(System.getenv())) {
      return Optional.empty();
    }
    try {
      return notice(folder.toRealPath(), Files.readString(MOUNTS, StandardCharsets.UTF_8));
    } catch (IOException noLinux) {
      return Optional.empty();
    }
  }

  /** The same, for the text of {@code mountinfo}; see proc(5). */
  static Optional<String> notice(Path folder, String mounts) {
    Path longest = null;
    String type = "";
    for (String line : mounts.split("\n", -1)) {
      String[] halves = line.split(" - ", 2);
      String[] fields = halves[0].split(" ", -1);
      if (halves.length == 2 && fields.length > 4) {
        Path point = Path.of(fields[4].replace("\\040", " "));
        if (folder.startsWith(point)
            && (longest == null || point.getNameCount() >= longest.getNameCount())) {
          longest = point;
          type = halves[1].split(" ", 2)[0];
        }
      }
    }
    boolean lost =
        longest != null
            && (longest.getNameCount() == 0 || type.equals("tmpfs") || type.equals("overlay"));
    return lost
        ? Optional.of(
            folder
                + " does not outlive this container (it lies on "
                + type
                + "): the next one will not see the freeze. Mount a volume there, or freeze by"
                + " configuration")
        : Optional.empty();
  }

  private static boolean inContainer(Map<String, String> environment) {
    return environment.containsKey("KUBERNETES_SERVICE_HOST")
        || Files.exists(Path.of("/.dockerenv"))
        || Files.exists(Path.of("/run/.containerenv"));
  }
}
