package io.rolehost.runtime.management;

import io.rolehost.runtime.config.HostSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/** The token that the management plane asks for where something is written. */
public final class ManagementToken {

  private static final int BYTES = 24;

  private ManagementToken() {}

  /**
   * Returns the one that is set, by itself or by a file, else a random one.
   *
   * @throws IOException with a sentence for an operator, if there is no token in the file
   */
  public static String of(HostSettings.Management settings) throws IOException {
    Optional<String> given = settings.token();
    if (given.isPresent()) {
      return given.get();
    }
    Optional<Path> file = settings.tokenFile();
    if (file.isPresent()) {
      return in(file.get());
    }
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  private static String in(Path file) throws IOException {
    String named = "rolehost.management.token-file names " + file + ", ";
    String token;
    try {
      token = Files.readString(file).strip();
    } catch (NoSuchFileException missing) {
      throw new IOException(named + "and there is no such file", missing);
    } catch (IOException e) {
      throw new IOException(named + "which can't be read: " + e.getMessage(), e);
    }
    if (token.isEmpty()) {
      throw new IOException(named + "which is empty: nobody could show that token");
    }
    return token;
  }
}
