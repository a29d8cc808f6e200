package io.rolehost.runtime.boot;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;

import io.rolehost.api.Instance;
import io.rolehost.api.Role;
import io.rolehost.api.StopContext;
import io.rolehost.api.WebRole;
import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.endpoint.EndpointOpenException;
import io.rolehost.runtime.endpoint.Endpoints;
import io.rolehost.runtime.lifecycle.Causes;
import io.rolehost.runtime.lifecycle.HostEvent;
import io.rolehost.runtime.lifecycle.HostEvent.Caller;
import io.rolehost.runtime.lifecycle.StopCause;
import io.rolehost.runtime.lifecycle.StopStep;
import io.rolehost.runtime.supervision.CancelToken;
import io.rolehost.runtime.supervision.Jitter;
import io.rolehost.runtime.supervision.StallWatch;
import io.rolehost.runtime.supervision.TaskTree;
import io.rolehost.runtime.supervision.TreeSettings;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The role of this incarnation, with all that came to be because of it: token, tasks, endpoints,
 * resources. Each of its methods is entered on a thread of its own; what comes of it is posted.
 */
final class RoleLife {

  private static final System.Logger LOG = System.getLogger(RoleLife.class.getName());

  /** How a step of the stop that calls code of the role's ends. */
  private interface Closing {
    void call(Role role) throws Exception;
  }

  private final Parts parts;
  private final HostSettings settings;
  private final CancelToken token = new CancelToken();
  private final Closeables closeables;
  private final UserThreads threads = new UserThreads();
  private final TaskTree tasks;
  private final StallWatch stalls;
  private final Endpoints endpoints;
  private final LocalResources localResources;
  private final NamedOperations operations;
  private final HostRoleContext context;
  private volatile @Nullable Role role;
  private volatile boolean leaving;

  RoleLife(Parts parts, HostSettings settings, Instance instance, BooleanSupplier frozen) {
    this.parts = parts;
    this.settings = settings;
    this.closeables =
        new Closeables(
            parts.time(), (resource, took) -> StopSpans.closed(parts::record, resource, took));
    this.tasks =
        new TaskTree(
            withStopShare(
                TreeSettings.of(parts.time(), parts.time(), Jitter.of(parts.random()))
                    .limitsOff(settings.limitsOff()),
                settings),
            parts.taskReports());
    this.stalls =
        new StallWatch(
            parts.time(),
            tasks::standing,
            new StallReports(parts.loop(), parts.journal(), parts.metrics()));
    this.endpoints =
        new Endpoints(
            settings.endpoints(), parts.time(), this::requestFailed, parts.metrics()::answered);
    this.localResources = new LocalResources(settings);
    this.operations = new NamedOperations(parts.time(), parts::vmErrorThrown);
    this.context =
        new HostRoleContext(
            new HostRoleContext.Behind(
                instance,
                parts.config(),
                tasks,
                token,
                parts.leases(),
                closeables,
                endpoints,
                localResources,
                parts.health(),
                parts.side(),
                settings.stateDir().toAbsolutePath(),
                frozen,
                operations,
                why -> parts.loop().post(new HostEvent.StopAsked(StopCause.recycle(why)))));
  }

  /** In {@code dev} the grace is short for the comfort of people; no task has to fit into it. */
  private static TreeSettings withStopShare(TreeSettings tree, HostSettings settings) {
    HostSettings.Stop stop = settings.stop();
    return settings.profile() == HostSettings.Profile.DEV
        ? tree
        : tree.stopShare(stop.grace().minus(stop.killReserve()));
  }

  TaskTree tasks() {
    return tasks;
  }

  /** Returns what keeps tasks from getting on at present, one sentence each. */
  List<String> stalls() {
    return stalls.current();
  }

  NamedOperations operations() {
    return operations;
  }

  Endpoints endpoints() {
    return endpoints;
  }

  /**
   * An ordinary failure ends one request; what a task may end the role with, a request may, too.
   */
  private void requestFailed(Throwable thrown) {
    parts.vmErrorThrown(thrown);
    if (Causes.endsTheRole(thrown) && !leaving) {
      parts.remember(thrown);
      parts.loop().post(new HostEvent.StopAsked(Causes.of("a request", thrown)));
    }
  }

