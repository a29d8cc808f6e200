package io.rolehost.cli;

import io.rolehost.cli.budget.Budget;
import io.rolehost.runtime.config.ConfigInputs;
import io.rolehost.runtime.config.ConfigLoader;
import io.rolehost.runtime.config.ConfigProblems;
import io.rolehost.runtime.config.HostSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;

/**
 * Reads the settings that a role host would have, without starting it: no class of it is loaded.
 */
final class RoleSettings {
  private static final String REFERENCE = "reference.conf";
  private static final String SERVICES = "META-INF/services/io.rolehost.api.Role";

  private RoleSettings() {}

  /**
   * How a role host is to be started.
   *
   * @param jar of the role; empty = not known, then its settings are the defaults
   * @param jvmOptions of which those that set system properties count
   * @param workingDirectory absolute; where relative paths start
   */
  record Start(
      Optional<Path> jar,
      List<String> jvmOptions,
      Map<String, String> environment,
      Path workingDirectory) {}

  /**
   * Reads them.
   *
   * @throws Refused naming all that is wrong
   */
  static HostSettings read(Start start) throws Refused {
    Map<String, String> properties = new HashMap<>();
    for (String option : start.jvmOptions()) {
      int equals = option.indexOf('=');
      if (option.startsWith("-D") && equals > 0) {
        properties.put(option.substring(2, equals), option.substring(equals + 1));
      }
    }
    try (URLClassLoader resources = resources(start.jar())) {
      ConfigInputs inputs =
          new ConfigInputs(
              start.environment(),
              properties,
              start.workingDirectory(),
              false,
              0,
              false,
              start.jar(),
              start.environment().getOrDefault("HOSTNAME", "localhost"),
              resources,
              hasRole(start.jar()) ? Optional.empty() : Optional.of("role.Role"),
              Map.of());
      return ConfigLoader.load(inputs).settings();
    } catch (ConfigProblems problems) {
      throw new Refused(
          Failures.CONFIGURATION,
          "The settings"
              + start.jar().map(jar -> " of " + jar).orElse("")
              + " can't be used:\n  "
              + String.join("\n  ", problems.problems()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Budget budget(Start start) throws Refused {
    return Budget.of(read(start));
  }

  private static URLClassLoader resources(Optional<Path> jar) {
    try {
      URL[] urls = jar.isEmpty() ? new URL[0] : new URL[] {jar.get().toUri().toURL()};
      // The platform's as parent: what is on the class path of this command is not the role's.
      return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static boolean hasRole(Optional<Path> jar) {
    if (jar.isEmpty() || !Files.isRegularFile(jar.get())) {
      return false;
    }
    try (JarFile file = new JarFile(jar.get().toFile())) {
      return file.getEntry(SERVICES) != null && file.getEntry(REFERENCE) != null;
    } catch (IOException unreadable) {
      return false; // whoever starts it says so
    }
  }
}
