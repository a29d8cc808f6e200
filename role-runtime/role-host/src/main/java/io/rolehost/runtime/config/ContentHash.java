package io.rolehost.runtime.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;

/** Short digests that tell contents apart: pure. */
public final class ContentHash {

  /** 12 hexadecimal digits: short enough to read out, and no two of a thousand meet by chance. */
  private static final int DIGITS = 12;

  private ContentHash() {}

  /** Returns the digest of bytes. */
  public static String of(byte[] content) {
    return HexFormat.of().formatHex(sha256(content)).substring(0, DIGITS);
  }

  /** Returns the digest of values by their paths; it tells nothing about those that are secret. */
  public static String of(SortedMap<String, ConfigValue> values) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, ConfigValue> entry : values.entrySet()) {
      String path = entry.getKey();
      text.append(path).append('=');
      if (Secrets.isSecret(path)) {
        // One byte: a new password makes a new hash, yet a 256th of all guesses fit it.
        byte[] digest = sha256(plain(entry.getValue()).getBytes(StandardCharsets.UTF_8));
        text.append('#').append(digest[0]);
      } else {
        text.append(plain(entry.getValue()));
      }
      text.append('\n');
    }
    return of(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** A variable can hold only text: {@code "8080"} is the same as {@code 8080}. */
  private static String plain(ConfigValue value) {
    return value instanceof ConfigList || value instanceof ConfigObject
        ? Secrets.render("", value)
        : ConfigUtil.quoteString(String.valueOf(value.unwrapped()));
  }

  private static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }
}
