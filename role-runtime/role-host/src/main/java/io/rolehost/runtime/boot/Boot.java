package io.rolehost.runtime.boot;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import com.codahale.metrics.MetricRegistry;
import io.rolehost.api.Instance;
import io.rolehost.api.StopReason;
import io.rolehost.freeze.FreezeSource;
import io.rolehost.freeze.FreezeSources;
import io.rolehost.runtime.config.ConfigInputs;
import io.rolehost.runtime.config.ConfigLoader;
import io.rolehost.runtime.config.ConfigProblems;
import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.config.Loaded;
import io.rolehost.runtime.flight.FlightJournal;
import io.rolehost.runtime.journal.Journal;
import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.journal.PastIncarnations;
import io.rolehost.runtime.lifecycle.Causes;
import io.rolehost.runtime.lifecycle.ExitCode;
import io.rolehost.runtime.lifecycle.HoldTurn;
import io.rolehost.runtime.lifecycle.HostEvent;
import io.rolehost.runtime.lifecycle.Limits;
import io.rolehost.runtime.lifecycle.StopCause;
import io.rolehost.runtime.lifecycle.Transitions;
import io.rolehost.runtime.management.ManagementPlane;
import io.rolehost.runtime.management.ManagementTokens;
import io.rolehost.runtime.management.PortTaken;
import io.rolehost.runtime.metrics.HostMetrics;
import io.rolehost.runtime.process.BuildId;
import io.rolehost.runtime.process.ExitCalls;
import io.rolehost.runtime.process.HostLog;
import io.rolehost.runtime.process.InstanceRunning;
import io.rolehost.runtime.process.ProcessFacts;
import io.rolehost.runtime.process.RunFiles;
import io.rolehost.runtime.process.Signals;
import io.rolehost.runtime.process.SupervisorWatch;
import io.rolehost.runtime.process.SystemTime;
import io.rolehost.runtime.process.SystemdNotify;
import io.rolehost.runtime.process.TerminationMessage;
import io.rolehost.runtime.process.TurnFile;
import io.rolehost.runtime.readiness.BusyLeases;
import io.rolehost.runtime.readiness.HealthSampler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Puts a host together, in the order of an incarnation, and gives the thread to its loop. */
public final class Boot {

  private static final System.Logger LOG = System.getLogger("rolehost");
  private static final Duration HEALTH_EVERY = Duration.ofSeconds(1);
  private static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration LAST_LINES = Duration.ofMillis(500);

  private final SystemTime time = new SystemTime();
  private final EarlySignals signals = new EarlySignals();
  private final Map<String, String> environment = System.getenv();

  private final CountDownLatch planePrepared = new CountDownLatch(1);

  /** Until there is a host, nothing was started that would need a stop. */
  private volatile Consumer<String> supervisorLost = _ -> Departure.halt(ExitCode.SUPERVISOR_LOST);

  private Boot() {}

  /**
   * Runs one incarnation on the calling thread. Does not return: the process ends with it.
   *
   * @param inputs what the configuration is made from
   */
  public static void run(ConfigInputs inputs) {
    new Boot().start(inputs);
  }

  /** Says how settings are given, and ends the process. */
  public static void refuseArguments(String first) {
    System.err.println(
        "A role host takes no arguments, found '"
            + first
            + "'. Settings are given as system properties before the jar (java"
            + " -Drolehost.stop.grace=40s -jar my-role.jar), as environment variables"
            + " (ROLEHOST_STOP_GRACE=40s), or in a file (-Dconfig.file=my.conf).");
    ExitCalls.exitFromHost(ExitCode.USAGE);
  }

