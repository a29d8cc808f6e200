package io.rolehost.runtime.boot;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.rolehost.api.StopReason;
import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.endpoint.EndpointFacts;
import io.rolehost.runtime.journal.CriticalChain;
import io.rolehost.runtime.journal.Fingerprint;
import io.rolehost.runtime.lifecycle.ExitCode;
import io.rolehost.runtime.lifecycle.HostEvent;
import io.rolehost.runtime.lifecycle.HostState;
import io.rolehost.runtime.lifecycle.StopStep;
import io.rolehost.runtime.management.ManagementPlane;
import io.rolehost.runtime.process.HostLog;
import io.rolehost.runtime.process.RunFiles;
import io.rolehost.runtime.process.TerminationMessage;
import io.rolehost.runtime.process.ThreadDump;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The last step of a stop, and the dump before a halt: what is open as long as the process lives is
 * closed here, the log last.
 */
final class Leaving {

  private static final System.Logger LOG = System.getLogger("rolehost");

  /** How long a blocked console or disk may keep the last lines. */
  private static final Duration FLUSH_LIMIT = Duration.ofMillis(500);

  /** How long writing the dump may take before the process is halted without it. */
  private static final Duration DUMP_LIMIT = Duration.ofMillis(1500);

  /** How long writing the end into the journal may take where no dump is wanted. */
  private static final Duration NOTE_LIMIT = Duration.ofMillis(300);

  /** What shutdown hooks have even if the stop came to its end in the last moment. */
  private static final Duration HOOKS_LEAST = Duration.ofMillis(200);

  private final Parts parts;
  private final HostSettings settings;
  private final LiveFacts facts;
  private final HostLog log;
  private final RunFiles runFiles;
  private final ManagementPlane plane;
  private final FreezeGate freeze;
  private final OwnIncidents incidents;

  Leaving(
      Parts parts,
      LiveFacts facts,
      HostLog log,
      RunFiles runFiles,
      ManagementPlane plane,
      FreezeGate freeze) {
    this.parts = parts;
    this.settings = parts.config().loaded().settings();
    this.facts = facts;
    this.log = log;
    this.runFiles = runFiles;
    this.plane = plane;
    this.freeze = freeze;
    this.incidents = new OwnIncidents(settings, runFiles.incarnation(), parts.journal(), log);
  }

  /** Writes down where the instance listens. */
  void publishPorts(boolean ready) {
    runFiles.writePorts(plane.port(), endpointPorts(), ready);
  }

  private Map<String, Integer> endpointPorts() {
    Map<String, Integer> ports = new LinkedHashMap<>();
    for (EndpointFacts endpoint :
        facts.role().map(life -> life.endpoints().facts()).orElse(List.of())) {
      if (endpoint.open()) {
        ports.put(endpoint.name(), endpoint.port());
      }
    }
    return ports;
  }

  /** Flushes, takes the management plane down, and reports the step as done. */
  void leave(HostState.Stop stop) {
    HostThread.start(
        "leave",
        () -> {
          int code = facts.stop().map(HostState.Stop::code).orElse(stop.code());
          end(stop, code);
          plane.close();
          freeze.close();
          parts.health().close();
          runFiles.close();
          parts.loop().post(new HostEvent.StepDone(StopStep.LEAVE, false));
        });
  }

  private void end(HostState.Stop stop, int code) {
    Optional<Throwable> thrown = Optional.ofNullable(parts.failure().get());
    Map<String, Object> known = Host.endFacts(stop, code, thrown);
    long took = Duration.ofNanos(parts.time().nanos() - stop.ledger().asked()).toMillis();
    known.put("stopMillis", took);
    if (isAbnormal(code)) {
      incident(
              parts.time().instant(),
              stop.cause().reason().name(),
              code,
              stop.cause().text(),
              known,
              code != ExitCode.REFUSED)
          .ifPresent(folder -> known.put("incident", folder.toString()));
    }
    var _ = parts.journal().append("end", "STOPPING", endName(code), stop.cause().text(), known);
    LOG.log(
        code == ExitCode.OK || code == ExitCode.RECYCLE ? INFO : WARNING,
        "Stopped with exit code "
            + code
            + " after "
            + took
            + " ms, because: "
            + stop.cause().text()
            + LastWords.laggards(CriticalChain.stop(parts.journal().after(0))));
    TerminationMessage.bound()
        .write(LastWords.of(code, stop.cause().text(), known, parts.journal().after(0)));
  }

