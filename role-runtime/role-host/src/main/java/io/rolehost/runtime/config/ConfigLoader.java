package io.rolehost.runtime.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.rolehost.runtime.config.HostSettings.AutoFreeze;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration in its layers and checks it. Layers, from the top: system properties,
 * environment variables, the file of {@code -Dconfig.file}, {@code application.conf} beside the
 * jar, the one inside it, {@code reference.conf}.
 */
public final class ConfigLoader {

  private ConfigLoader() {}

  /**
   * Reads files, keeps none open, loads no class of the user's. Can be called again at any time, by
   * any thread, to see what the files say now.
   *
   * @throws ConfigProblems naming all that is wrong
   */
  public static Loaded load(ConfigInputs inputs) throws ConfigProblems {
    ConfigFiles files = ConfigFiles.read(inputs);
    // Before the parse: a write in between is then seen as a change by the next look.
    String watchedHash = files.watched().map(ConfigLoader::hash).orElse("");
    List<String> problems = new ArrayList<>(files.problems());

    ConfigResolveOptions resolving = resolving(inputs.environment());
    Config properties = properties(inputs.properties());
    Config fromFiles = lenient(files.all(), resolving, properties.withFallback(files.all()));
    EnvironmentOverlay environment = EnvironmentOverlay.of(inputs.environment(), fromFiles.root());
    Config all = properties.withFallback(environment.config()).withFallback(files.all());
    Config config;
    try {
      config = all.resolve(resolving);
    } catch (ConfigException unresolved) {
      if (problems.isEmpty()) { // else a file that can't be parsed may be the reason
        problems.add(Origins.of(unresolved));
      }
      config = lenient(all, resolving, all);
    }
    SettingsReader reader =
        new SettingsReader(config, inputs, candidates(inputs, problems), problems.isEmpty());
    HostSettings settings;
    AutoFreeze autoFreeze;
    try {
      problems.addAll(UnknownKeys.in(config.root()));
      settings = reader.settings();
      autoFreeze = reader.autoFreeze(settings.profile());
    } catch (ConfigException.NotResolved named) { // among the problems already
      throw new ConfigProblems(problems);
    }
    problems.addAll(reader.problems());
    if (!problems.isEmpty()) {
      throw new ConfigProblems(List.copyOf(new LinkedHashSet<>(problems)));
    }
    // Again, as a substitution may be of a value that only the environment gives.
    Config written = lenient(files.all(), resolving, config);
    List<String> notices = new ArrayList<>(environment.notices());
    notices.addAll(reader.notices());
    return new Loaded(
        config,
        settings,
        hash(config, environment.config().withFallback(written)),
        files.watched(),
        watchedHash,
        notices,
        freezeFlag(
            files.watched().isEmpty() ? fromFiles : lenient(files.butWatched(), resolving, config)),
        autoFreeze);
  }

  private static List<String> candidates(ConfigInputs inputs, List<String> problems) {
    try {
      return RoleCandidates.in(inputs.resources());
    } catch (UncheckedIOException unreadable) {
      problems.add(RoleCandidates.SERVICES + " can't be read: " + unreadable.getMessage());
      return List.of();
    }
  }

  private static Config properties(Map<String, String> given) {
    Properties properties = new Properties();
    properties.putAll(given);
    return ConfigFactory.parseProperties(
        properties, ConfigParseOptions.defaults().setOriginDescription(Origins.PROPERTIES));
  }

  /** Substitutions see the given environment, as they see the process's in the library. */
  private static ConfigResolveOptions resolving(Map<String, String> environment) {
    return ConfigResolveOptions.noSystem().appendResolver(new Variables(environment));
  }

  private record Variables(Map<String, String> environment) implements ConfigResolver {

    @Override
    public @Nullable ConfigValue lookup(String path) {
      @Nullable String value = environment.get(path);
      return value == null ? null : ConfigValueFactory.fromAnyRef(value, Origins.VARIABLE + path);
    }

    @Override
    public ConfigResolver withFallback(ConfigResolver fallback) {
      return this; // there is none other
    }
  }

  /** Resolves what can be: for a look at a part of the layers. */
  private static Config lenient(Config config, ConfigResolveOptions resolving, Config source) {
    try {
      return config.resolveWith(source, resolving.setAllowUnresolved(true));
    } catch (ConfigException unresolved) {
      return config;
    }
  }

  private static Optional<String> freezeFlag(Config below) {
    String path = Keys.FREEZE_ENABLED.dotted();
    try {
      if (!below.hasPath(path)) {
        return Optional.empty();
      }
      ConfigValue value = below.getValue(path);
      return Optional.of(
          switch (value.valueType()) {
            case OBJECT, LIST -> Secrets.render(path, value);
            case NUMBER, BOOLEAN, NULL, STRING -> String.valueOf(value.unwrapped());
          });
    } catch (ConfigException unresolved) {
      return Optional.empty();
    }
  }

  /**
   * What matters is what somebody wrote: the keys of files and what overrides them, not the system
   * properties at large, which differ from start to start.
   */
  private static String hash(Config config, Config written) {
    SortedMap<String, ConfigValue> values = new TreeMap<>();
    for (Map.Entry<String, ConfigValue> entry : written.entrySet()) {
      if (config.hasPath(entry.getKey())) {
        values.put(entry.getKey(), config.getValue(entry.getKey()));
      }
    }
    if (config.hasPath(UnknownKeys.ROOT)) {
      for (Map.Entry<String, ConfigValue> entry : config.getConfig(UnknownKeys.ROOT).entrySet()) {
        values.put(UnknownKeys.ROOT + "." + entry.getKey(), entry.getValue());
      }
    }
    values
        .keySet()
        .removeIf(path -> path.equals(Keys.INSTANCE.dotted()) || ConfigDiff.isFreeze(path));
    return ContentHash.of(values);
  }

  private static String hash(Path file) {
    try {
      return ContentHash.of(Files.readAllBytes(file));
    } catch (IOException unreadable) {
      return ""; // the parse says why
    }
  }
}
