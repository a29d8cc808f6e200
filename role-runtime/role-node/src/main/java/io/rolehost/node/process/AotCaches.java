package io.rolehost.node.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the start-up cache of a jar: {@code <name>-<sha256 of the jar>.aot}. The hash is what makes
 * it safe: JDK 25.0.3 runs the old classes from the cache of an older jar without a word. For one
 * thread.
 */
public final class AotCaches {
  private record Known(FileTime modified, long size, String hash) {}

  private final Map<Path, Known> hashes = new HashMap<>();

  /** Knows no jar yet. */
  public AotCaches() {}

  /**
   * Returns the cache of a jar if there is one; {@code bin/aot} makes it.
   *
   * @param beside where it is looked for: the jar, or that of which it is a copy
   */
  public Optional<Path> of(Path jar, Path beside) {
    try {
      Path folder = beside.toAbsolutePath().getParent();
      if (folder == null || !hasAny(folder, stem(jar))) {
        return Optional.empty(); // and the jar need not be read
      }
      Path cache = folder.resolve(stem(jar) + "-" + hash(jar) + ".aot");
      return Files.isReadable(cache) ? Optional.of(cache) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // it starts without one, only slower
    }
  }

  private static boolean hasAny(Path folder, String stem) throws IOException {
    try (DirectoryStream<Path> caches = Files.newDirectoryStream(folder, stem + "-*.aot")) {
      return caches.iterator().hasNext();
    }
  }

  private String hash(Path jar) throws IOException {
    FileTime modified = Files.getLastModifiedTime(jar);
    long size = Files.size(jar);
    @Nullable Known known = hashes.get(jar);
    if (known != null && known.modified().equals(modified) && known.size() == size) {
      return known.hash();
    }
    String hash = sha256(jar);
    hashes.put(jar, new Known(modified, size, hash));
    return hash;
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[64 * 1024];
      int read = in.read(buffer);
      while (read >= 0) {
        digest.update(buffer, 0, read);
        read = in.read(buffer);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String stem(Path jar) {
    String name = String.valueOf(jar.getFileName());
    return name.endsWith(".jar") ? name.substring(0, name.length() - 4) : name;
  }
}
