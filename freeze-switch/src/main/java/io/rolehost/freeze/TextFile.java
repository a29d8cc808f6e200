package io.rolehost.freeze;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;

/** One look at a small text file. */
sealed interface TextFile {

  /** More than anybody writes by hand; a file larger than this is some other file. */
  int LARGEST = 1 << 20;

  /** There is no such file, nor perhaps its folder. */
  record Absent() implements TextFile {}

  /** Its text. */
  record Text(String text, Instant modified) implements TextFile {}

  /**
   * It is there and can't be read.
   *
   * @param problem what is wrong and what to do, without the file's name
   */
  record Unreadable(String problem, Instant modified) implements TextFile {}

  /**
   * Looks. Reads by {@link FileInputStream} because that, unlike a channel, is not closed under a
   * thread that happens to be interrupted.
   */
  static TextFile read(Path file) {
    Instant modified = Instant.EPOCH;
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      modified = attributes.lastModifiedTime().toInstant();
      if (attributes.isDirectory()) {
        return new Unreadable("it is a directory; a text file is expected", modified);
      }
      if (!attributes.isRegularFile()) {
        return new Unreadable("it is a device or a pipe; a text file is expected", modified);
      }
      if (attributes.size() > LARGEST) {
        return new Unreadable(
            "it has " + attributes.size() + " bytes; at most " + LARGEST + " are read", modified);
      }
      try (FileInputStream in = new FileInputStream(file.toFile())) {
        return new Text(new String(in.readNBytes(LARGEST), StandardCharsets.UTF_8), modified);
      }
    } catch (NoSuchFileException absent) {
      return new Absent();
    } catch (IOException failed) {
      // Between the look and the opening it can go, or be replaced by something else.
      return Files.notExists(file) ? new Absent() : new Unreadable(reason(failed), modified);
    }
  }

  /** Returns whether two looks found the same. */
  static boolean same(TextFile one, TextFile other) {
    if (one instanceof Text a && other instanceof Text b) {
      return a.text.equals(b.text) && a.modified.equals(b.modified);
    }
    if (one instanceof Unreadable a && other instanceof Unreadable b) {
      return a.problem.equals(b.problem) && a.modified.equals(b.modified);
    }
    return one instanceof Absent && other instanceof Absent;
  }

  /** The bare class name is what a person sees of an {@code AccessDeniedException}; say it. */
  private static String reason(IOException failed) {
    String message = String.valueOf(failed.getMessage());
    return failed instanceof java.nio.file.AccessDeniedException || message.contains("denied")
        ? "permission denied; let the user that runs this process read it"
        : message;
  }
}
