package io.rolehost.node.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Where the socket of a node lies: node and commands compute the same place. */
final class ControlSocket {
  // sun_path has 108 bytes on Linux and 104 on macOS, with the final zero.
  private static final int MAX_PATH_BYTES = 100;

  private static final Path SELF = Path.of("/proc/self");

  private ControlSocket() {}

  static UnixDomainSocketAddress of(Path stateDir) {
    Path plain = stateDir.toAbsolutePath().normalize().resolve("run").resolve("node.sock");
    if (plain.toString().getBytes(UTF_8).length <= MAX_PATH_BYTES) {
      return UnixDomainSocketAddress.of(plain);
    }
    return UnixDomainSocketAddress.of(
        Path.of(
            System.getProperty("java.io.tmpdir", "/tmp"),
            "rolehost-" + ownerOf(stateDir),
            hash(plain) + ".sock"));
  }

  /** Not whoever asks: root may ask the node of another user, and must look in the same place. */
  private static String ownerOf(Path stateDir) {
    try {
      return Files.getOwner(stateDir).getName().replace('/', '-');
    } catch (IOException | UnsupportedOperationException nobodyThere) {
      return me();
    }
  }

  /**
   * Returns who this process is, as owners of files are called. Java's own {@code user.name} is a
   * question mark where the user has no entry, as one that systemd made up.
   */
  private static String me() {
    try {
      return Files.getOwner(SELF).getName();
    } catch (IOException | UnsupportedOperationException notLinux) {
      return System.getProperty("user.name", "user");
    }
  }

  /**
   * Makes the folder of the socket, closed to other users, and removes what a dead node left.
   *
   * @throws IOException if it can't be made, or is another user's, who could put a socket of theirs
   *     in the place of this one
   */
  static void prepare(UnixDomainSocketAddress address) throws IOException {
    Path parent = address.getPath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      Files.createDirectories(
          parent,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    if (parent != null && !isTrusted(parent)) {
      throw new IOException(
          parent
              + " belongs to "
              + Files.getOwner(parent)
              + ", so the node's socket would not be safe in it: remove it, or choose a state"
              + " directory with a shorter path");
    }
    Files.deleteIfExists(address.getPath());
  }

  private static boolean isTrusted(Path folder) throws IOException {
    String owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName();
    return owner.equals(me()) || owner.equals("root") || me().equals("root");
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
