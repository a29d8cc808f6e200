package io.rolehost.runtime.config;

import io.rolehost.freeze.CrashLoop;
import io.rolehost.runtime.lifecycle.OnTimeout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * All of {@code rolehost.*}, checked and with the profile's defaults filled in. The keys are
 * documented in {@code reference.conf}; each record here is one block of it.
 *
 * @param profile the resolved profile, never {@code auto}
 * @param profileReason why it is this one, for the first log line
 * @param limitsOff true in {@code dev} under a debugger: no start, hang or stop limit
 * @param roleName the name of the role, known before any class of the user's is loaded
 * @param roleClass the class to run: by key, by {@code RoleHost.run}, or the one candidate in
 *     {@code META-INF/services}; the loader always fills it
 * @param roleModules Guice modules named by {@code rolehost.role.modules}
 * @param instanceId {@code <role>_IN_<n>}
 * @param stateDir absolute
 * @param terminationMessage the file that says at the end why the process ended; empty = none
 */
public record HostSettings(
    Profile profile,
    String profileReason,
    boolean limitsOff,
    String deployment,
    String roleName,
    Optional<String> roleClass,
    List<String> roleModules,
    String instanceId,
    Path stateDir,
    Optional<Path> terminationMessage,
    Start start,
    OnReturn runOnReturn,
    Stop stop,
    Uncaught uncaught,
    Duration readinessMaxAge,
    Management management,
    Map<String, EndpointSettings> endpoints,
    Map<String, LocalResource> localResources,
    Log log) {

  private static final String LOOPBACK = "127.0.0.1";

  /**
   * Returns these settings for a start that only makes a start-up cache: no startup task runs,
   * nothing listens on a port that somebody knows or beyond this machine, and a stop does not
   * drain.
   */
  public HostSettings forTraining() {
    Map<String, EndpointSettings> local =
        endpoints.values().stream()
            .map(EndpointSettings::onAnyLocalPort)
            .collect(Collectors.toUnmodifiableMap(EndpointSettings::name, each -> each));
    return new HostSettings(
        profile,
        profileReason,
        limitsOff,
        deployment,
        roleName,
        roleClass,
        roleModules,
        instanceId,
        stateDir,
        Optional.empty(),
        new Start(start.timeout(), start.onTimeout(), List.of()),
        runOnReturn,
        new Stop(
            stop.grace(),
            stop.hardCap(),
            new Drain(Duration.ZERO, Duration.ZERO, Duration.ZERO),
            stop.killReserve(),
            stop.onTimeout()),
        uncaught,
        readinessMaxAge,
        management.onAnyLocalPort(),
        local,
        localResources,
        log);
  }

  /** Where the host runs, which decides the defaults. */
  public enum Profile {
    AZURE,
    KUBERNETES,
    SYSTEMD,
    DEV
  }

  /** What a return of {@code run} leads to. */
  public enum OnReturn {
    RECYCLE,
    STOP
  }

  /** What an uncaught exception on a thread of the role's leads to. */
  public enum Uncaught {
    END,
    LOG
  }

  /**
   * The start.
   *
   * @param timeout for {@code onStart}, and again for {@code onApplicationStart}
   */
  public record Start(Duration timeout, OnTimeout onTimeout, List<StartupTask> tasks) {}

  /**
   * A program that runs before {@code onStart}.
   *
   * @param command program and arguments; never given to a shell
   */
  public record StartupTask(
      String name,
      List<String> command,
      Type type,
      Duration timeout,
      Map<String, String> environment) {

    /** Whether the start waits for it. */
    public enum Type {
      /** Waited for; a failure refuses the start. */
      SIMPLE,
      /** Not waited for. */
      BACKGROUND,
      /** Not waited for at the start; the stop waits for it. */
      FOREGROUND
    }
  }

  /**
   * The stop.
   *
   * @param grace from the request to the end of the process
   * @param hardCap the longest that {@code extend} can make it
   * @param killReserve the last part, for the dump and the halt
   */
  public record Stop(
      Duration grace, Duration hardCap, Drain drain, Duration killReserve, OnTimeout onTimeout) {}

  /**
   * How long a web role goes on serving after a stop was asked: at least {@code min}, until nothing
   * is in flight and nothing came for {@code quiet}, at most {@code cap}.
   */
  public record Drain(Duration min, Duration quiet, Duration cap) {}

  /**
   * The management plane.
   *
   * @param port 0 = any free one
   * @param portSearch true in {@code dev}: a taken port is followed by the next free one
   * @param allowedHosts names a {@code Host} header may have, beside addresses and localhost
   * @param agentCheckPort HAProxy's agent-check; empty = off
   * @param tls empty = plain HTTP
   */
  public record Management(
      String host,
      int port,
      boolean portSearch,
      Tokens tokens,
      List<String> allowedHosts,
      int maxConnections,
      Optional<Integer> agentCheckPort,
      Optional<Tls> tls) {

    private Management onAnyLocalPort() {
      return new Management(
          LOOPBACK,
          0,
          false,
          Tokens.NONE,
          List.of(),
          maxConnections,
          Optional.empty(),
          Optional.empty());
    }

    /** Returns whether only this machine can reach it, as far as the name of the host tells. */
    public boolean isLocal() {
      return Loopback.is(host);
    }
  }

  /**
   * The tokens of the management plane, one a right.
   *
   * @param read if set, reading needs it
   * @param admin if not set, it is random
   */
  public record Tokens(Token read, Token operate, Token admin) {

    /** Nothing is set. */
    public static final Tokens NONE = new Tokens(Token.NONE, Token.NONE, Token.NONE);

    /** Returns whether somebody has set one. */
    public boolean isSet() {
      return read.isSet() || operate.isSet() || admin.isSet();
    }
  }

  /** Where certificate chain and private key are, in PEM; both absolute. */
  public record Tls(Path certificate, Path key) {}

  /**
   * A secret by itself or in a file; the first counts. {@link #toString} does not show it.
   *
   * @param file absolute
   */
  public record Token(Optional<String> value, Optional<Path> file) {

    /** It is not set. */
    public static final Token NONE = new Token(Optional.empty(), Optional.empty());

    /** Returns whether it is set in one of the two ways. */
    public boolean isSet() {
      return value.isPresent() || file.isPresent();
    }

    @Override
    public String toString() {
      return value.isPresent() ? Secrets.HIDDEN : file.map(Path::toString).orElse("none");
    }
  }

  /**
   * One endpoint of a web role.
   *
   * @param port 0 = any free one
   * @param openBeforeReady opened before {@code onStart}: for roles that need each other to start
   * @param inherit whether descriptor 0 is its listening socket, held open by somebody else
   * @param maxBody in bytes
   */
  public record EndpointSettings(
      String name,
      String protocol,
      String host,
      int port,
      boolean openBeforeReady,
      boolean inherit,
      long maxBody,
      EndpointLimits limits) {

    private EndpointSettings onAnyLocalPort() {
      return new EndpointSettings(
          name, protocol, LOOPBACK, 0, openBeforeReady, false, maxBody, limits);
    }
  }

  /**
   * What a client of an endpoint may cost, where the host's own listener serves it.
   *
   * @param maxConnections at one time
   * @param headerTimeout from the connect, or the first byte of a later request, until its headers
   *     are whole
   * @param bodyTimeout the longest pause in a body that the handler waits for
   * @param answerTimeout the longest pause of a client that takes its answer
   * @param idleTimeout how long a connection is kept between two requests
   */
  public record EndpointLimits(
      int maxConnections,
      Duration headerTimeout,
      Duration bodyTimeout,
      Duration answerTimeout,
      Duration idleTimeout) {

    /**
     * Stricter than nginx's defaults (60 s for headers, for a pause in a body and for a pause of
     * the answer), since a stop waits for whoever is being served.
     */
    public static final EndpointLimits USUAL =
        new EndpointLimits(
            10_000,
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60));
  }

  /**
   * A directory for the role.
   *
   * @param cleanOnRecycle emptied at each start
   */
  public record LocalResource(String name, boolean cleanOnRecycle, int sizeInMb) {}

  /**
   * Where log lines go.
   *
   * @param toFile also into a file per incarnation; false = standard output only
   * @param json whether standard output has one JSON object a line; the file has text always
   * @param maxBytes a file is rotated at this size
   * @param keepFiles how many are kept
   */
  public record Log(boolean toFile, boolean json, String level, long maxBytes, int keepFiles) {}

  /**
   * When the host freezes itself after a crash loop. Under a node only the node counts.
   *
   * @param limits what a crash loop is
   * @param lasting how long such a freeze lasts before one more try
   */
  public record AutoFreeze(boolean enabled, CrashLoop.Limits limits, Duration lasting) {}
}
