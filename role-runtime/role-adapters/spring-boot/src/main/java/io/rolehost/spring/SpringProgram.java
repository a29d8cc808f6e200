package io.rolehost.spring;

import io.rolehost.api.RoleContext;
import io.rolehost.runtime.RoleHost;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.event.ApplicationContextInitializedEvent;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.event.SpringApplicationEvent;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.util.ClassUtils;

/**
 * The application of this process. Its {@code main} stops in {@code SpringApplication.run} until
 * the host calls {@code onStart}, and goes on from there on its own thread; {@code onStart} waits
 * for what comes of it. So nothing of the application is run twice, or on a thread it does not
 * know.
 */
final class SpringProgram {
  private static final System.Logger LOG = System.getLogger("rolehost");
  private static final AtomicReference<@Nullable SpringProgram> CURRENT = new AtomicReference<>();

  private final SpringApplication application;
  private final Thread main;
  private final HostLines lines;
  private final OpenRequests requests = new OpenRequests();
  private final CountDownLatch go = new CountDownLatch(1);
  private final CompletableFuture<ConfigurableApplicationContext> started =
      new CompletableFuture<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable RoleContext role;
  private volatile @Nullable Availability availability;

  /** Is told what the application says of itself, on whatever thread it says so. */
  interface Availability {

    /** It takes requests, or does not. */
    void accepts(boolean traffic);

    /** It is past helping. */
    void broken();

    /** Its context was closed. */
    void closed();
  }

  private SpringProgram(SpringApplication application, Thread main, HostLines lines) {
    this.application = application;
    this.main = main;
    this.lines = lines;
  }

  /** Returns the application that is a role in this process, if there is one. */
  static Optional<SpringProgram> current() {
    return Optional.ofNullable(CURRENT.get());
  }

  /**
   * An application starts. If it is the program of this process it becomes a role, and this call
   * returns when the host starts the role.
   */
  static void starting(SpringApplication application, String[] arguments) {
    if (CURRENT.get() != null || !isProgram()) {
      return;
    }
    SpringProgram program =
        new SpringProgram(application, Thread.currentThread(), HostLines.take());
    if (CURRENT.compareAndSet(null, program)) {
      program.begin(arguments);
    }
  }

  private static boolean isProgram() {
    List<Launch.Frame> stack =
        Stream.of(Thread.currentThread().getStackTrace())
            .map(frame -> new Launch.Frame(frame.getClassName(), frame.getMethodName()))
            .toList();
    if (!Launch.isProgram(stack)) {
      return false;
    }
    if (ClassUtils.isPresent("org.springframework.boot.devtools.restart.Restarter", null)) {
      LOG.log(
          System.Logger.Level.INFO,
          "Spring Boot's developer tools are on the class path, and restart the application by"
              + " themselves: it is no role here");
      return false;
    }
    return true;
  }

  private void begin(String[] arguments) {
    application.setRegisterShutdownHook(false); // the stop is the host's
    Map<String, String> defaults = new HashMap<>();
    defaults.put(
        "rolehost.role.name",
        ApplicationName.of(
            arguments,
            application.getMainApplicationClass(),
            Thread.currentThread().getContextClassLoader()));
    defaults.put("rolehost.log.format", "text"); // the application's lines stand beside the host's
    if (application.getWebApplicationType() != WebApplicationType.NONE) {
      defaults.put("rolehost.endpoints.http.port", "0");
    }
    Thread.ofPlatform().name("rolehost-main").start(() -> RoleHost.run(SpringRole.class, defaults));
    boolean interrupted = false;
    while (true) {
      try {
        go.await(); // for ever, if the process ends before
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets the application go on. */
  void letGo(RoleContext context) {
    role = context;
    go.countDown();
  }

  /** Returns what comes of the start; done by the application's thread. */
  CompletableFuture<ConfigurableApplicationContext> started() {
    return started;
  }

  /** Returns the thread of {@code main}. */
  Thread main() {
    return main;
  }

  OpenRequests requests() {
    return requests;
  }

  /** From now on {@code listener} is told; at once, if the context is closed already. */
  void listen(Availability listener) {
    availability = listener;
    if (closed.getCount() == 0) {
      listener.closed();
    }
  }

  /** An event of this application, or of another in the same process. */
  void heard(ApplicationEvent event) {
    switch (event) {
      case SpringApplicationEvent ours when ours.getSpringApplication().equals(application) ->
          step(ours);
      case ContextClosedEvent end when end.getApplicationContext().equals(started.getNow(null)) -> {
        closed.countDown();
        tell(Availability::closed);
      }
      case AvailabilityChangeEvent<?> change -> changed(change.getState());
      default -> {}
    }
  }

  private void step(SpringApplicationEvent event) {
    lines.again();
    RoleContext context = role;
    if (context == null) {
      return;
    }
    switch (event) {
      case ApplicationEnvironmentPreparedEvent prepared ->
          RoleSettings.addTo(prepared.getEnvironment(), context);
      case ApplicationContextInitializedEvent initialized ->
          furnish(initialized.getApplicationContext(), context);
      case ApplicationReadyEvent ready -> {
        boolean _ = started.complete(ready.getApplicationContext());
      }
      case ApplicationFailedEvent failed -> {
        boolean _ = started.completeExceptionally(failed.getException());
      }
      default -> {}
    }
  }

  private void furnish(ConfigurableApplicationContext spring, RoleContext context) {
    RoleSettings.addDefaultsTo(spring.getEnvironment());
    spring.addBeanFactoryPostProcessor(beans ->
        beans.addBeanPostProcessor(
            new StopDuringStart(context.stopToken()::isStopRequested, started::isDone)));
    requests.healthAt(
        spring.getEnvironment().getProperty("management.endpoints.web.base-path", "/actuator")
            + "/"
            + spring
                .getEnvironment()
                .getProperty("management.endpoints.web.path-mapping.health", "health"));
    if (spring instanceof GenericApplicationContext beans) {
      switch (application.getWebApplicationType()) {
        case SERVLET ->
            beans.registerBean(
                "rolehostRequests", ServletRequests.class, () -> new ServletRequests(requests));
        case REACTIVE ->
            beans.registerBean(
                "rolehostRequests", ReactiveRequests.class, () -> new ReactiveRequests(requests));
        case NONE -> {}
      }
    }
  }

  private void changed(Object state) {
    if (state instanceof ReadinessState readiness) {
      tell(told -> told.accepts(readiness == ReadinessState.ACCEPTING_TRAFFIC));
    } else if (state == LivenessState.BROKEN) {
      tell(Availability::broken);
    }
  }

  private void tell(java.util.function.Consumer<Availability> what) {
    Availability listener = availability;
    if (listener != null) {
      what.accept(listener);
    }
  }
}
