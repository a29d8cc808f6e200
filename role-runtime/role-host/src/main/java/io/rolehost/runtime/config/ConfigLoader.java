package io.rolehost.runtime.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigUtil;
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

    ConfigResolveOptions resolving = resolving(inputs);
    Config properties = properties(inputs.properties());
    EnvironmentOverlay environment =
        EnvironmentOverlay.of(inputs.environment(), lenient(files.all(), resolving).root());
    Config all = properties.withFallback(environment.config()).withFallback(files.all());
    Config config;
    try {
      config = all.resolve(resolving);
    } catch (ConfigException unresolved) {
      if (problems.isEmpty()) { // else a file that can't be parsed may be the reason
        problems.add(Origins.of(unresolved));
      }
      config = lenient(all, resolving);
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
      throw new ConfigProblems(problems, TerminationPath.ofOutside(inputs));
    }
    problems.addAll(reader.problems());
    if (!problems.isEmpty()) {
      throw new ConfigProblems(
          List.copyOf(new LinkedHashSet<>(problems)), settings.terminationMessage());
    }
    List<String> notices = new ArrayList<>(environment.notices());
    notices.addAll(reader.notices());
    return new Loaded(
        config,
        settings,
        hash(config, lenient(environment.config().withFallback(files.all()), resolving)),
        files.watched(),
        files.included(),
        watchedHash,
        notices,
        freezeFlag(
            lenient(
                environment
                    .config()
                    .withoutPath(Keys.FREEZE_ENABLED.dotted())
                    .withFallback(files.butWatched()),
                resolving)),
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
  private static ConfigResolveOptions resolving(ConfigInputs inputs) {
    return ConfigResolveOptions.noSystem().appendResolver(new Outside(inputs));
  }

  /** Where a substitution looks for what is in no layer. */
  private record Outside(ConfigInputs inputs) implements ConfigResolver {

    @Override
    public @Nullable ConfigValue lookup(String path) {
      @Nullable String property = inputs.properties().get(path);
      if (property != null) { // in its layer already, unless only a part of them is looked at
        return ConfigValueFactory.fromAnyRef(property, Origins.PROPERTIES);
      }
      @Nullable String variable = inputs.environment().get(path);
      return variable == null
          ? null
          : ConfigValueFactory.fromAnyRef(variable, Origins.VARIABLE + path);
    }

    @Override
    public ConfigResolver withFallback(ConfigResolver fallback) {
      return this; // there is none other
    }
  }

  /**
   * Resolves what can be. Always in itself: the library's resolveWith fails where a substitution
   * stands over a default, as in {@code port = 80, port = ${?PORT}}.
   */
  private static Config lenient(Config config, ConfigResolveOptions resolving) {
    try {
      return config.resolve(resolving.setAllowUnresolved(true));
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
    for (List<String> parts : EnvironmentOverlay.leaves(written.root()).keySet()) {
      String path = ConfigUtil.joinPath(parts);
      if (config.hasPath(path)) {
        values.put(path, config.getValue(path));
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
