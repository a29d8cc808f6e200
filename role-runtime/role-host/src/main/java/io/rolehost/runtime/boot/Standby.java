package io.rolehost.runtime.boot;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;

import com.codahale.metrics.MetricRegistry;
import io.rolehost.api.PermanentFailureException;
import io.rolehost.api.Role;
import io.rolehost.freeze.FreezeSource;
import io.rolehost.freeze.FreezeSwitch;
import io.rolehost.freeze.FreezeVerdict;
import io.rolehost.runtime.config.ConfigInputs;
import io.rolehost.runtime.config.ConfigLoader;
import io.rolehost.runtime.config.ConfigProblems;
import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.config.Loaded;
import io.rolehost.runtime.lifecycle.Causes;
import io.rolehost.runtime.lifecycle.ExitCode;
import io.rolehost.runtime.management.ManagementPlane;
import io.rolehost.runtime.management.ManagementTokens;
import io.rolehost.runtime.management.PortTaken;
import io.rolehost.runtime.process.BuildId;
import io.rolehost.runtime.process.SystemTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * A hot spare until its promotion: a process beside the live one of an instance, booted, with its
 * management plane up and its role built, that waits before {@code onStart}.
 *
 * <p>It touches nothing that belongs to the instance: no lock, no number of an incarnation, no
 * journal, no log file, none of the run files. Its own are {@code run/<instance>.standby.port} and
 * {@code .standby.pid}, written when it stands by.
 */
final class Standby {

  private static final System.Logger LOG = System.getLogger("rolehost");

  /** Set by a node in a spare, beside its own variable. */
  static final String VARIABLE = "ROLEHOST_STANDBY";

  /**
   * What a promoted spare brings along.
   *
   * @param loaded what it was built by
   * @param registry the one that its role knows
   * @param role built, not started; empty if it is to be built after the startup tasks
   */
  record Brought(
      Loaded loaded,
      ManagementPlane plane,
      PlaneView view,
      ManagementTokens tokens,
      MetricRegistry registry,
      Optional<Role> role) {}

  private static final int WARM_READS = 20;

  private final CountDownLatch promoted = new CountDownLatch(1);

  /** Returns whether this process is to be a hot spare. */
  static boolean isWanted(Map<String, String> environment) {
    return environment.containsKey("ROLEHOST_NODE")
        && environment.containsKey(VARIABLE)
        && !Training.isWanted(environment);
  }

  /** The node says that it is needed; from any thread. */
  void promote() {
    promoted.countDown();
  }

  /**
   * Boots as far as a spare may and returns when it is promoted.
   *
   * @param others freeze sources that the configuration names; closed here
   * @throws Refused if it can't stand by: frozen, or the role can't be built
   */
  Brought standBy(ConfigInputs inputs, Loaded loaded, List<FreezeSource> others, SystemTime time)
      throws Refused, InterruptedException {
    HostSettings settings = loaded.settings();
    PlaneView view = new PlaneView(() -> identity(settings));
    ManagementTokens tokens;
    ManagementPlane plane;
    try {
      tokens = ManagementTokens.of(settings.management().tokens());
      plane = ManagementPlane.start(settings.management(), view, tokens);
    } catch (PortTaken | IOException e) {
      throw new Refused(ExitCode.REFUSED, String.valueOf(e.getMessage()));
    }
    MetricRegistry registry = new MetricRegistry();
    Optional<Role> role = Optional.empty();
    if (settings.start().tasks().isEmpty()) { // else they may change what the role is built from
      checkFreeze(loaded, others, time);
      role = Optional.of(build(loaded, registry, time));
    }
    warm(inputs, role.isPresent() ? settings.roleClass().orElse("") : "");
    Path run = settings.stateDir().resolve("run");
    List<Path> files =
        List.of(
            run.resolve(settings.instanceId() + ".standby.port"),
            run.resolve(settings.instanceId() + ".standby.pid"));
    try {
      Files.createDirectories(run);
      Files.writeString(files.getFirst(), plane.port() + "\n");
      Files.writeString(files.getLast(), ProcessHandle.current().pid() + "\n");
      view.standsBy();
      LOG.log(INFO, "Stands by for " + settings.instanceId());
      promoted.await();
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new Refused(ExitCode.REFUSED, "Nobody can be told of the spare: " + e);
    }
    return new Brought(loaded, plane, view, tokens, registry, role);
  }

  /** What a promotion goes through has been gone through, or is at least loaded. */
  private static void warm(ConfigInputs inputs, String roleClass) {
    try {
      OwnClasses.load(roleClass);
      for (int i = 0; i < WARM_READS; i++) {
        var _ = ConfigLoader.load(inputs);
      }
    } catch (IOException | ConfigProblems e) {
      // It is only slower then; a promotion reads them again, and tells.
    }
  }

  /** No class of the user's is loaded before the sources were asked. */
  private static void checkFreeze(Loaded loaded, List<FreezeSource> others, SystemTime time)
      throws Refused {
    try (FreezeSwitch freezes = FreezeGate.open(loaded, BuildId.ofRole(), others)) {
      FreezeVerdict verdict = freezes.verdict(time.instant());
      if (verdict.frozen()) {
        throw new Refused(ExitCode.REFUSED, "No spare is made while frozen: " + verdict.summary());
      }
    }
  }

  private static Map<String, Object> identity(HostSettings settings) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("role", settings.roleName());
    values.put("instance", settings.instanceId());
    values.put("deployment", settings.deployment());
    return values;
  }

  private static Role build(Loaded loaded, MetricRegistry registry, SystemTime time)
      throws Refused {
    HostSettings settings = loaded.settings();
    try {
      return new RoleLoader(RoleLife.roleClasses())
          .build(
              settings.roleClass().orElseThrow(),
              settings.roleModules(),
              loaded.config(),
              registry,
              time);
    } catch (Exception e) {
      LOG.log(ERROR, "The role of a hot spare can't be built", e);
      throw new Refused(
          e instanceof PermanentFailureException ? ExitCode.PERMANENT : ExitCode.FAILED,
          "No hot spare can be made: " + Causes.text(e));
    }
  }
}