  private void start(ConfigInputs inputs) {
    // Else Guice makes classes: by sun.misc.Unsafe, of which the JVM warns at each start, and anew
    // each time, since no cache keeps them.
    System.setProperty("guice_bytecode_gen_option", "DISABLED");
    boolean childOfNode = environment.containsKey("ROLEHOST_NODE");
    // Before all else that takes time: until then a TERM ends the process as it ends any other.
    List<String> notices = Signals.install(childOfNode, signals::received);
    HostThread.start("prepare", this::preparePlane); // the settings are read meanwhile
    try {
      Loaded loaded = Training.isWanted(environment) ? load(inputs).forTraining() : load(inputs);
      HostSettings settings = loaded.settings();
      TerminationMessage.bind(settings.terminationMessage(), settings.instanceId());
      Optional<Standby.Brought> spare =
          Standby.isWanted(environment) ? Optional.of(standBy(inputs, loaded)) : Optional.empty();
      try (RunFiles runFiles = lock(settings)) {
        TerminationMessage.bind(
            settings.terminationMessage(),
            settings.instanceId() + ", start #" + runFiles.incarnation() + ",");
        HostLog log =
            HostLog.open(settings.log(), settings.stateDir(), instance(settings, runFiles), time);
        HostLog.bind(log);
        log.teeStandardStreams();
        host(inputs, loaded, runFiles, log, notices, spare);
      }
    } catch (Refused refused) {
      System.err.println(refused.getMessage());
      TerminationMessage.bound()
          .write(LastWords.of(refused.code(), String.valueOf(refused.getMessage())));
      HostLog.bound().flush(LAST_LINES);
      ExitCalls.exitFromHost(refused.code());
    } catch (InterruptedException e) {
      System.err.println("The host thread was interrupted, which nobody may do");
      ExitCalls.exitFromHost(ExitCode.FAILED);
    } catch (RuntimeException | Error e) {
      Causes.vmError(e).ifPresent(Departure::vmError);
      LOG.log(ERROR, "The host failed, which is a bug of Rolehost", e);
      TerminationMessage.bound()
          .write(LastWords.of(ExitCode.FAILED, "the host failed, a bug of Rolehost: " + e));
      HostLog.bound().flush(LAST_LINES);
      ExitCalls.exitFromHost(ExitCode.FAILED);
    }
  }

  private void preparePlane() {
    try {
      ManagementPlane.prepare();
    } finally {
      planePrepared.countDown(); // what failed fails again where it is needed, and is told there
    }
  }

  private static Loaded load(ConfigInputs inputs) throws Refused {
    try {
      return ConfigLoader.load(inputs);
    } catch (ConfigProblems wrong) {
      TerminationMessage.bind(wrong.terminationMessage(), "The role host");
      throw new Refused(ExitCode.PERMANENT, String.valueOf(wrong.getMessage()));
    }
  }

  private static Instance instance(HostSettings settings, RunFiles runFiles) {
    return new Instance(
        settings.deployment(), settings.roleName(), settings.instanceId(), runFiles.incarnation());
  }

  private static RunFiles lock(HostSettings settings) throws Refused {
    try {
      return RunFiles.open(settings);
    } catch (InstanceRunning running) {
      throw new Refused(ExitCode.REFUSED, String.valueOf(running.getMessage()));
    }
  }

