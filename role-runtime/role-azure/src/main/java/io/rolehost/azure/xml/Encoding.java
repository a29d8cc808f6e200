package io.rolehost.azure.xml;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * From bytes to text: a byte-order mark wins, then how {@code <} is written, then what the
 * declaration says. Pure.
 */
final class Encoding {
  private static final Pattern DECLARED =
      Pattern.compile("^<\\?xml\\s[^>]{0,200}?encoding\\s*=\\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']");
  private static final int HEAD = 300;

  private Encoding() {}

  static String decode(String file, byte[] bytes) throws UnreadableXml {
    if (starts(bytes, 0xEF, 0xBB, 0xBF)) {
      return decode(file, bytes, 3, UTF_8);
    }
    if (starts(bytes, 0xFF, 0xFE)) {
      return decode(file, bytes, 2, UTF_16LE);
    }
    if (starts(bytes, 0xFE, 0xFF)) {
      return decode(file, bytes, 2, UTF_16BE);
    }
    if (starts(bytes, '<', 0)) {
      return decode(file, bytes, 0, UTF_16LE);
    }
    if (starts(bytes, 0, '<')) {
      return decode(file, bytes, 0, UTF_16BE);
    }
    return decode(file, bytes, 0, declared(file, bytes));
  }

  private static Charset declared(String file, byte[] bytes) throws UnreadableXml {
    String head = new String(bytes, 0, Math.min(HEAD, bytes.length), ISO_8859_1);
    Matcher declaration = DECLARED.matcher(head);
    if (!declaration.find()) {
      return UTF_8;
    }
    return switch (declaration.group(1).toLowerCase(Locale.ROOT)) {
      // Editors save as UTF-8 what was made as UTF-16 and says so; its bytes show that it is not.
      case "utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "unicode" -> UTF_8;
      case "us-ascii", "ascii" -> US_ASCII;
      case "iso-8859-1", "latin1" -> ISO_8859_1;
      case "windows-1252" -> Charset.forName("windows-1252");
      default ->
          throw new UnreadableXml(
              file
                  + ":1:1: its encoding is said to be "
                  + declaration.group(1)
                  + "; expected UTF-8 or UTF-16: save it as one of these");
    };
  }

  private static String decode(String file, byte[] bytes, int offset, Charset charset)
      throws UnreadableXml {
    CharsetDecoder decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, bytes.length - offset);
    CharBuffer out = CharBuffer.allocate(bytes.length + 1);
    CoderResult result = decoder.decode(in, out, true);
    String text = out.flip().toString();
    if (result.isError()) {
      Lines lines = new Lines(file, text);
      throw new UnreadableXml(
          lines.at(text.length()) + ": from here on it is not " + charset + ": save it as UTF-8");
    }
    return text;
  }

  private static boolean starts(byte[] bytes, int... with) {
    if (bytes.length < with.length) {
      return false;
    }
    for (int i = 0; i < with.length; i++) {
      if ((bytes[i] & 0xFF) != with[i]) {
        return false;
      }
    }
    return true;
  }
}
