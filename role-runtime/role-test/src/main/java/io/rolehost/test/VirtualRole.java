package io.rolehost.test;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.rolehost.api.ConfigChange;
import io.rolehost.api.ConfigChangingListener;
import io.rolehost.api.HealthCheck;
import io.rolehost.api.Operations;
import io.rolehost.api.Role;
import io.rolehost.api.http.HttpHandler;
import io.rolehost.runtime.config.ConfigDiff;
import io.rolehost.runtime.config.ConfigVotes;
import io.rolehost.runtime.lifecycle.StopCause;
import io.rolehost.runtime.supervision.TaskFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A role in virtual time: the same states, limits, exit codes and supervision as in a host, without
 * process, network or clock.
 *
 * <pre>{@code
 * try (VirtualRole role = VirtualRole.of(new PhotoWorker()).config("photos.dir = /tmp/x").start()) {
 *   assertTrue(role.isReady());
 *   role.advance(Duration.ofHours(1));
 *   assertEquals(0, role.stop().code());
 * }
 * }</pre>
 *
 * <p>{@code onStart}, {@code run} and {@code onStop} run on threads of their own, as in a host.
 * Each method here returns when all that follows from it is done and everything waits. Used by one
 * thread, the test's.
 */
public final class VirtualRole implements AutoCloseable {

  private final VirtualTime time;
  private final RoleShell shell;
  private final VirtualContext context;

  private VirtualRole(Setup setup) {
    this.time = setup.time;
    this.context = new VirtualContext(setup.name, setup.config, time);
    this.shell = new RoleShell(setup.role, context, time, setup.seed, setup.grace);
  }

  /** Prepares a start of {@code role}. */
  public static Setup of(Role role) {
    return new Setup(role);
  }

  /** What a start can be given; each method returns this very object. */
  public static final class Setup {

    private final Role role;
    private String name;
    private Config config = ConfigFactory.empty();
    private Duration grace = Duration.ofSeconds(25);
    private VirtualTime time = new VirtualTime();
    private long seed = new Random().nextLong();

    private Setup(Role role) {
      this.role = role;
      this.name =
          role.getClass().getSimpleName().isEmpty() ? "Role" : role.getClass().getSimpleName();
    }

    /** Takes the settings of the role, as HOCON text. */
    public Setup config(String hocon) {
      return config(ConfigFactory.parseString(hocon).resolve());
    }

    /** Takes the settings of the role. */
    public Setup config(Config settings) {
      this.config = settings;
      return this;
    }

    /** Takes the name of the role; the simple name of its class otherwise. */
    public Setup name(String roleName) {
      this.name = roleName;
      return this;
    }

    /** Takes the grace period of a stop; 25 s otherwise, as on Kubernetes. */
    public Setup grace(Duration ofStop) {
      this.grace = ofStop;
      return this;
    }

    /** Takes a time shared with others. */
    public Setup time(VirtualTime shared) {
      this.time = shared;
      return this;
    }

    /**
     * Takes the seed of the jitter; another one each time otherwise, which {@link VirtualRole#seed}
     * names.
     */
    public Setup seed(long ofJitter) {
      this.seed = ofJitter;
      return this;
    }

    /** Starts the role and returns when it is ready, or waits for something, or has ended. */
    public VirtualRole start() {
      VirtualRole started = new VirtualRole(this);
      started.shell.start();
      return started;
    }
  }

  /** Returns the time the role lives in. */
  public VirtualTime time() {
    return time;
  }

  /** Moves time; see {@link VirtualTime#advance}. */
  public void advance(Duration length) {
    time.advance(length);
  }

  /** Returns the state as {@code /status} shows it, such as {@code READY}. */
  public String state() {
    time.settle();
    return shell.state().name();
  }

  /** Returns whether {@code /readyz} would say 200. */
  public boolean isReady() {
    String name = state();
    return name.equals("READY") || name.equals("SUSPECT");
  }

  /** Returns how the role ended, if it has. */
  public Optional<End> end() {
    time.settle();
    return shell.end();
  }

  /**
   * Asks for a stop as a signal does, and moves time until the role has ended.
   *
   * @throws AssertionError if it does not within its grace; the message says what it waits for
   */
  public End stop() {
    shell.ask(StopCause.signal("TERM"));
    return awaitEnd(shell.grace());
  }

  /**
   * Moves time until the role has ended.
   *
   * @throws AssertionError if it does not within {@code atMost}
   */
  public End awaitEnd(Duration atMost) {
    boolean _ = time.advanceUntil(() -> shell.end().isPresent(), atMost);
    return shell
        .end()
        .orElseThrow(() ->
            new AssertionError(
                "The role is %s %s after it was to end within %s. What happened (%s):%n\t%s"
                    .formatted(
                        shell.state().name(),
                        time.elapsed(),
                        atMost,
                        seed(),
                        String.join(System.lineSeparator() + "\t", history()))));
  }

  /**
   * Returns what has happened so far, one line each, with the time since the beginning:
   * transitions, failures of tasks, restarts, ends.
   */
  public List<String> history() {
    return shell.history();
  }

  /** Returns how each task stands now. */
  public List<TaskFacts> tasks() {
    time.settle();
    return shell.taskFacts();
  }

  /** Returns the sentence that names the seed, for the message of an assertion. */
  public String seed() {
    return "seed " + shell.seed();
  }

  /**
   * Changes the settings, as an edit of the watched file does.
   *
   * @return what became of it: applied, rejected, or the role recycles
   */
  public ConfigChangingListener.Answer changeConfig(String hocon) {
    Config after = ConfigFactory.parseString(hocon).resolve();
    ConfigChange change = ConfigDiff.between(context.config(), after);
    List<ConfigChangingListener.Answer> answers = new ArrayList<>();
    for (ConfigChangingListener listener : context.changing()) {
      answers.add(VirtualContext.ask(listener, change));
    }
    ConfigChangingListener.Answer answer = ConfigVotes.decide(change, answers);
    switch (answer) {
      case APPLY -> context.changed(after, change);
      case RECYCLE -> shell.ask(StopCause.configChanged("in a test"));
      case REJECT -> {}
    }
    time.settle();
    return answer;
  }

  /**
   * Returns what the role serves an endpoint with.
   *
   * @throws IllegalStateException if it serves none of that name
   */
  public HttpHandler handler(String endpoint) {
    return context.handler(endpoint);
  }

  /**
   * Runs a health check of the role's.
   *
   * @throws IllegalStateException if it has none of that name
   * @throws Exception what the check throws
   */
  public HealthCheck.Result check(String name) throws Exception {
    return context.check(name);
  }

  /**
   * Returns what the role shows to operators and lets them do.
   *
   * @throws IllegalStateException if it has none of that name
   */
  public Operations operations(String name) {
    return context.operations(name);
  }

  /** Freezes the instance, or ends that: what {@code RoleContext.frozen()} says from now on. */
  public void freeze(boolean frozen) {
    context.frozen(frozen);
    time.settle();
  }

  /** Ends whatever still runs, without a stop. */
  @Override
  public void close() {
    shell.close();
    context.close();
  }
}