  private void host(
      ConfigInputs inputs,
      Loaded loaded,
      RunFiles runFiles,
      HostLog log,
      List<String> notices,
      Optional<Standby.Brought> spare)
      throws Refused, InterruptedException {
    HostSettings settings = loaded.settings();
    List<FreezeSource> freezeSources = freezeSources(loaded);
    long incarnation = runFiles.incarnation();
    Instance instance = instance(settings, runFiles);
    Journal journal =
        Journal.open(settings.stateDir(), settings.instanceId(), incarnation, time, time);
    AutoCloseable _ = journal.subscribe(new FlightJournal()); // as long as the process lives
    HostLoop loop = new HostLoop(new Transitions(limits(settings)), time);
    Departure.lastEntryBy(text -> endedByVmError(journal, loop, text));
    AtomicReference<@Nullable RoleLife> life = new AtomicReference<>();
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    BusyLeases leases = new BusyLeases(time, loop::factsChanged);
    HealthSampler health =
        new HealthSampler(time, HEALTH_EVERY, HEALTH_TIMEOUT, _ -> loop.factsChanged());
    String build = BuildId.ofRole();
    JournalEntry started =
        journal.append(
            PastIncarnations.START,
            loop.state().name(),
            loop.state().name(),
            "start #" + incarnation + (spare.isPresent() ? ", by a hot spare" : ""),
            Map.of(PastIncarnations.BUILD, build, PastIncarnations.CONFIG, loaded.hash()));
    if (!Training.isWanted(environment)) {
      JournalObservers.start(journal, started.sequence() - 1);
    }
    TurnQueue turns =
        new TurnQueue(
            time,
            loop,
            new TurnFile(
                settings.stateDir(), new HoldTurn.Holder(settings.instanceId(), incarnation)),
            settings.stop().hardCap(),
            environment.containsKey("ROLEHOST_NODE"));
    ConfigUpdates config =
        new ConfigUpdates(inputs, loaded, new ConfigOutcome(loop, journal, turns));
    AutoFreeze auto =
        new AutoFreeze(
            loaded.autoFreeze(), !environment.containsKey("ROLEHOST_NODE"), journal, incarnation);
    FreezeGate freeze =
        FreezeGate.open(time, loop, journal, config, build, auto, freezeSources, turns);
    LiveFacts facts = new LiveFacts(loop, life, leases, health, freeze, settings.readinessMaxAge());
    HostMetrics metrics =
        new HostMetrics(
            new Figures(
                facts,
                time,
                instance,
                build,
                journal.lastEnd().map(JournalEntry::detail).orElse(Map.of())),
            spare.map(Standby.Brought::registry).orElseGet(MetricRegistry::new));
    signals.deliverTo(name -> signal(name, loop, config));
    Parts parts =
        new Parts(
            time,
            new SplittableRandom(),
            loop,
            config,
            journal,
            metrics,
            leases,
            health,
            DeploymentSide.of(settings.stateDir(), time),
            new TaskReports(
                loop,
                journal,
                metrics,
                e -> failure.compareAndSet(null, e),
                new HangDumps(time, new OwnIncidents(settings, incarnation, journal, log))),
            life,
            Training.isWanted(environment)
                ? Optional.of(new Training.StandIn(settings.endpoints().keySet()))
                : spare.flatMap(Standby.Brought::role),
            failure);
    Preparation preparation = new Preparation(parts, settings, environment);
    List<String> allNotices = new ArrayList<>(notices);
    allNotices.addAll(loaded.notices());
    HostStatus status =
        new HostStatus(
            parts,
            facts,
            new HostStatus.About(
                instance,
                settings,
                build,
                time.instant(),
                allNotices,
                () -> problems(runFiles, log),
                log::tail),
            freeze,
            preparation::facts);
    firstLines(settings, instance, journal, allNotices);
    ManagementPlane plane = plane(settings, status, runFiles, journal, spare);
    LOG.log(
        INFO,
        "management plane on "
            + (settings.management().tls().isPresent() ? "https://" : "http://")
            + shown(settings.management().host())
            + ":"
            + plane.port());
    plane.agentCheckPort().ifPresent(port -> LOG.log(INFO, "agent-check on port " + port));
    Leaving leaving = new Leaving(parts, facts, log, runFiles, plane, freeze);
    leaving.publishPorts(false);
    Announcer announcer = new Announcer(SystemdNotify.of(environment), loop, time);
    Host host = new Host(parts, instance, freeze, preparation, announcer, facts, status, leaving);
    ExitCalls.deliverTo(host::exitCalled);
    Thread.setDefaultUncaughtExceptionHandler(host::uncaught);
    supervisorLost = why -> loop.post(new HostEvent.StopAsked(StopCause.supervisorLost(why)));
    if (spare.isEmpty()) {
      var _ = SupervisorWatch.start(environment, System.in, this::supervisorLost);
    }
    if (Training.isWanted(environment)) {
      Training.begin(loop, settings, plane.port());
    }
    loop.post(new HostEvent.ManagementUp());
    loop.wake(announcer::begin);
    loop.run(host);
  }

  private void supervisorLost(String why) {
    supervisorLost.accept(why);
  }

  private Standby.Brought standBy(ConfigInputs inputs, Loaded loaded)
      throws Refused, InterruptedException {
    Standby standby = new Standby();
    var _ = SupervisorWatch.start(environment, System.in, this::supervisorLost, standby::promote);
    planePrepared.await();
    return standby.standBy(inputs, loaded, freezeSources(loaded), time);
  }

  private static List<FreezeSource> freezeSources(Loaded loaded) throws Refused {
    try {
      return FreezeSources.configured(loaded.config());
    } catch (IllegalArgumentException wrong) {
      throw new Refused(ExitCode.PERMANENT, String.valueOf(wrong.getMessage()));
    }
  }

