package io.rolehost.spring;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.PropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.Resource;
import org.springframework.util.ClassUtils;

/**
 * What the application calls itself, before Spring has read its settings: the identity of the
 * instance is needed for the first thing that the host does.
 */
final class ApplicationName {
  private static final String KEY = "spring.application.name";

  /** Where Spring Boot looks too, the ones that win first. */
  private static final List<String> PLACES =
      List.of("file:./config/", "file:./", "classpath:/config/", "classpath:/");

  private ApplicationName() {}

  /**
   * Returns {@code spring.application.name} by command line, system property, variable or the
   * application's own files; else the simple name of the class with {@code main}. What a name of a
   * role can't have becomes a dash.
   *
   * @param arguments of {@code main}
   * @param mainClass its class, if that is known
   */
  static String of(String[] arguments, @Nullable Class<?> mainClass, ClassLoader resources) {
    StandardEnvironment environment = new StandardEnvironment();
    MutablePropertySources sources = environment.getPropertySources();
    sources.addFirst(new SimpleCommandLinePropertySource(arguments));
    addFiles(sources, new DefaultResourceLoader(resources), resources);
    String name = name(environment);
    if (name == null || name.isBlank()) {
      name = mainClass == null ? "spring" : ClassUtils.getShortName(mainClass);
    }
    return name.strip().replaceAll("[^A-Za-z0-9._-]", "-");
  }

  private static @Nullable String name(StandardEnvironment environment) {
    try {
      return environment.getProperty(KEY);
    } catch (IllegalArgumentException placeholder) {
      return null; // it needs something that only the whole environment has
    }
  }

  private static void addFiles(
      MutablePropertySources sources, DefaultResourceLoader files, ClassLoader classes) {
    add(sources, files, new PropertiesPropertySourceLoader());
    if (ClassUtils.isPresent("org.yaml.snakeyaml.Yaml", classes)) {
      add(sources, files, new YamlPropertySourceLoader());
    }
  }

  private static void add(
      MutablePropertySources sources, DefaultResourceLoader files, PropertySourceLoader loader) {
    for (String place : PLACES) {
      for (String extension : loader.getFileExtensions()) {
        Resource file = files.getResource(place + "application." + extension);
        if (!file.exists()) {
          continue;
        }
        try {
          for (PropertySource<?> document : loader.load(place + extension, file)) {
            if (document.getProperty("spring.config.activate.on-profile") == null) {
              sources.addLast(document);
            }
          }
        } catch (IOException | RuntimeException unreadable) {
          // Spring reads it too, and says what is wrong with it.
        }
      }
    }
  }
}