  private static String endName(int code) {
    return code == ExitCode.OK || code == ExitCode.RECYCLE ? "STOPPED" : "FAILED";
  }

  /** Which ends are worth a folder: not those that were asked for. */
  private static boolean isAbnormal(int code) {
    return code != ExitCode.OK
        && code != ExitCode.RECYCLE
        && code != ExitCode.RUN_RETURNED
        && code != ExitCode.EXIT_ZERO;
  }

  /**
   * Leaves the process. Shutdown hooks have what is left of the grace, and the host thread goes on,
   * so that a further signal can cut it short.
   */
  void exit(int code) {
    log.flush(FLUSH_LIMIT);
    if (!settings.limitsOff()) {
      facts.stop().ifPresent(stop -> HostThread.start("hooks", () -> awaitHooks(stop)));
    }
    HostThread.start("exit", () -> Departure.exit(code));
  }

  /** Ends with the process, unless a hook outlasts the stop. */
  private void awaitHooks(HostState.Stop stop) {
    long least = parts.time().nanos() + HOOKS_LEAST.toNanos();
    Departure.parkUntil(
        parts.time(), () -> Math.max(least, facts.stop().orElse(stop).ledger().orderlyEnd()));
    dump(ExitCode.FORCED, "a shutdown hook still ran at the end of the stop", true);
  }

  /** Writes a thread dump and an incident, then halts; halts without them if they take too long. */
  void dumpThenHalt(int code, String why) {
    halt(code, why, true, DUMP_LIMIT);
  }

  /** Writes the end down and nothing else, then halts; without it if that takes too long. */
  void noteThenHalt(int code, String why) {
    halt(code, why, false, NOTE_LIMIT);
  }

  private void halt(int code, String why, boolean dumps, Duration limit) {
    HostThread.start("dump", () -> dump(code, why, dumps));
    parts.loop().alarm("halt", parts.time().nanos() + limit.toNanos(), () -> Departure.halt(code));
  }

  private StopReason reasonOfKill() {
    return parts.loop().state() instanceof HostState.Killing(_, _, var reason)
        ? reason
        : StopReason.HANG;
  }

  private void dump(int code, String why, boolean dumps) {
    try {
      LOG.log(ERROR, "Halting with exit code " + code + ": " + why);
      Map<String, Object> known = new LinkedHashMap<>();
      known.put("reason", reasonOfKill().name());
      known.put("code", code);
      known.put("text", why);
      known.put("clean", false);
      Instant at = parts.time().instant();
      if (dumps) {
        known.put("incident", incidents.folder(at).toString());
      }
      // Before what may take longer than there is time.
      TerminationMessage.bound().write(LastWords.of(code, why, known, List.of()));
      var _ = parts.journal().append("end", "KILLING", "FAILED", why, known);
      TerminationMessage.bound().write(LastWords.of(code, why, known, parts.journal().after(0)));
      if (dumps) {
        var _ = incident(at, String.valueOf(known.get("reason")), code, why, known, true);
      }
      runFiles.close();
      parts.journal().close();
      log.flush(FLUSH_LIMIT);
    } finally {
      Departure.halt(code);
    }
  }

  private Optional<Path> incident(
      Instant at,
      String reason,
      int code,
      String why,
      Map<String, Object> known,
      boolean withThreads) {
    return incidents.write(
        at, reason, code, why, fingerprint(reason), withThreads ? ThreadDump.json() : "", known);
  }

  private Fingerprint fingerprint(String reason) {
    Throwable thrown = parts.failure().get();
    return thrown == null ? Fingerprint.ofReason(reason, "") : Fingerprint.of(thrown, "");
  }
}