  private static Limits limits(HostSettings settings) {
    return new Limits(
        settings.start().timeout().toNanos(),
        settings.start().onTimeout(),
        settings.stop().grace().toNanos(),
        settings.stop().hardCap().toNanos(),
        settings.stop().killReserve().toNanos(),
        settings.stop().onTimeout(),
        settings.runOnReturn() == HostSettings.OnReturn.STOP,
        settings.limitsOff());
  }

  private static List<String> problems(RunFiles runFiles, HostLog log) {
    List<String> problems = new ArrayList<>();
    runFiles.problem().ifPresent(problems::add);
    log.problem().ifPresent(problems::add);
    return problems;
  }

  private static void firstLines(
      HostSettings settings, Instance instance, Journal journal, List<String> notices) {
    String before =
        journal
            .lastEnd()
            .map(end -> "the last one ended: " + end.cause())
            .or(() ->
                journal
                    .lastWithoutEnd()
                    .map(n -> "start #" + n + " ended without a word, by a kill or a crash"))
            .orElse("the first start here");
    LOG.log(
        INFO,
        "Starting "
            + instance.id()
            + " of deployment "
            + instance.deployment()
            + ", start #"
            + instance.incarnation()
            + " ("
            + before
            + "), profile "
            + settings.profile().name().toLowerCase(java.util.Locale.ROOT)
            + " because "
            + settings.profileReason()
            + ", pid "
            + ProcessHandle.current().pid()
            + ", Java "
            + Runtime.version()
            + ", state in "
            + settings.stateDir());
    notices.forEach(notice -> LOG.log(WARNING, notice));
  }

  private static String shown(String host) {
    return host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
  }

  private ManagementPlane plane(
      HostSettings settings,
      HostStatus status,
      RunFiles runFiles,
      Journal journal,
      Optional<Standby.Brought> spare)
      throws Refused, InterruptedException {
    planePrepared.await();
    try {
      if (spare.isPresent()) {
        runFiles.writeToken(spare.get().tokens().run());
        spare.get().view().promoted(status);
        return spare.get().plane();
      }
      ManagementTokens tokens = ManagementTokens.of(settings.management().tokens());
      runFiles.writeToken(tokens.run());
      return ManagementPlane.start(settings.management(), status, tokens);
    } catch (PortTaken taken) {
      throw refused(journal, String.valueOf(taken.getMessage()));
    } catch (IOException unreadable) {
      throw refused(journal, String.valueOf(unreadable.getMessage()));
    }
  }

  private static void endedByVmError(Journal journal, HostLoop loop, String text) {
    var _ =
        journal.append(
            PastIncarnations.END,
            loop.state().name(),
            "FAILED",
            text,
            Map.of(
                "reason",
                StopReason.RUN_FAILED.name(),
                PastIncarnations.CODE,
                ExitCode.VM_ERROR,
                "text",
                text,
                "clean",
                false));
  }

  private static Refused refused(Journal journal, String why) {
    var _ =
        journal.append(
            "end",
            "STARTING",
            "FAILED",
            why,
            Map.of("reason", "RUN_FAILED", "code", ExitCode.REFUSED, "text", why));
    return new Refused(ExitCode.REFUSED, why);
  }

  /** HUP on a terminal says that the terminal is gone; elsewhere it asks to read the settings. */
  private static void signal(String name, HostLoop loop, ConfigUpdates config) {
    if (name.equals("HUP") && !ProcessFacts.onTerminal()) {
      config.checkAsAsked();
    } else {
      loop.post(new HostEvent.SignalReceived(name));
    }
  }

  /** Takes note of changed settings in journal and loop. */
  private record ConfigOutcome(HostLoop loop, Journal journal, TurnQueue turns)
      implements ConfigUpdates.Outcome {

    @Override
    public void noted(String what) {
      String state = loop.state().name();
      var _ = journal.append("config", state, state, what, Map.of());
    }

    @Override
    public void recycle(String why) {
      noted("recycle for " + why);
      turns.wantRecycle(why);
    }

    @Override
    public void stays() {
      turns.noRecycle();
    }
  }
}
