package io.rolehost.freeze;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whether what is written into a folder is still there after the container is replaced. */
public final class Durability {

  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

  private Durability() {}

  /** What a container is known by, apart from its root. */
  record Marks(boolean kubernetes, boolean markerFile) {}

  /** The mount that a folder lies on. */
  private record Mount(Path point, String part, String type, String device) {

    /** A container's root is made of layers or memory, or is a folder of the machine's disk. */
    boolean madeForAContainer() {
      return inMemory()
          || type.contains("overlay")
          || type.equals("aufs")
          || !part.equals("/")
          || !device.startsWith("/dev/");
    }

    boolean inMemory() {
      return type.equals("tmpfs") || type.equals("ramfs");
    }

    boolean isRoot() {
      return point.getNameCount() == 0;
    }
  }

  /**
   * Returns a sentence that says so if the folder does not outlive this container; empty if it
   * does, if this is no container, or if nobody can tell. Reads a few files; not for a start path.
   */
  public static Optional<String> notice(Path folder) {
    try {
      return notice(
          folder.toRealPath(),
          Files.readString(MOUNTS, StandardCharsets.UTF_8),
          new Marks(
              System.getenv().containsKey("KUBERNETES_SERVICE_HOST"),
              Files.exists(Path.of("/.dockerenv")) || Files.exists(Path.of("/run/.containerenv"))));
    } catch (IOException noLinux) {
      return Optional.empty();
    }
  }

  /** The same, for the text of {@code mountinfo}; see proc(5). */
  static Optional<String> notice(Path folder, String mounts, Marks marks) {
    Optional<Mount> mount = mountOf(folder, mounts);
    Optional<Mount> root = mountOf(Path.of("/"), mounts);
    if (mount.isEmpty() || root.isEmpty() || !inContainer(root.get(), marks)) {
      return Optional.empty();
    }
    if (mount.get().inMemory()) {
      return Optional.of(lost(folder, "it is kept in memory, on a " + mount.get().type()));
    }
    return mount.get().isRoot() || mount.get().type().contains("overlay")
        ? Optional.of(
            lost(folder, "it is part of the container itself, on its " + mount.get().type()))
        : Optional.empty();
  }

  private static String lost(Path folder, String why) {
    return folder
        + " does not outlive this container ("
        + why
        + "): the next one will not see the freeze. Mount a volume there, or freeze by"
        + " configuration";
  }

  private static Optional<Mount> mountOf(Path folder, String mounts) {
    Optional<Mount> longest = Optional.empty();
    for (String line : mounts.split("\n", -1)) {
      String[] halves = line.split(" - ", 2);
      String[] fields = halves[0].split(" ", -1);
      if (halves.length < 2 || fields.length < 5) {
        continue;
      }
      String[] of = halves[1].split(" ", -1);
      Path point = Path.of(fields[4].replace("\\040", " "));
      if (folder.startsWith(point)
          && (longest.isEmpty() || point.getNameCount() >= longest.get().point().getNameCount())) {
        longest = Optional.of(new Mount(point, fields[3], of[0], of.length > 1 ? of[1] : ""));
      }
    }
    return longest;
  }

  /**
   * A marker file alone is not enough: machines made from an image have it too, on a disk of their
   * own.
   */
  private static boolean inContainer(Mount root, Marks marks) {
    return marks.kubernetes()
        || (marks.markerFile() && root.madeForAContainer())
        || root.inMemory()
        || root.type().contains("overlay");
  }
}
