package io.rolehost.runtime.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Which values nobody may see: pure. */
final class Secrets {

  /** Stands for a secret. */
  static final String HIDDEN = "***";

  private static final Pattern NAME =
      Pattern.compile(
          ".*(token|password|passwd|passphrase|secret|credentials?|apikey|privatekey|accesskey)");

  /** The password in {@code scheme://user:password@host}. */
  private static final Pattern IN_URL = Pattern.compile("(://[^/@:\\s\"]*:)[^@/\\s\"]+@");

  private Secrets() {}

  /** Returns whether a part of the path names a secret, such as {@code db.password.current}. */
  static boolean isSecret(String path) {
    // Not as HOCON splits it: a path in a message may hold an index, as in tasks[0].
    for (String name : path.split("\\.", -1)) {
      if (isSecretName(name)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSecretName(String name) {
    String letters =
        name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "").replace("\"", "");
    return NAME.matcher(letters).matches();
  }

  /** Returns {@code value} in one line of HOCON, its keys in order, without what is secret. */
  static String render(String path, ConfigValue value) {
    return isSecret(path) ? HIDDEN : render(value);
  }

  private static String render(ConfigValue value) {
    if (value instanceof ConfigObject object) {
      StringBuilder out = new StringBuilder("{");
      for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(object).entrySet()) {
        out.append(out.length() == 1 ? "" : ",")
            .append(ConfigUtil.quoteString(entry.getKey()))
            .append(':')
            .append(isSecretName(entry.getKey()) ? HIDDEN : render(entry.getValue()));
      }
      return out.append('}').toString();
    }
    if (value instanceof ConfigList list) {
      StringBuilder out = new StringBuilder("[");
      for (ConfigValue element : list) {
        out.append(out.length() == 1 ? "" : ",").append(render(element));
      }
      return out.append(']').toString();
    }
    return IN_URL
        .matcher(value.render(ConfigRenderOptions.concise()))
        .replaceAll("$1" + HIDDEN + "@");
  }
}
