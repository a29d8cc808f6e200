package io.rolehost.runtime.boot;

import io.rolehost.runtime.config.HostSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The role's directories under {@code local/}. */
final class LocalResources {

  private final Path root;
  private final Map<String, HostSettings.LocalResource> declared;

  LocalResources(HostSettings settings) {
    this.root = settings.stateDir().resolve("local").resolve(settings.instanceId());
    this.declared = settings.localResources();
  }

  /** Empties those that are to be clean at each start. */
  void clean() throws IOException {
    for (HostSettings.LocalResource resource : declared.values()) {
      Path folder = root.resolve(resource.name());
      if (resource.cleanOnRecycle() && Files.isDirectory(folder)) {
        empty(folder);
      }
    }
  }

  /** Returns the directory of a declared resource, which exists from then on. */
  Path get(String name) {
    if (!declared.containsKey(name)) {
      throw new IllegalArgumentException(
          "there is no local resource '"
              + name
              + "'; declare rolehost.local-resources."
              + name
              + (declared.isEmpty()
                  ? " {}"
                  : " or use one of " + String.join(", ", new TreeSet<>(declared.keySet()))));
    }
    try {
      return Files.createDirectories(root.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the local resource '"
              + name
              + "' can't be made in "
              + root
              + "; rolehost.state-dir must be writable",
          e);
    }
  }

  private static void empty(Path folder) throws IOException {
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
