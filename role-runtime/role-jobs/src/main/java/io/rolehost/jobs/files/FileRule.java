package io.rolehost.jobs.files;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Locale;
import java.util.regex.PatternSyntaxException;

/** Which files of a folder are wanted, by their names alone. Pure. */
final class FileRule {

  /** What writers call a file that is not whole yet. */
  private static final List<String> TEMPORARY =
      List.of(".part", ".partial", ".filepart", ".crdownload", ".tmp", ".temp", ".swp", "~");

  private final List<PathMatcher> matchers;
  private final boolean byName;

  /**
   * Reads a glob. One without a slash is about names, in whatever subfolder; one with a slash is
   * about the path below the folder.
   *
   * @throws IllegalArgumentException if it can't be read
   */
  FileRule(String glob) {
    byName = glob.indexOf('/') < 0;
    try {
      PathMatcher whole = FileSystems.getDefault().getPathMatcher("glob:" + glob);
      // By the rules of the platform **/ wants at least one folder; people mean any number.
      matchers =
          glob.startsWith("**/")
              ? List.of(whole, FileSystems.getDefault().getPathMatcher("glob:" + glob.substring(3)))
              : List.of(whole);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "matching(\""
              + glob
              + "\") is no glob: "
              + e.getDescription()
              + ". Write for instance *.jpg or in/**/*.{csv,xml}.",
          e);
    }
  }

  /**
   * Returns whether a file is wanted.
   *
   * @param relative its path below the folder
   */
  boolean wants(Path relative) {
    for (Path name : relative) {
      if (hidden(name.toString())) {
        return false;
      }
    }
    Path asked = byName ? relative.getFileName() : relative;
    return !temporary(relative.getFileName().toString())
        && matchers.stream().anyMatch(matcher -> matcher.matches(asked));
  }

  /** Returns whether a file or folder of that name is passed over with all that is in it. */
  static boolean hidden(String name) {
    return name.startsWith(".");
  }

  private static boolean temporary(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return TEMPORARY.stream().anyMatch(lower::endsWith);
  }
}
