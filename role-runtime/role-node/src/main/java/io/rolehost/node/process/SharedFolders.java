package io.rolehost.node.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The folders of a state directory in which role hosts write. Where roles run as other users than
 * the node, these folders are as {@code /tmp} is: everybody makes files of his own and touches
 * nobody else's. Tokens are readable by their user alone anyway.
 */
final class SharedFolders {
  private static final List<String> WRITTEN_BY_HOSTS =
      List.of("run", "journal", "log", "incidents", "local");
  private static final int AS_TMP = 01777;
  private static final int TO_PASS = 0711;

  private SharedFolders() {}

  /** Lets an instance write as a user, also what it wrote before as the node's own. */
  static void open(Path stateDir, String instanceId, UserAccount user) throws IOException {
    Files.createDirectories(stateDir.resolve("settings"));
    Files.setAttribute(stateDir.resolve("settings"), "unix:mode", TO_PASS);
    Files.setAttribute(
        stateDir, "unix:mode", TO_PASS | ((int) Files.getAttribute(stateDir, "unix:mode") & 0777));
    for (String name : WRITTEN_BY_HOSTS) {
      Path folder = stateDir.resolve(name);
      Files.createDirectories(folder);
      Files.setAttribute(folder, "unix:mode", AS_TMP);
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, instanceId + "[.-]*")) {
        for (Path file : files) {
          user.giveIfOurs(file);
        }
      }
    }
    Path local = stateDir.resolve("local").resolve(instanceId);
    if (Files.notExists(local)) {
      Files.createDirectory(local);
      user.give(local);
    }
  }

  /** Removes all that is in a folder; links are removed and not followed. */
  static void empty(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            if (!visited.equals(folder)) {
              Files.delete(visited);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
