package io.rolehost.runtime.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The layer that the environment makes: pure.
 *
 * @param config what the variables set
 * @param notices of variables that look as if they were ours and are not
 */
record EnvironmentOverlay(Config config, List<String> notices) {

  private static final String OURS = "ROLEHOST_";

  /** Set by a node in its children; read by the host itself. */
  private static final String NODE = "ROLEHOST_NODE";

  /** Set by a node in a hot spare, and so in what is promoted later. */
  private static final String STANDBY = "ROLEHOST_STANDBY";

  private static final String FREEZE = "ROLEHOST_FREEZE";

  /** What Kubernetes puts into variables for a service that happens to be named like ours. */
  private static final String SERVICE_LINK = "tcp://";

  /** The end of a name that Kubernetes makes for none; a broker's URL may begin like a link. */
  private static final String URL = "_URL";

  /**
   * Matches the variables with the keys they can set: every key of the host, and every scalar key
   * with a dot in it that {@code files} has. (One without would be at the mercy of PATH and HOME.)
   */
  static EnvironmentOverlay of(Map<String, String> environment, ConfigObject files) {
    Map<String, List<String>> paths = new HashMap<>();
    leaves(files)
        .forEach((path, value) -> {
          if (path.size() > 1 && !(value instanceof ConfigList)) {
            paths.put(variable(path), path);
          }
        });
    for (Key<?> key : Keys.ALL) {
      paths.put(variable(key.path()), key.path());
    }
    paths.put(FREEZE, Keys.FREEZE_ENABLED.path());
    Config config = ConfigFactory.empty();
    List<String> notices = new ArrayList<>();
    for (Map.Entry<String, String> entry : new TreeMap<>(environment).entrySet()) {
      String name = entry.getKey();
      String value = entry.getValue();
      if ((value.startsWith(SERVICE_LINK) && !name.endsWith(URL))
          || name.equals(NODE)
          || name.equals(STANDBY)) {
        continue;
      }
      @Nullable List<String> path = paths.get(name);
      if (path == null && name.startsWith(OURS)) {
        path = named(name);
        if (path == null) {
          notices.add(unknown(name, paths));
        }
      }
      // Deployment tools often can't leave a variable out, only empty.
      if (path != null && !value.isEmpty()) {
        config =
            config.withValue(
                ConfigUtil.joinPath(path),
                ConfigValueFactory.fromAnyRef(value, Origins.VARIABLE + name));
      }
    }
    return new EnvironmentOverlay(config, notices);
  }

  /** Returns the name of the variable for a path. */
  static String variable(List<String> path) {
    return String.join("_", path).toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** Returns all values that are no blocks, by their paths. */
  static Map<List<String>, ConfigValue> leaves(ConfigObject root) {
    Map<List<String>, ConfigValue> leaves = new HashMap<>();
    collect(List.of(), root, leaves);
    return leaves;
  }

  private static void collect(
      List<String> parent, ConfigObject object, Map<List<String>, ConfigValue> leaves) {
    try {
      for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
        List<String> path = new ArrayList<>(parent);
        path.add(entry.getKey());
        if (entry.getValue() instanceof ConfigObject child) {
          collect(path, child, leaves);
        } else {
          leaves.put(path, entry.getValue());
        }
      }
    } catch (ConfigException.NotResolved notYet) {
      // Its substitution can't be resolved: that is reported elsewhere, and sets no key.
    }
  }

  /**
   * A block that only the environment speaks of, such as an endpoint: its name is in lower case.
   */
  private static @Nullable List<String> named(String variable) {
    for (Key<?> key : Keys.ALL) {
      int open = key.path().indexOf(Key.ANY_NAME);
      if (open < 0) {
        continue;
      }
      String prefix = variable(key.path().subList(0, open)) + "_";
      String suffix = "_" + variable(key.path().subList(open + 1, key.path().size()));
      if (variable.length() > prefix.length() + suffix.length()
          && variable.startsWith(prefix)
          && variable.endsWith(suffix)) {
        String name =
            variable
                .substring(prefix.length(), variable.length() - suffix.length())
                .toLowerCase(Locale.ROOT)
                .replace('_', '-');
        return key.at(name).path();
      }
    }
    return null;
  }

  private static String unknown(String name, Map<String, List<String>> paths) {
    List<String> known = paths.keySet().stream().filter(v -> v.startsWith(OURS)).sorted().toList();
    return Origins.VARIABLE
        + name
        + " sets nothing: it is not made from a key of the host; the nearest is "
        + Nearest.of(name, known);
  }
}
