package io.rolehost.jobs.files;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a folder and all below it. Symbolic links are never followed: they are no files of the
 * folder.
 */
final class FolderScan {

  private final Path root;
  private final FileRule rule;

  /**
   * Creates a scan.
   *
   * @param root a real path
   */
  FolderScan(Path root, FileRule rule) {
    this.root = root;
    this.rule = rule;
  }

  /**
   * Tells of each file that is wanted.
   *
   * @param from the root, or a folder below it
   * @param stop ends it early
   * @return whether all of it could be read
   * @throws IOException if not even {@code from} could be read
   */
  boolean read(Path from, BooleanSupplier stop, BiConsumer<String, Version> file)
      throws IOException {
    boolean[] whole = {true};
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (stop.getAsBoolean()) {
              whole[0] = false;
              return FileVisitResult.TERMINATE;
            }
            return !folder.equals(root) && FileRule.hidden(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            Path relative = root.relativize(path);
            if (attributes.isRegularFile() && rule.wants(relative)) {
              file.accept(relative.toString(), Version.of(attributes));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path path, IOException e) throws IOException {
            if (path.equals(from)) {
              throw e;
            }
            whole[0] &= e instanceof NoSuchFileException; // gone between the listing and the look
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) {
            whole[0] &= e == null;
            return FileVisitResult.CONTINUE;
          }
        });
    return whole[0];
  }

  /** Returns whether a folder is below the root and none above it is hidden. */
  boolean below(Path folder) {
    if (!folder.startsWith(root) || folder.equals(root)) {
      return false;
    }
    for (Path name : root.relativize(folder)) {
      if (FileRule.hidden(name.toString())) {
        return false;
      }
    }
    return true;
  }

  /** Returns the path of a file below the root. */
  String name(Path file) {
    return root.relativize(file).toString();
  }

  /** Returns the version of a file that is there, wanted, and reached by no link. */
  Optional<Version> look(Path file) throws IOException {
    if (!file.startsWith(root) || file.equals(root) || !rule.wants(root.relativize(file))) {
      return Optional.empty();
    }
    return look(root, file);
  }

  /** Returns the version of a regular file below a root that no link leads out of. */
  static Optional<Version> look(Path root, Path file) throws IOException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isRegularFile() && file.toRealPath().startsWith(root)
          ? Optional.of(Version.of(attributes))
          : Optional.empty();
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }
}
