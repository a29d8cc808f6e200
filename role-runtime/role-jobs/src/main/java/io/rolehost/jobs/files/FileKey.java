package io.rolehost.jobs.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names: of a trigger, and of one version of one file. Pure. */
final class FileKey {

  private static final int LONGEST = 80;

  private FileKey() {}

  /** Returns the key by which a second message of the same version is refused. */
  static String of(String trigger, String path, Version version) {
    return "file-" + hash(trigger + '\0' + path + '\0' + version.text()).substring(0, 40);
  }

  /**
   * Returns the name of a trigger, which is that of its queue: {@code files.uploads} for all files
   * of a local resource, else with as much of folder and glob as can be said and a hash of both.
   */
  static String trigger(String folder, String glob) {
    String plain = slug(folder);
    if (plain.equals(folder) && glob.equals("*")) {
      return "files." + folder;
    }
    String name = plain + (glob.equals("*") ? "" : "." + slug(glob));
    String some = name.length() > LONGEST ? name.substring(0, LONGEST) : name;
    return "files." + some + "-" + hash(folder + '\0' + glob).substring(0, 8);
  }

  private static String slug(String text) {
    return text.replaceAll("[^A-Za-z0-9_-]+", "-").replaceAll("^-+|-+$", "");
  }

  private static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Each Java has SHA-256", e);
    }
  }
}
