package io.rolehost.node.solution;

import io.rolehost.freeze.CrashLoop;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import io.rolehost.runtime.config.HostSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the node itself is set; the roles it runs get profile, deployment and state directory from
 * it.
 *
 * @param stateDir absolute
 * @param aot whether the node makes start-up caches of the jars it runs
 */
public record NodeSettings(
    Profile profile,
    String deployment,
    Path stateDir,
    Management management,
    AutoFreeze autoFreeze,
    boolean aot) {

  /** Where the node runs; it decides defaults. */
  public enum Profile {
    AZURE("azure", Duration.ofMinutes(10)),
    KUBERNETES("kubernetes", Duration.ofSeconds(25)),
    SYSTEMD("systemd", Duration.ofSeconds(170)),
    DEV("dev", Duration.ofSeconds(3));

    private final String key;
    private final Duration hardCap;

    Profile(String key, Duration hardCap) {
      this.key = key;
      this.hardCap = hardCap;
    }

    /** A profile that nobody set, and why it is this one. */
    public record Detected(Profile profile, String why) {}

    /** Returns the profile for where a node runs, if nobody sets another. */
    public static Detected detected(Surroundings surroundings) {
      Map<String, String> environment = surroundings.environment();
      if (environment.containsKey("KUBERNETES_SERVICE_HOST")) {
        return new Detected(KUBERNETES, "KUBERNETES_SERVICE_HOST is set");
      }
      if (environment.containsKey("NOTIFY_SOCKET")) {
        return new Detected(SYSTEMD, "NOTIFY_SOCKET is set");
      }
      if (Long.toString(surroundings.pid()).equals(environment.get("SYSTEMD_EXEC_PID"))) {
        return new Detected(SYSTEMD, "SYSTEMD_EXEC_PID is this process");
      }
      return surroundings.terminal() && surroundings.pid() != 1
          ? new Detected(DEV, "it runs at a terminal")
          : new Detected(AZURE, "there is neither Kubernetes, systemd nor a terminal");
    }

    /** Returns the word for it in a configuration. */
    public String key() {
      return key;
    }

    /** Returns what a role host can extend its stop to, unless its own settings say otherwise. */
    public Duration hardCap() {
      return hardCap;
    }
  }

  /**
   * When the node freezes an instance by itself.
   *
   * @param limits what a crash loop is
   * @param lasting how long such a freeze lasts before one more try
   */
  public record AutoFreeze(boolean enabled, CrashLoop.Limits limits, Duration lasting) {}

  /**
   * The node's management plane.
   *
   * @param port 0 = any free one
   * @param portSearch whether a taken port is followed by the next free one
   * @param tls empty = plain HTTP
   */
  public record Management(
      String host,
      int port,
      boolean portSearch,
      HostSettings.Tokens tokens,
      List<String> allowedHosts,
      Optional<HostSettings.Tls> tls) {

    /** Takes a copy of the list. */
    public Management {
      allowedHosts = List.copyOf(allowedHosts);
    }
  }
}
