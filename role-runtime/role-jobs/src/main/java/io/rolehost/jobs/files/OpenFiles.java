package io.rolehost.jobs.files;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Which files some process of this machine has open for writing, where Linux tells: of other users'
 * processes only to root.
 */
final class OpenFiles {

  private static final Path PROC = Path.of("/proc");
  private static final String FLAGS = "flags:";

  /** O_WRONLY and O_RDWR (Linux, fcntl.h). */
  private static final long WRITES = 3;

  private OpenFiles() {}

  /** Returns the files below a folder that are open for writing; empty where nobody can tell. */
  static Set<Path> writtenBelow(Path root) {
    Set<Path> written = new HashSet<>();
    if (!Files.isDirectory(PROC.resolve("self/fdinfo"))) {
      return written;
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        look(process, root, written);
      }
    } catch (IOException _) {
      // What was found so far is better than nothing.
    }
    return written;
  }

  private static void look(Path process, Path root, Set<Path> written) {
    try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path link : open) {
        look(process, link, root, written);
      }
    } catch (IOException _) {
      // It has ended, or is another user's.
    }
  }

  private static void look(Path process, Path link, Path root, Set<Path> written) {
    try {
      Path file = Files.readSymbolicLink(link);
      if (file.startsWith(root) && writes(process.resolve("fdinfo").resolve(link.getFileName()))) {
        written.add(file);
      }
    } catch (IOException _) {
      // Closed meanwhile.
    }
  }

  private static boolean writes(Path info) throws IOException {
    for (String line : Files.readAllLines(info)) {
      if (line.startsWith(FLAGS)) {
        return (Long.parseLong(line.substring(FLAGS.length()).strip(), 8) & WRITES) != 0;
      }
    }
    return false;
  }
}