  /** Builds the role and calls {@code onStart}. */
  void start() {
    if (!settings.limitsOff()) {
      stalls.start();
    }
    Thread.ofPlatform().name("role-start").start(() -> reportStart(this::callStart));
  }

  private HostEvent callStart() throws Exception {
    localResources.clean();
    Role built =
        parts.builtRole().isPresent()
            ? parts.builtRole().get()
            : threads.within(Caller.ON_START, this::build);
    role = built;
    endpoints.openBeforeReady();
    return new HostEvent.StartReturned(
        threads.within(Caller.ON_START, () -> built.onStart(context)));
  }

  private Role build() throws Exception {
    return new RoleLoader(roleClasses())
        .build(
            settings.roleClass().orElseThrow(),
            settings.roleModules(),
            context.config(),
            parts.metrics().registry(),
            parts.time());
  }

  /** Returns the loader that has the classes of the role. */
  static ClassLoader roleClasses() {
    ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
    return ofThread == null ? RoleLife.class.getClassLoader() : ofThread;
  }

  private void reportStart(UserThreads.UserCode<HostEvent> start) {
    HostEvent outcome;
    try {
      outcome = start.call();
    } catch (Throwable e) {
      outcome = failedStart(e);
    }
    parts.loop().post(outcome);
  }

  private HostEvent failedStart(Throwable thrown) {
    if (Causes.vmError(thrown).isPresent()) {
      return parts.vmError(thrown);
    }
    if (token.isStopRequested()) {
      LOG.log(INFO, "onStart was given up: {0}", Causes.text(thrown));
      return new HostEvent.StartFailed(StopCause.refused("onStart was given up"));
    }
    LOG.log(ERROR, "The start of the role failed", thrown);
    parts.remember(thrown);
    return new HostEvent.StartFailed(
        thrown instanceof EndpointOpenException closed
            ? notOpened(closed)
            : Causes.of("onStart", thrown));
  }

  private static StopCause notOpened(EndpointOpenException closed) {
    String text = String.valueOf(closed.getMessage());
    return closed.isPortTaken() ? StopCause.refused(text) : StopCause.failed(text);
  }

  /** Calls {@code onApplicationStart}, then opens the listeners. */
  void startApplication() {
    Thread.ofPlatform()
        .name("role-application-start")
        .start(() -> {
          HostEvent outcome;
          try {
            if (role instanceof WebRole web) {
              threads.within(
                  Caller.ON_APPLICATION_START,
                  () -> {
                    web.onApplicationStart(context);
                    return true;
                  });
            }
            if (!token.isStopRequested()) {
              endpoints.open();
            }
            outcome = new HostEvent.ApplicationStarted(endpoints.anyOpen());
          } catch (Throwable e) {
            outcome = failedApplication(e);
          }
          parts.loop().post(outcome);
        });
  }

  private HostEvent failedApplication(Throwable thrown) {
    if (Causes.vmError(thrown).isPresent()) {
      return parts.vmError(thrown);
    }
    if (token.isStopRequested()) {
      LOG.log(INFO, "onApplicationStart was given up: {0}", Causes.text(thrown));
    } else {
      LOG.log(ERROR, "The start of the application failed", thrown);
      parts.remember(thrown);
    }
    return new HostEvent.ApplicationFailed(
        thrown instanceof EndpointOpenException closed
            ? notOpened(closed)
            : Causes.of("onApplicationStart", thrown));
  }

  /** Calls {@code run}, on a thread that keeps the process alive. */
  void run() {
    Role running = role();
    Thread.ofPlatform()
        .name("role-run")
        .daemon(false)
        .start(() -> {
          HostEvent outcome;
          try {
            threads.within(
                Caller.RUN,
                () -> {
                  running.run(context);
                  return true;
                });
            outcome = new HostEvent.RunReturned();
          } catch (Throwable e) {
            outcome = failedRun(e);
          }
          parts.loop().post(outcome);
        });
  }

