package io.rolehost.freeze;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;

/** The sources that come from other jars: those that the configuration names. */
public final class FreezeSources {

  /** What all settings of the freeze are under. */
  public static final String ROOT = "rolehost.freeze";

  /** A block of the runtime's own. */
  private static final String AUTOMATIC = "auto";

  private FreezeSources() {}

  /**
   * Makes the source of each block under {@code rolehost.freeze} that sets anything. Without one no
   * provider is looked for, so that those who use none pay nothing.
   *
   * @param config all of it, resolved
   * @return them, sorted by the names of their blocks; closed by the caller
   * @throws IllegalArgumentException if a block is wrong, or nobody provides its source: a freeze
   *     that is never read must not seem to work
   */
  public static List<FreezeSource> configured(Config config) {
    SortedMap<String, Config> blocks = blocks(config);
    if (blocks.isEmpty()) {
      return List.of();
    }
    Map<String, FreezeSourceProvider> providers = providers();
    List<FreezeSource> sources = new ArrayList<>(blocks.size());
    for (Map.Entry<String, Config> block : blocks.entrySet()) {
      FreezeSourceProvider provider = providers.get(block.getKey());
      if (provider == null) {
        throw new IllegalArgumentException(unknown(block.getKey(), providers));
      }
      open(provider, block.getValue()).ifPresent(sources::add);
    }
    return List.copyOf(sources);
  }

  /** Returns the names of all sources that jars on the class path provide, sorted. */
  public static List<String> provided() {
    return List.copyOf(providers().keySet());
  }

  private static SortedMap<String, Config> blocks(Config config) {
    SortedMap<String, Config> blocks = new TreeMap<>();
    if (!config.hasPath(ROOT) || !(config.getValue(ROOT) instanceof ConfigObject root)) {
      return blocks;
    }
    for (Map.Entry<String, ConfigValue> entry : root.entrySet()) {
      if (entry.getValue() instanceof ConfigObject block
          && !entry.getKey().equals(AUTOMATIC)
          && !block.toConfig().entrySet().isEmpty()) { // an entry set leaves out what is null
        blocks.put(entry.getKey(), block.toConfig());
      }
    }
    return blocks;
  }

  private static Map<String, FreezeSourceProvider> providers() {
    SortedMap<String, FreezeSourceProvider> providers = new TreeMap<>();
    try {
      ClassLoader beside = FreezeSourceProvider.class.getClassLoader();
      for (FreezeSourceProvider each : ServiceLoader.load(FreezeSourceProvider.class, beside)) {
        providers.put(each.name(), each);
      }
    } catch (ServiceConfigurationError | LinkageError broken) {
      throw new IllegalArgumentException(
          "A freeze source on the class path can't be loaded: " + broken.getMessage(), broken);
    }
    return providers;
  }

  private static Optional<FreezeSource> open(FreezeSourceProvider provider, Config settings) {
    try {
      return provider.open(settings);
    } catch (LinkageError incomplete) {
      throw new IllegalArgumentException(
          "The freeze source "
              + provider.name()
              + " lacks a library on the class path: "
              + incomplete.getMessage(),
          incomplete);
    }
  }

  private static String unknown(String name, Map<String, FreezeSourceProvider> providers) {
    return ROOT
        + "."
        + name
        + " is set, but no jar on the class path provides a freeze source of that name"
        + (providers.isEmpty() ? "" : "; there is " + String.join(", ", providers.keySet()))
        + ". Add the jar (for postgres io.rolehost:freeze-switch-postgres), or remove the block";
  }
}
