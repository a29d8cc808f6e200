package io.rolehost.spring;

import io.rolehost.api.BusyLease;
import io.rolehost.api.FatalTaskException;
import io.rolehost.api.HealthCheck;
import io.rolehost.api.HealthImpact;
import io.rolehost.api.PermanentFailureException;
import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.api.StopContext;
import io.rolehost.runtime.endpoint.EndpointOpenException;
import io.rolehost.runtime.process.ExitCalls;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.DefaultLifecycleProcessor;

/** The Spring Boot application of this process as a role. Made by the host. */
final class SpringRole implements Role {
  private static final System.Logger LOG = System.getLogger("rolehost");

  /** How long what Spring says of a failed start may take to be printed. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  /** How long after the end of its context an application may still call {@code System.exit}. */
  private static final Duration EXIT_FOLLOWS = Duration.ofSeconds(1);

  private static final Duration PHASE = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration LONG = Duration.ofDays(365);

  private enum End {
    BROKEN,
    CLOSED,
    STOP
  }

  private final SpringProgram program;
  private final CompletableFuture<End> end = new CompletableFuture<>();
  private final AtomicBoolean refusing = new AtomicBoolean();
  private volatile @Nullable ConfigurableApplicationContext spring;

  /** Called by the host. */
  SpringRole() {
    program =
        SpringProgram.current()
            .orElseThrow(() ->
                new PermanentFailureException(
                    "rolehost.role.class names the adapter for Spring Boot, which is not started"
                        + " by hand: start the application's own jar or main class"));
  }

  @Override
  public boolean onStart(RoleContext context) throws Exception {
    program.letGo(context);
    ConfigurableApplicationContext started = await(context);
    spring = started;
    Readiness readiness = new Readiness(context);
    program.listen(readiness);
    for (String name : RoleSettings.endpoints(context)) {
      context
          .endpoint(name)
          .serve(
              name.equals(RoleSettings.HTTP)
                  ? new SpringServer(
                      () -> localPort(started), this::refuse, program.requests()::look)
                  : new SpringServer(() -> 0, () -> {}, () -> 0));
    }
    context.healthCheck("spring", readiness, HealthImpact.GATES_READINESS);
    ActuatorHealth.of(started)
        .ifPresent(check -> context.healthCheck("actuator", check, HealthImpact.REPORTS));
    return true;
  }

  private static int localPort(ConfigurableApplicationContext spring) {
    return spring.getEnvironment().getProperty("local.server.port", Integer.class, 0);
  }

  /** Waits for what the thread of {@code main} makes of the application. */
  private ConfigurableApplicationContext await(RoleContext context) throws Exception {
    while (true) {
      try {
        return program.started().get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException goesOn) {
        if (context.stopToken().isStopRequested() && hasCalledExit(program.main())) {
          throw new StopDuringStart.StartGivenUp("System.exit was called during the start");
        }
        if (!program.main().isAlive() && !program.started().isDone()) {
          throw new IllegalStateException("main ended before the application was ready");
        }
      } catch (InterruptedException e) {
        program.main().interrupt();
        throw e;
      } catch (ExecutionException failed) {
        boolean _ = program.main().join(LAST_WORDS);
        throw failure(failed.getCause());
      }
    }
  }

  private static boolean hasCalledExit(Thread thread) {
    return Stream.of(thread.getStackTrace())
        .anyMatch(frame -> frame.getClassName().equals(ExitCalls.class.getName()));
  }

  private static Exception failure(@Nullable Throwable thrown) {
    OptionalInt port = takenPort(thrown);
    if (port.isPresent()) {
      return EndpointOpenException.portTaken(RoleSettings.HTTP, "0.0.0.0", port.getAsInt(), thrown);
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    return thrown instanceof Exception exception
        ? exception
        : new IllegalStateException("The application did not start", thrown);
  }

  /** Its exception for it has another package in Spring Boot 4 than in 3. */
  private static OptionalInt takenPort(@Nullable Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause.getClass().getSimpleName().equals("PortInUseException")) {
        try {
          return OptionalInt.of((Integer) cause.getClass().getMethod("getPort").invoke(cause));
        } catch (ReflectiveOperationException anotherOne) {
          return OptionalInt.empty();
        }
      }
    }
    return OptionalInt.empty();
  }

  @Override
  public void run(RoleContext context) throws Exception {
    context.stopToken().onStop(() -> end.complete(End.STOP));
    switch (end.get()) {
      case STOP -> {}
      case BROKEN ->
          throw new FatalTaskException(
              "The application says that it is BROKEN (its liveness state)");
      case CLOSED -> {
        // Most likely by System.exit(SpringApplication.exit(…)), which has a code to tell.
        if (!context.stopToken().await(EXIT_FOLLOWS)) {
          LOG.log(System.Logger.Level.INFO, "The application closed its context by itself");
        }
      }
    }
  }

  @Override
  public void onStop(StopContext stop) {
    ConfigurableApplicationContext closing = spring;
    if (closing == null) {
      return;
    }
    refuse();
    limitPhases(closing, stop.remaining());
    closing.close();
  }

  /** Says in the application, too, that no traffic is wanted: its own probes turn. */
  private void refuse() {
    ConfigurableApplicationContext refused = spring;
    if (refused == null || !refusing.compareAndSet(false, true)) {
      return;
    }
    program.requests().drain();
    if (refused.isActive()) {
      AvailabilityChangeEvent.publish(refused, ReadinessState.REFUSING_TRAFFIC);
    }
  }

  /** Spring would wait for each phase of its stop as long as it was told, whatever is left. */
  private static void limitPhases(ConfigurableApplicationContext spring, Duration remaining) {
    if (spring.getBeanFactory().getSingleton("lifecycleProcessor")
        instanceof DefaultLifecycleProcessor phases) {
      Duration wanted =
          Optional.ofNullable(
                  spring
                      .getEnvironment()
                      .getProperty(
                          "spring.lifecycle.timeout-per-shutdown-phase", Duration.class, PHASE))
              .orElse(PHASE);
      Duration most = remaining.multipliedBy(4).dividedBy(5);
      phases.setTimeoutPerShutdownPhase(
          Math.max(1, (wanted.compareTo(most) < 0 ? wanted : most).toMillis()));
    }
  }

  /** What the application says of its own readiness: at once by a lease, and as a health check. */
  private final class Readiness implements SpringProgram.Availability, HealthCheck {
    private final RoleContext context;
    private @Nullable BusyLease lease;

    Readiness(RoleContext context) {
      this.context = context;
    }

    @Override
    public synchronized void accepts(boolean traffic) {
      if (traffic && lease != null) {
        lease.close();
        lease = null;
      } else if (!traffic && lease == null && !refusing.get()) {
        lease = context.busy("Spring Boot says REFUSING_TRAFFIC", LONG);
      }
    }

    @Override
    public void broken() {
      boolean _ = end.complete(End.BROKEN);
    }

    @Override
    public void closed() {
      boolean _ = end.complete(End.CLOSED);
    }

    @Override
    public synchronized Result check() {
      return lease == null
          ? Result.ok()
          : Result.unhealthy("the application's readiness state is REFUSING_TRAFFIC");
    }
  }
}
