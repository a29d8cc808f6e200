package io.rolehost.runtime.config;

import java.util.Collection;
import java.util.Locale;

/** What somebody may have meant: pure. */
public final class Nearest {

  private Nearest() {}

  /**
   * Returns the one of {@code known} that takes the fewest changed letters. A key that is right but
   * for its block ({@code rolehost.grace}) is near too.
   *
   * @throws IllegalArgumentException if nothing is known
   */
  public static String of(String word, Collection<String> known) {
    String nearest = "";
    int least = Integer.MAX_VALUE;
    for (String candidate : known) {
      int distance =
          Math.min(distance(word, candidate), 2 + 2 * distance(last(word), last(candidate)));
      if (distance < least) {
        least = distance;
        nearest = candidate;
      }
    }
    if (known.isEmpty()) {
      throw new IllegalArgumentException("nothing is known");
    }
    return nearest;
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  /** Levenshtein's, blind to upper and lower case. */
  private static int distance(String from, String to) {
    String a = from.toLowerCase(Locale.ROOT);
    String b = to.toLowerCase(Locale.ROOT);
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[b.length()];
  }
}
