package io.rolehost.runtime.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The layers that are files, from the top: what {@code -Dconfig.file}, {@code config.resource} or
 * {@code config.url} names; {@code application.conf} beside the jar; {@code application.conf} on
 * the class path; {@code reference.conf} of the host and of the user's libraries.
 *
 * @param all of them, not resolved
 * @param butWatched all but the watched one
 * @param included files that the watched one includes
 * @param problems of files that can't be read or parsed
 */
record ConfigFiles(
    Config all,
    Config butWatched,
    Optional<Path> watched,
    Set<Path> included,
    List<String> problems) {

  private record Reference(ClassLoader classes, Config config) {}

  private static volatile @Nullable Reference parsed;

  static ConfigFiles read(ConfigInputs inputs) {
    List<String> problems = new ArrayList<>();
    Optional<Path> named =
        Optional.ofNullable(inputs.properties().get("config.file"))
            .map(file -> inputs.workingDirectory().resolve(file));
    Optional<Path> found =
        inputs
            .jar()
            .map(jar -> jar.toAbsolutePath().resolveSibling("application.conf"))
            .filter(Files::isRegularFile);
    ConfigParseOptions options = ConfigParseOptions.defaults().setClassLoader(inputs.resources());
    Set<Path> included = new LinkedHashSet<>();
    ConfigParseOptions noting = options.setIncluder(new IncludedFiles(included));
    Config top = top(inputs, named, named.isPresent() ? noting : options, problems);
    Config beside =
        found
            .filter(file -> !named.equals(found))
            .map(file -> {
              ConfigParseOptions how = named.isPresent() ? options : noting;
              return parse(problems, () -> ConfigFactory.parseFile(file.toFile(), how));
            })
            .orElse(ConfigFactory.empty());
    Config packed =
        parse(problems, () -> ConfigFactory.parseResourcesAnySyntax("application", options));
    Config reference = parse(problems, () -> reference(options));
    Config low = packed.withFallback(defaults(inputs)).withFallback(reference);
    return new ConfigFiles(
        top.withFallback(beside).withFallback(low),
        named.isPresent() ? beside.withFallback(low) : top.withFallback(low),
        named.or(() -> found),
        included,
        problems);
  }

  private static Config defaults(ConfigInputs inputs) {
    return ConfigFactory.parseMap(inputs.defaults(), "defaults of the adapter");
  }

  /** Parsed once for a class path, which does not change under a process. */
  private static Config reference(ConfigParseOptions options) {
    Reference known = parsed;
    if (known == null || !known.classes().equals(options.getClassLoader())) {
      known =
          new Reference(
              options.getClassLoader(), ConfigFactory.parseResources("reference.conf", options));
      parsed = known;
    }
    return known.config();
  }

  private static Config top(
      ConfigInputs inputs, Optional<Path> file, ConfigParseOptions options, List<String> problems) {
    @Nullable String resource = inputs.properties().get("config.resource");
    @Nullable String url = inputs.properties().get("config.url");
    int given = (file.isPresent() ? 1 : 0) + (resource == null ? 0 : 1) + (url == null ? 0 : 1);
    if (given > 1) {
      problems.add(
          "system properties config.file, config.resource and config.url: only one of them can be"
              + " given");
      return ConfigFactory.empty();
    }
    ConfigParseOptions mustExist = options.setAllowMissing(false);
    if (file.isPresent()) {
      Path path = file.get();
      if (!Files.isReadable(path) || Files.isDirectory(path)) {
        problems.add("system property config.file: there is no readable file " + path);
        return ConfigFactory.empty();
      }
      return parse(problems, () -> ConfigFactory.parseFile(path.toFile(), mustExist));
    }
    if (resource != null) {
      String name = resource.startsWith("/") ? resource.substring(1) : resource;
      return parse(problems, () -> ConfigFactory.parseResources(name, mustExist));
    }
    if (url != null) {
      try {
        var place = URI.create(url).toURL();
        return parse(problems, () -> ConfigFactory.parseURL(place, mustExist));
      } catch (MalformedURLException | IllegalArgumentException wrong) {
        problems.add("system property config.url: '" + url + "' is no URL: " + wrong.getMessage());
      }
    }
    return ConfigFactory.empty();
  }

  private static Config parse(List<String> problems, Supplier<Config> file) {
    try {
      return file.get();
    } catch (ConfigException wrong) {
      problems.add(Origins.of(wrong));
      return ConfigFactory.empty();
    }
  }
}
