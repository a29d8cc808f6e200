package io.rolehost.freeze.command;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import io.rolehost.freeze.FreezeSource;
import io.rolehost.freeze.FreezeSources;
import io.rolehost.freeze.FreezeStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Opens a source of another jar by its name, with the same settings as a host. */
final class NamedSource {

  private NamedSource() {}

  /**
   * Opens it: by the system properties, the environment variables, and a file, in this order.
   *
   * @param name {@code postgres}
   * @param file a configuration file; null = none
   * @throws IllegalArgumentException if it is not configured, not on the class path, or only read
   */
  static FreezeStore open(String name, @Nullable Path file, Map<String, String> environment) {
    String path = ConfigUtil.joinPath("rolehost", "freeze", name);
    List<FreezeSource> sources;
    try {
      Config all =
          ConfigFactory.systemProperties()
              .withFallback(variables(name, environment))
              .withFallback(parsed(file))
              .resolve(ConfigResolveOptions.defaults().setAllowUnresolved(true));
      sources = FreezeSources.configured(all.withOnlyPath(path));
    } catch (ConfigException wrong) {
      throw new IllegalArgumentException(String.valueOf(wrong.getMessage()), wrong);
    }
    if (sources.isEmpty()) {
      throw new IllegalArgumentException(
          "Nothing says where the freeze source "
              + name
              + " is: name a file that has "
              + path
              + " by --config, or set "
              + prefix(name)
              + "URL");
    }
    if (sources.getFirst() instanceof FreezeStore store) {
      return store;
    }
    throw new IllegalArgumentException("The freeze source " + name + " can only be read");
  }

  /** Returns what the variables of one source say, by the same names as for a host. */
  static Config variables(String name, Map<String, String> environment) {
    String prefix = prefix(name);
    Config config = ConfigFactory.empty();
    for (Map.Entry<String, String> entry : environment.entrySet()) {
      if (entry.getKey().startsWith(prefix) && !entry.getValue().isEmpty()) {
        String key =
            entry.getKey().substring(prefix.length()).toLowerCase(Locale.ROOT).replace('_', '-');
        config =
            config.withValue(
                ConfigUtil.joinPath("rolehost", "freeze", name, key),
                ConfigValueFactory.fromAnyRef(
                    entry.getValue(), "environment variable " + entry.getKey()));
      }
    }
    return config;
  }

  private static String prefix(String name) {
    return "ROLEHOST_FREEZE_" + name.toUpperCase(Locale.ROOT).replace('-', '_') + "_";
  }

  private static Config parsed(@Nullable Path file) {
    return file == null
        ? ConfigFactory.empty()
        : ConfigFactory.parseFile(
            file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
  }
}
