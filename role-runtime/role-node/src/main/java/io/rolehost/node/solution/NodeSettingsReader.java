package io.rolehost.node.solution;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValue;
import io.rolehost.node.solution.NodeSettings.Management;
import io.rolehost.node.solution.NodeSettings.Profile;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the node's own settings: the {@code rolehost} block of a solution, overridden by
 * environment variables and system properties of the same rule as a role host's.
 */
final class NodeSettingsReader {
  private static final List<String> KEYS =
      List.of(
          "rolehost.profile",
          "rolehost.deployment",
          "rolehost.state-dir",
          "rolehost.freeze.enabled",
          "rolehost.management.host",
          "rolehost.management.port",
          "rolehost.management.token",
          "rolehost.management.token-file",
          "rolehost.management.allowed-hosts");

  private final Config config;
  private final Surroundings surroundings;
  private final List<String> problems = new ArrayList<>();

  private NodeSettingsReader(Config config, Surroundings surroundings) {
    this.config = config;
    this.surroundings = surroundings;
  }

  static NodeSettings read(Config config, Surroundings surroundings) throws SolutionProblems {
    NodeSettingsReader reader = new NodeSettingsReader(config, surroundings);
    NodeSettings settings = reader.settings();
    if (!reader.problems.isEmpty()) {
      throw new SolutionProblems("The node's settings can't be used", reader.problems);
    }
    return settings;
  }

  private NodeSettings settings() {
    for (Map.Entry<String, ConfigValue> entry : ownKeys()) {
      String key = "rolehost." + entry.getKey();
      if (!KEYS.contains(key)) {
        problems.add(
            entry.getValue().origin().description()
                + ": unknown key "
                + key
                + ": a node knows "
                + String.join(", ", KEYS));
      }
    }
    Profile profile = profile();
    return new NodeSettings(
        profile,
        text("rolehost.deployment").orElse("default"),
        stateDir(),
        new Management(
            text("rolehost.management.host")
                .orElse(profile == Profile.KUBERNETES ? "0.0.0.0" : "127.0.0.1"),
            port(),
            profile == Profile.DEV,
            text("rolehost.management.token"),
            text("rolehost.management.token-file").map(surroundings.workingDirectory()::resolve),
            allowedHosts()));
  }

  private Iterable<Map.Entry<String, ConfigValue>> ownKeys() {
    try {
      return config.hasPath("rolehost") ? config.getConfig("rolehost").entrySet() : List.of();
    } catch (ConfigException e) {
      problems.add(String.valueOf(e.getMessage()));
      return List.of();
    }
  }

  private Profile profile() {
    String word = text("rolehost.profile").orElse("auto").toLowerCase(Locale.ROOT);
    if (word.equals("auto")) {
      return detected();
    }
    for (Profile profile : Profile.values()) {
      if (profile.key().equals(word)) {
        return profile;
      }
    }
    problems.add(
        "rolehost.profile: expected auto, azure, kubernetes, systemd or dev, found '" + word + "'");
    return Profile.AZURE;
  }

  private Profile detected() {
    Map<String, String> environment = surroundings.environment();
    if (environment.containsKey("KUBERNETES_SERVICE_HOST")) {
      return Profile.KUBERNETES;
    }
    if (environment.containsKey("NOTIFY_SOCKET")
        || Long.toString(surroundings.pid()).equals(environment.get("SYSTEMD_EXEC_PID"))) {
      return Profile.SYSTEMD;
    }
    return surroundings.terminal() && surroundings.pid() != 1 ? Profile.DEV : Profile.AZURE;
  }

  private Path stateDir() {
    String named =
        text("rolehost.state-dir")
            .orElseGet(() -> {
              @Nullable String systemd = surroundings.environment().get("STATE_DIRECTORY");
              return systemd == null || systemd.isBlank() ? ".rolehost" : first(systemd);
            });
    return surroundings.workingDirectory().resolve(named).normalize();
  }

  /** systemd separates several directories by colons; the first is the main one. */
  private static String first(String directories) {
    int colon = directories.indexOf(':');
    return colon < 0 ? directories : directories.substring(0, colon);
  }

  private int port() {
    String text = text("rolehost.management.port").orElse("8081");
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // told below, with the bounds
    }
    problems.add("rolehost.management.port: expected 0 to 65535, found '" + text + "'");
    return 0;
  }

  private List<String> allowedHosts() {
    try {
      return config.hasPath("rolehost.management.allowed-hosts")
          ? config.getStringList("rolehost.management.allowed-hosts")
          : List.of();
    } catch (ConfigException e) {
      problems.add(String.valueOf(e.getMessage()));
      return List.of();
    }
  }

  private Optional<String> text(String key) {
    @Nullable String property = surroundings.properties().get(key);
    if (property != null) {
      return Optional.of(property);
    }
    String variable = key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    @Nullable String value = surroundings.environment().get(variable);
    if (value != null && !value.startsWith("tcp://")) {
      return Optional.of(value);
    }
    try {
      return config.hasPath(key) ? Optional.of(config.getString(key)) : Optional.empty();
    } catch (ConfigException e) {
      problems.add(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
