package io.rolehost.azure.xml;

import java.util.Arrays;

/** Where the lines of a text begin: LF, CRLF and CR end one. Pure. */
final class Lines {
  private final String file;
  private final int[] starts;

  Lines(String file, String text) {
    this.file = file;
    int[] found = new int[16];
    int count = 1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean ends =
          c == '\n' || (c == '\r' && (i + 1 == text.length() || text.charAt(i + 1) != '\n'));
      if (ends) {
        if (count == found.length) {
          found = Arrays.copyOf(found, count * 2);
        }
        found[count] = i + 1;
        count++;
      }
    }
    starts = Arrays.copyOf(found, count);
  }

  /** Returns the place of a character by its index. */
  Place at(int index) {
    int found = Arrays.binarySearch(starts, index);
    int line = found >= 0 ? found : -found - 2;
    return new Place(file, line + 1, index - starts[line] + 1);
  }
}
