package io.rolehost.node.solution;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.rolehost.freeze.CrashLoop;
import io.rolehost.node.solution.NodeSettings.AutoFreeze;
import io.rolehost.node.solution.NodeSettings.Management;
import io.rolehost.node.solution.NodeSettings.Profile;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.config.Loopback;
import io.rolehost.runtime.config.Nearest;
import java.nio.file.Path;
import java.time.Duration;
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
  private static final String AUTO = "rolehost.freeze.auto.";
  private static final int MOST_ENDS = 1_000;

  static final List<String> KEYS =
      List.of(
          "rolehost.profile",
          "rolehost.deployment",
          "rolehost.state-dir",
          "rolehost.aot",
          "rolehost.freeze.enabled",
          AUTO + "enabled",
          AUTO + "ends",
          AUTO + "same-failure",
          AUTO + "stable-window",
          AUTO + "never-started",
          AUTO + "for",
          "rolehost.management.host",
          "rolehost.management.port",
          "rolehost.management.token",
          "rolehost.management.token-file",
          "rolehost.management.read-token",
          "rolehost.management.read-token-file",
          "rolehost.management.operate-token",
          "rolehost.management.operate-token-file",
          "rolehost.management.tls.certificate",
          "rolehost.management.tls.key",
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
                + "; the nearest key of a node is "
                + Nearest.of(key, KEYS));
      }
    }
    Profile profile = profile();
    NodeSettings settings =
        new NodeSettings(
            profile,
            text("rolehost.deployment").orElse("default"),
            stateDir(),
            new Management(
                text("rolehost.management.host")
                    .orElse(profile == Profile.KUBERNETES ? "0.0.0.0" : "127.0.0.1"),
                port(),
                profile == Profile.DEV,
                new HostSettings.Tokens(
                    token("read-token"), token("operate-token"), token("token")),
                allowedHosts(),
                tls()),
            autoFreeze(profile),
            flag("rolehost.aot", profile != Profile.DEV));
    Management management = settings.management();
    if (profile != Profile.KUBERNETES
        && !Loopback.is(management.host())
        && management.tls().isEmpty()
        && !management.tokens().isSet()) {
      problems.add("rolehost.management.host: " + Loopback.tooOpen(management.host()));
    }
    return settings;
  }

  private Optional<HostSettings.Tls> tls() {
    Optional<String> certificate = text("rolehost.management.tls.certificate");
    Optional<String> key = text("rolehost.management.tls.key");
    if (certificate.isPresent() != key.isPresent()) {
      problems.add(
          "there is only one of rolehost.management.tls.certificate and"
              + " rolehost.management.tls.key: set both");
    }
    return certificate.isEmpty() || key.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new HostSettings.Tls(
                surroundings.workingDirectory().resolve(certificate.get()),
                surroundings.workingDirectory().resolve(key.get())));
  }

  private HostSettings.Token token(String name) {
    String key = "rolehost.management." + name;
    return new HostSettings.Token(
        text(key).map(String::strip).filter(token -> !token.isEmpty()),
        text(key + "-file")
            .filter(file -> !file.isBlank())
            .map(file -> surroundings.workingDirectory().resolve(file.strip())));
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
      return Profile.detected(surroundings).profile();
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

  /** The defaults are those of a role host that nobody supervises. */
  private AutoFreeze autoFreeze(Profile profile) {
    return new AutoFreeze(
        flag(AUTO + "enabled", profile != Profile.DEV),
        new CrashLoop.Limits(
            ends("ends", 5),
            ends("same-failure", 3),
            duration("stable-window", Duration.ofMinutes(10)),
            ends("never-started", 10)),
        duration("for", Duration.ofMinutes(15)));
  }

  private boolean flag(String key, boolean otherwise) {
    String text = text(key).orElse(Boolean.toString(otherwise));
    if (!text.equals("true") && !text.equals("false")) {
      problems.add(key + ": expected true or false, found '" + text + "'");
    }
    return text.equals("true");
  }

  private int ends(String key, int otherwise) {
    String text = text(AUTO + key).orElse(Integer.toString(otherwise));
    try {
      int ends = Integer.parseInt(text);
      if (ends >= 2 && ends <= MOST_ENDS) {
        return ends;
      }
    } catch (NumberFormatException e) {
      // told below, with the bounds
    }
    problems.add(AUTO + key + ": expected 2 to " + MOST_ENDS + ", found '" + text + "'");
    return otherwise;
  }

  private Duration duration(String key, Duration otherwise) {
    Optional<String> text = text(AUTO + key);
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      Duration found = ConfigValueFactory.fromAnyRef(text.get()).atKey("d").getDuration("d");
      if (found.isPositive()) {
        return found;
      }
    } catch (ConfigException e) {
      // told below
    }
    problems.add(AUTO + key + ": expected a time such as 15m, found '" + text.get() + "'");
    return otherwise;
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
