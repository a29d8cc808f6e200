package io.rolehost.node.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Where the socket of a node lies: node and commands compute the same place. */
final class ControlSocket {
  // sun_path has 108 bytes on Linux and 104 on macOS, with the final zero.
  private static final int MAX_PATH_BYTES = 100;

  private ControlSocket() {}

  static UnixDomainSocketAddress of(Path stateDir) {
    Path plain = stateDir.toAbsolutePath().normalize().resolve("run").resolve("node.sock");
    if (plain.toString().getBytes(UTF_8).length <= MAX_PATH_BYTES) {
      return UnixDomainSocketAddress.of(plain);
    }
    return UnixDomainSocketAddress.of(
        Path.of(
            System.getProperty("java.io.tmpdir", "/tmp"),
            "rolehost-" + System.getProperty("user.name", "user"),
            hash(plain) + ".sock"));
  }

  /** Makes the folder of the socket, closed to other users, and removes what a dead node left. */
  static void prepare(UnixDomainSocketAddress address) throws IOException {
    Path parent = address.getPath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      Files.createDirectories(
          parent,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Files.deleteIfExists(address.getPath());
  }

  private static String hash(Path path) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(path.toString().getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
