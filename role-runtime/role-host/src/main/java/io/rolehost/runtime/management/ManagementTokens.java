package io.rolehost.runtime.management;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.runtime.config.HostSettings;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The tokens of a management plane, one a right. They are not shown by {@link #toString}.
 *
 * @param read if there is one, reading needs it
 * @param admin of who may do everything; if blank, nobody may
 * @param run what is left in the run directory, for this user: as that of the admin, and who shows
 *     it is believed about whom it asks for; if blank, there is none
 */
public record ManagementTokens(
    Optional<String> read, Optional<String> operate, String admin, String run) {

  private static final Logger LOG = System.getLogger(ManagementTokens.class.getName());
  private static final int BYTES = 24;
  private static final String SCHEME = "bearer ";

  /** Makes the tokens of a plane that leaves none in the run directory. */
  public ManagementTokens(Optional<String> read, Optional<String> operate, String admin) {
    this(read, operate, admin, "");
  }

  /** Returns the tokens of a plane that has one for everything. */
  public static ManagementTokens one(String token) {
    return new ManagementTokens(Optional.empty(), Optional.empty(), token);
  }

  /**
   * Returns those that are set, by themselves or by a file. That of the run directory is random,
   * and without one of the admin that is the admin's too.
   *
   * @throws IOException with a sentence for an operator, if there is no token in a file
   */
  public static ManagementTokens of(HostSettings.Tokens settings) throws IOException {
    String run = random();
    return new ManagementTokens(
        value(settings.read(), "read-token"),
        value(settings.operate(), "operate-token"),
        value(settings.admin(), "token").orElse(run),
        run);
  }

  /**
   * What was shown with a request.
   *
   * @param right what it allows
   * @param any whether there was anything, right or wrong
   * @param run whether it was that of the run directory
   */
  record Shown(Right right, boolean any, boolean run) {}

  /** Returns the right that an {@code Authorization} header gives. */
  Shown shown(List<String> authorization) {
    if (authorization.isEmpty()) {
      return new Shown(Right.NONE, false, false);
    }
    String value = authorization.getFirst();
    byte[] given =
        value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
            ? value.substring(SCHEME.length()).strip().getBytes(UTF_8)
            : new byte[0];
    // All are looked at, so that the time does not tell which one was near.
    boolean isRun = same(given, run);
    boolean isAdmin = same(given, admin) || isRun;
    boolean operates = same(given, operate.orElse(""));
    boolean reads = same(given, read.orElse(""));
    Right right =
        isAdmin ? Right.ADMIN : operates ? Right.OPERATE : reads ? Right.READ : Right.NONE;
    return new Shown(right, true, isRun);
  }

  /** Takes the same time wherever the two differ. */
  private static boolean same(byte[] given, String token) {
    byte[] wanted = token.strip().getBytes(UTF_8);
    return MessageDigest.isEqual(given, wanted) && wanted.length > 0;
  }

  /** Returns whether anybody may look. */
  boolean readingIsFree() {
    return read.isEmpty();
  }

  private static Optional<String> value(HostSettings.Token setting, String key) throws IOException {
    return setting.value().isPresent() || setting.file().isEmpty()
        ? setting.value()
        : Optional.of(in(setting.file().get(), key));
  }

  private static String random() {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  private static String in(Path file, String key) throws IOException {
    String named = "rolehost.management." + key + "-file names " + file + ", ";
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
    SecretFile.openToOthers(file).ifPresent(wrong -> LOG.log(Level.WARNING, wrong));
    return token;
  }

  @Override
  public String toString() {
    return "ManagementTokens[read "
        + (read.isPresent() ? "set" : "free")
        + ", operate "
        + (operate.isPresent() ? "set" : "not set")
        + "]";
  }
}