  private HostEvent failedRun(Throwable thrown) {
    if (Causes.vmError(thrown).isPresent()) {
      return parts.vmError(thrown);
    }
    if (token.isStopRequested() || leaving) {
      LOG.log(INFO, "run ended by the stop: {0}", Causes.text(thrown));
      return new HostEvent.RunReturned();
    }
    LOG.log(ERROR, "run failed", thrown);
    parts.remember(thrown);
    return new HostEvent.RunFailed(Causes.of("run", thrown));
  }

  /** From now on what {@code run} throws is a consequence of the stop, not a cause. */
  void stopBegun() {
    leaving = true;
  }

  /** Cancels the token of a start that is given up. */
  void cancelStart() {
    HostThread.start("cancel", token::cancel);
  }

  void interruptStart() {
    interrupt(Caller.ON_START);
    interrupt(Caller.ON_APPLICATION_START);
  }

  void interruptRun() {
    interrupt(Caller.RUN);
  }

  private void interrupt(Caller caller) {
    threads.inside(caller).ifPresent(Thread::interrupt);
  }

  /**
   * Cancels the token and with it all tasks, and reports when they have left.
   *
   * @param end gives when they must have, at the moment it is asked
   */
  void cancelTokens(Supplier<Long> end) {
    HostThread.start(
        "cancel",
        () -> {
          token.cancel();
          tasks.cancel();
          parts.loop().post(new HostEvent.TasksLeft(tasks.awaitLeft(end.get())));
        });
  }

  /** Calls {@code onApplicationEnd}. */
  void endApplication(StopContext stop) {
    close(
        StopStep.APPLICATION_END,
        Caller.ON_APPLICATION_END,
        ending -> {
          if (ending instanceof WebRole web) {
            web.onApplicationEnd(stop);
          }
        });
  }

  /** Calls {@code onStop}. */
  void stop(StopContext stop) {
    close(StopStep.ON_STOP, Caller.ON_STOP, ending -> ending.onStop(stop));
  }

  /** Closes what the role gave to {@code closeOnStop}, then what is left of the endpoints. */
  void closeResources() {
    close(
        StopStep.RESOURCES,
        Caller.CLOSE,
        ending -> {
          try {
            closeables.close();
          } finally {
            endpoints.close();
          }
        });
  }

  private void close(StopStep step, Caller caller, Closing closing) {
    Thread.ofPlatform()
        .daemon()
        .name("role-" + step.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'))
        .start(() -> {
          boolean failed = false;
          try {
            threads.within(
                caller,
                () -> {
                  closing.call(roleOrNone());
                  return true;
                });
          } catch (Throwable e) {
            if (Causes.vmError(e).isPresent()) {
              parts.loop().post(parts.vmError(e));
              return;
            }
            failed = true;
            LOG.log(ERROR, "The step " + step + " of the stop failed; the stop goes on", e);
          }
          parts.loop().post(new HostEvent.StepDone(step, failed));
        });
  }

  private Role role() {
    Role built = role;
    if (built == null) {
      throw new IllegalStateException("the role is used before it was built");
    }
    return built;
  }

  /** A start that failed before the role was built leaves resources, but nobody to call. */
  private Role roleOrNone() {
    Role built = role;
    return built == null ? new Role() {} : built;
  }

  /** The thread called {@code System.exit} and never comes back. */
  Caller threadEnded(Thread thread) {
    tasks.threadEnded(thread);
    endpoints.threadEnded(thread);
    return threads.callerOf(thread);
  }

  /** Returns where the role's own methods are, by the name of the thread they are on. */
  Map<String, List<StackTraceElement>> stacks() {
    return threads.all().stream()
        .collect(
            Collectors.toMap(
                Thread::getName,
                thread -> List.of(thread.getStackTrace()),
                (one, _) -> one,
                TreeMap::new));
  }

  /** Returns the stack of whoever is inside {@code caller}, for the log. */
  List<StackTraceElement> stackOf(Caller caller) {
    return threads.inside(caller).map(thread -> List.of(thread.getStackTrace())).orElse(List.of());
  }
}
