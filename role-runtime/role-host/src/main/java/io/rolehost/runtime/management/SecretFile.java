package io.rolehost.runtime.management;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** A file that only its user should be able to read. */
final class SecretFile {

  private SecretFile() {}

  /** Returns what is wrong with the mode of a file, if that can be seen and anything is. */
  static Optional<String> openToOthers(Path file) {
    Set<PosixFilePermission> mode;
    try {
      mode = Files.getPosixFilePermissions(file);
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
    return mode.contains(PosixFilePermission.OTHERS_READ)
        ? Optional.of(
            file
                + " holds a secret, and every user of this machine can read it (mode "
                + PosixFilePermissions.toString(mode)
                + "): chmod 600 "
                + file)
        : Optional.empty();
  }
}
