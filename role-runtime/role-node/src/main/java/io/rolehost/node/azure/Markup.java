package io.rolehost.node.azure;

import java.util.stream.IntStream;

/**
 * XML that is written in plain ASCII, so that a length in bytes is one in characters too: some
 * clients take the one for the other.
 */
final class Markup {
  static final String HEAD = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";
  private static final int FIRST_PRINTABLE = 0x20;
  private static final int LAST_ASCII = 0x7e;

  private Markup() {}

  /** Returns a text as the content of an element, or between double quotes. */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    IntStream codes = text.codePoints();
    codes.forEach(code -> {
      if (!isInXml(code)) {
        escaped.append("&#xFFFD;");
      } else if (code < FIRST_PRINTABLE
          || code > LAST_ASCII
          || code == '<'
          || code == '>'
          || code == '&'
          || code == '"') {
        escaped.append("&#x").append(Integer.toHexString(code)).append(';');
      } else {
        escaped.append((char) code);
      }
    });
    return escaped.toString();
  }

  /** Some characters can't be in a document, not even by their number. */
  private static boolean isInXml(int code) {
    return code == '\t'
        || code == '\n'
        || code == '\r'
        || (code >= 0x20 && code <= 0xD7FF)
        || (code >= 0xE000 && code <= 0xFFFD)
        || code >= 0x10000;
  }

  static String attribute(String name, Object value) {
    return " " + name + "=\"" + escape(value.toString()) + '"';
  }
}
