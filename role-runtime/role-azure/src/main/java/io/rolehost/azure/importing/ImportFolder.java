package io.rolehost.azure.importing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.azure.importing.ImportPlan.PlannedFile;
import io.rolehost.azure.importing.ImportPlan.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes a plan into a folder so that nothing written by hand is lost: a generated file has the
 * hash of its content in its first line, and one whose content has another hash was edited and is
 * left alone. For one thread; each file is written whole or not at all.
 */
public final class ImportFolder {
  private static final Pattern HEADER =
      Pattern.compile(
          "# Written by 'rolehost import azure'\\. [^\n]{0,200}sha256 ([0-9a-f]{64})\n");
  private static final Set<PosixFilePermission> OWNER_ALONE =
      PosixFilePermissions.fromString("rw-------");

  private final Path folder;
  private final boolean dryRun;

  private ImportFolder(Path folder, boolean dryRun) {
    this.folder = folder;
    this.dryRun = dryRun;
  }

  /**
   * What was done with a file.
   *
   * @param name of the file, or of a folder
   */
  public record Done(String name, Action action) {}

  /** What is done with a file. */
  public enum Action {
    /** It is written. */
    WRITTEN,
    /** It is so already. */
    UNCHANGED,
    /** Somebody edited it; it stays, and what the import says now is beside it. */
    KEPT_BESIDE_NEW,
    /** Somebody edited it and the import says what it said before; it stays. */
    KEPT,
    /** It is yours, and includes what was imported. */
    YOURS,
    /** It is there and does not include what was imported. */
    FOREIGN
  }

  /**
   * Writes.
   *
   * @param dryRun whether it is only said what would be done
   * @return what was done, in the order of the plan
   */
  public static List<Done> write(ImportPlan plan, Path folder, boolean dryRun) throws IOException {
    return new ImportFolder(folder, dryRun).write(plan);
  }

  private List<Done> write(ImportPlan plan) throws IOException {
    List<Done> done = new ArrayList<>();
    for (String role : plan.folders()) {
      if (!Files.isDirectory(folder.resolve(role))) {
        if (!dryRun) {
          Files.createDirectories(folder.resolve(role));
        }
        done.add(new Done(role + "/", Action.WRITTEN));
      }
    }
    if (!dryRun) {
      Files.createDirectories(folder);
    }
    for (PlannedFile file : plan.files()) {
      done.add(new Done(file.name(), write(file)));
    }
    return List.copyOf(done);
  }

  private Action write(PlannedFile file) throws IOException {
    Path path = folder.resolve(file.name());
    boolean secret = file.rule() == Rule.SECRET;
    return switch (file.rule()) {
      case REPORT -> replace(path, file.text(), false);
      case ONCE ->
          Files.exists(path) ? yours(path, file.text()) : replace(path, file.text(), false);
      case GENERATED, SECRET -> generated(path, file.text(), secret);
    };
  }

  private static Action yours(Path path, String text) throws IOException {
    String include =
        text.lines().filter(line -> line.startsWith("include ")).findFirst().orElse("");
    String imported = include.substring(include.indexOf('"') + 1, include.lastIndexOf('"'));
    return Files.readString(path).contains('"' + imported + '"') ? Action.YOURS : Action.FOREIGN;
  }

  private Action generated(Path path, String text, boolean secret) throws IOException {
    String whole = header(text) + text;
    if (!Files.exists(path)) {
      return replace(path, whole, secret);
    }
    String there = Files.readString(path);
    Matcher header = HEADER.matcher(there);
    if (!header.lookingAt()) {
      Action _ = replace(beside(path), whole, secret);
      return Action.KEPT_BESIDE_NEW;
    }
    String content = there.substring(header.end());
    if (content.equals(text) || hash(content).equals(header.group(1))) {
      return replace(path, whole, secret);
    }
    if (hash(text).equals(header.group(1))) {
      return Action.KEPT;
    }
    Action _ = replace(beside(path), whole, secret);
    return Action.KEPT_BESIDE_NEW;
  }

  private static Path beside(Path path) {
    return path.resolveSibling(path.getFileName() + ".new");
  }

  private static String header(String text) {
    return "# Written by 'rolehost import azure'. Change solution.conf instead, which wins; an"
        + " edited file is not written again. sha256 "
        + hash(text)
        + "\n";
  }

  private Action replace(Path path, String text, boolean secret) throws IOException {
    if (Files.isRegularFile(path) && Files.readString(path).equals(text)) {
      if (secret && !dryRun && isPosix()) {
        Path _ = Files.setPosixFilePermissions(path, OWNER_ALONE);
      }
      return Action.UNCHANGED;
    }
    if (dryRun) {
      return Action.WRITTEN;
    }
    Path whole = path.resolveSibling("." + path.getFileName() + ".writing");
    Files.deleteIfExists(whole);
    Path _ = Files.createFile(whole, permissions(secret));
    try {
      Path _ = Files.writeString(whole, text);
      Path _ =
          Files.move(
              whole, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(whole);
    }
    return Action.WRITTEN;
  }

  private FileAttribute<?>[] permissions(boolean secret) {
    return secret && isPosix()
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ALONE)}
        : new FileAttribute<?>[0];
  }

  private boolean isPosix() {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
