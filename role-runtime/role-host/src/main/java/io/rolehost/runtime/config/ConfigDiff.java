package io.rolehost.runtime.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.rolehost.api.ConfigChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What differs between two configurations: pure. */
public final class ConfigDiff {

  private static final String FREEZE = "rolehost.freeze";

  private ConfigDiff() {}

  /**
   * Compares by value: a text and a number that read the same are the same, null is like absent,
   * and a list counts as one value.
   *
   * @param before resolved
   * @param after resolved
   * @return the keys that differ, sorted; none if nothing differs. A secret's values read {@code
   *     ***}; those in {@code before()} and {@code after()} are the real ones
   */
  public static ConfigChange between(Config before, Config after) {
    Map<String, ConfigValue> old = leaves(before);
    Map<String, ConfigValue> fresh = leaves(after);
    TreeSet<String> paths = new TreeSet<>(old.keySet());
    paths.addAll(fresh.keySet());
    List<ConfigChange.Key> keys = new ArrayList<>();
    for (String path : paths) {
      @Nullable ConfigValue was = old.get(path);
      @Nullable ConfigValue is = fresh.get(path);
      if (was == null || is == null || !same(was, is)) {
        keys.add(new ConfigChange.Key(path, rendered(path, was), rendered(path, is)));
      }
    }
    return new ConfigChange(before, after, keys);
  }

  /** Returns whether a path is the Freeze setting or belongs to it. */
  static boolean isFreeze(String path) {
    return path.equals(FREEZE) || path.startsWith(FREEZE + ".");
  }

  private static Map<String, ConfigValue> leaves(Config config) {
    Map<String, ConfigValue> leaves = new TreeMap<>();
    for (Map.Entry<String, ConfigValue> entry : config.entrySet()) {
      leaves.put(entry.getKey(), entry.getValue());
    }
    return leaves;
  }

  private static boolean same(ConfigValue a, ConfigValue b) {
    return a.equals(b)
        || (isScalar(a)
            && isScalar(b)
            && String.valueOf(a.unwrapped()).equals(String.valueOf(b.unwrapped())));
  }

  private static boolean isScalar(ConfigValue value) {
    return !(value instanceof ConfigList || value instanceof ConfigObject);
  }

  private static @Nullable String rendered(String path, @Nullable ConfigValue value) {
    return value == null ? null : Secrets.render(path, value);
  }
}
