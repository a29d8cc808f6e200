package io.rolehost.node.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.node.solution.Program;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the start-up cache of a jar: one that {@code bin/aot} made beside it, {@code <name>-<sha256
 * of the jar>.aot}, else one that the node made. The hash is what makes it safe: JDK 25.0.3 runs
 * the old classes from the cache of an older jar without a word. Thread-safe.
 */
public final class AotCaches {
  private static final int NAME_BYTES = 8;

  private record Known(FileTime modified, long size, String hash) {}

  private final Path directory;
  private final String jdk;
  private final Map<Path, Known> hashes = new ConcurrentHashMap<>();

  /**
   * Knows no jar yet.
   *
   * @param stateDir of the node, which keeps those it made in it
   * @param javaHome of the JVM that runs the roles
   */
  public AotCaches(Path stateDir, Path javaHome) {
    this.directory = directory(stateDir);
    this.jdk = javaHome + " " + Runtime.version();
  }

  static Path directory(Path stateDir) {
    return stateDir.resolve("aot");
  }

  /** Returns the cache of a jar, if there is one. */
  public Optional<Path> find(Program.Jar jar) {
    return beside(jar.file(), Releases.original(jar).orElse(jar.file())).or(() -> made(jar));
  }

  /** Returns the cache that the node made of exactly this jar, JVM and options, if there is one. */
  private Optional<Path> made(Program.Jar jar) {
    try {
      if (!Files.isDirectory(directory) || !hasAny(directory, stem(jar.file()))) {
        return Optional.empty(); // and the jar need not be read
      }
      Path cache = placeOf(jar);
      return Files.isReadable(cache) ? Optional.of(cache) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Returns where the node keeps the cache of a jar. Reads the jar. */
  Path placeOf(Program.Jar jar) throws IOException {
    MessageDigest digest = sha256();
    for (String part :
        List.of(
            hash(jar.file()), jdk, jar.file().toString(), String.join("\n", jar.jvmOptions()))) {
      digest.update((part + "\n").getBytes(UTF_8));
    }
    String name = HexFormat.of().formatHex(digest.digest(), 0, NAME_BYTES);
    return directory.resolve(stem(jar.file()) + "-" + name + ".aot");
  }

  /**
   * Returns the cache that {@code bin/aot} made.
   *
   * @param original where it is looked for: the jar, or that of which it is a copy
   */
  private Optional<Path> beside(Path jar, Path original) {
    try {
      Path folder = original.toAbsolutePath().getParent();
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
      MessageDigest digest = sha256();
      byte[] buffer = new byte[64 * 1024];
      int read = in.read(buffer);
      while (read >= 0) {
        digest.update(buffer, 0, read);
        read = in.read(buffer);
      }
      return HexFormat.of().formatHex(digest.digest());
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String stem(Path jar) {
    String name = String.valueOf(jar.getFileName());
    return name.endsWith(".jar") ? name.substring(0, name.length() - 4) : name;
  }
}
