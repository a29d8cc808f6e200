package io.rolehost.node.solution;

import io.rolehost.node.machine.Rules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * One role of a solution.
 *
 * @param roleHost whether the program is a role host, so that its exit codes and its management
 *     plane mean what the contract says
 * @param instances how many processes of it; 0 or more
 * @param environment set in each process, beside what the node sets
 * @param stopGrace how long a process may take from SIGTERM to its end before it is killed; empty =
 *     what the profile gives it
 * @param hotSpare whether a second process of each instance waits before {@code onStart}
 * @param critical whether the node stops all and exits non-zero when an instance is given up
 * @param dependsOn roles that are ready before this one is started, and end after it
 * @param rules what follows the end of a process
 * @param runAs the user of its processes; empty = that of the node
 * @param cleanEnvironment whether it gets none of the node's variables but those that any program
 *     needs, such as {@code PATH}
 * @param workingDirectory absolute; empty = that of the node
 * @param settings HOCON for the role, rendered; empty = none
 * @param endpoints by name
 * @param localResources by name
 * @param startup programs that run before the role, one after another
 * @param ready how a program that is no role host tells that it is ready
 * @param azureRuntime whether its processes are served the role environment of Azure, and so hear
 *     of other settings while they run
 * @param unresponsiveAfter after so long without an answer of its management plane a role host that
 *     has answered before is killed (10 min, as the host agent of Azure restarted a silent guest);
 *     zero = never
 */
public record RoleSpec(
    String name,
    Program program,
    boolean roleHost,
    int instances,
    Map<String, String> environment,
    Optional<Duration> stopGrace,
    Update update,
    boolean hotSpare,
    boolean critical,
    List<String> dependsOn,
    Rules rules,
    Limits limits,
    Optional<String> runAs,
    boolean cleanEnvironment,
    Optional<Path> workingDirectory,
    Optional<String> settings,
    Map<String, Endpoint> endpoints,
    Map<String, LocalResource> localResources,
    List<StartupTask> startup,
    Ready ready,
    boolean azureRuntime,
    Duration unresponsiveAfter) {
  private static final Duration LEAST_PATIENCE = Duration.ofSeconds(30);
  private static final Duration MARGIN = Duration.ofSeconds(5);
  // What supervisord gives a program.
  private static final Duration COMMAND_GRACE = Duration.ofSeconds(10);

  /** Takes copies of maps and lists; those of endpoints and resources keep their order. */
  public RoleSpec {
    environment = Map.copyOf(environment);
    dependsOn = List.copyOf(dependsOn);
    endpoints = Collections.unmodifiableMap(new LinkedHashMap<>(endpoints));
    localResources = Collections.unmodifiableMap(new LinkedHashMap<>(localResources));
    startup = List.copyOf(startup);
  }

  /**
   * How instances are renewed.
   *
   * @param domains into how many update domains the instances are dealt: n is in {@code n mod
   *     domains}
   * @param maxUnavailable how many instances may be down at once, for any cause
   * @param minReady how long a new process is ready before the next instance may leave: what a load
   *     balancer takes to send it traffic. As {@code minReadySeconds} of Kubernetes
   */
  public record Update(int domains, int maxUnavailable, Duration minReady) {
    /** Azure's five, one at a time, without a pause. */
    public static final Update STANDARD = new Update(5, 1, Duration.ZERO);
  }

  /**
   * What an instance may use at most.
   *
   * @param memory in bytes
   * @param cpus such as 1.5
   */
  public record Limits(OptionalLong memory, OptionalDouble cpus) {
    /** None. */
    public static final Limits NONE = new Limits(OptionalLong.empty(), OptionalDouble.empty());

    /** Returns whether there is any. */
    public boolean isSet() {
      return memory.isPresent() || cpus.isPresent();
    }
  }

  /**
   * Where instances listen.
   *
   * @param port of instance 0; instance n has {@code port + n}; 0 = any free one, for each
   * @param host the address, as a number, that the role environment of Azure tells
   * @param protocol the protocol that it tells
   * @param internal whether it shows other roles where the instances are
   */
  public record Endpoint(int port, String host, String protocol, boolean internal) {
    /** Where everything on one machine reaches everything else. */
    public static final String LOCAL = "127.0.0.1";

    /** TCP on this machine, shown to no other role. */
    public Endpoint(int port) {
      this(port, LOCAL, "tcp", false);
    }

    /** Returns the port of the {@code n}-th instance; 0 = any free one. */
    public int portOf(int n) {
      return port == 0 ? 0 : port + n;
    }
  }

  /**
   * A folder of an instance's own.
   *
   * @param size in bytes, what the role means to use at most
   * @param cleanOnRecycle whether it is emptied before each start
   */
  public record LocalResource(long size, boolean cleanOnRecycle) {}

  /**
   * A program that runs before the role.
   *
   * @param command program and arguments; never given to a shell
   * @param timeout for simple ones
   * @param environment on top of the role's
   */
  public record StartupTask(
      String name,
      List<String> command,
      Type type,
      Duration timeout,
      Map<String, String> environment) {

    /** Takes copies. */
    public StartupTask {
      command = List.copyOf(command);
      environment = Map.copyOf(environment);
    }

    /** Whether the start waits for it. */
    public enum Type {
      /** Waited for; a failure refuses the start. */
      SIMPLE("simple"),
      /** Not waited for. */
      BACKGROUND("background"),
      /** Not waited for at the start, but at the stop. */
      FOREGROUND("foreground");

      private final String key;

      Type(String key) {
        this.key = key;
      }

      /** Returns the word for it in a solution. */
      public String key() {
        return key;
      }
    }
  }

  /** Begins a role with one instance and nothing else set. */
  public static Builder named(String name, Program program) {
    return new Builder(name, program);
  }

  /**
   * Returns how long after SIGTERM a process is killed. A role host keeps its own deadline, and its
   * own settings may give it more time than the profile does: so this limit is a wide one, for a
   * process that can't keep time any more.
   */
  public Duration killAfter(NodeSettings.Profile profile) {
    return stopGrace.orElseGet(() ->
        !roleHost
            ? COMMAND_GRACE
            : profile.hardCap().compareTo(LEAST_PATIENCE) < 0
                ? LEAST_PATIENCE
                : profile.hardCap().plus(MARGIN));
  }

  /** Returns the same role with another program. */
  public RoleSpec withProgram(Program other) {
    return new RoleSpec(
        name,
        other,
        roleHost,
        instances,
        environment,
        stopGrace,
        update,
        hotSpare,
        critical,
        dependsOn,
        rules,
        limits,
        runAs,
        cleanEnvironment,
        workingDirectory,
        settings,
        endpoints,
        localResources,
        startup,
        ready,
        azureRuntime,
        unresponsiveAfter);
  }

  /** Returns whether a process of this role would be the same as one of the other. */
  public boolean hasProcessOf(RoleSpec other) {
    return process().equals(other.process());
  }

  private List<Object> process() {
    return List.of(
        program,
        roleHost,
        environment,
        limits,
        runAs,
        cleanEnvironment,
        workingDirectory,
        azureRuntime ? Optional.empty() : settings, // it hears of others while it runs
        endpoints,
        localResources,
        startup,
        ready,
        azureRuntime);
  }

  /** Returns the id of its {@code n}-th instance. */
  public String instanceId(int n) {
    return name + "_IN_" + n;
  }

  /** Builds a role. For one thread. */
  public static final class Builder {
    private final String name;
    private final Program program;
    private boolean roleHost;
    private int instances = 1;
    private Map<String, String> environment = Map.of();
    private Optional<Duration> stopGrace = Optional.empty();
    private Update update = Update.STANDARD;
    private boolean hotSpare;
    private boolean critical;
    private List<String> dependsOn = List.of();
    private UnaryOperator<Rules> rules = UnaryOperator.identity();
    private Limits limits = Limits.NONE;
    private Optional<String> runAs = Optional.empty();
    private boolean cleanEnvironment;
    private Optional<Path> workingDirectory = Optional.empty();
    private Optional<String> settings = Optional.empty();
    private Map<String, Endpoint> endpoints = Map.of();
    private Map<String, LocalResource> localResources = Map.of();
    private List<StartupTask> startup = List.of();
    private Ready ready = new Ready.AtStart();
    private boolean azureRuntime;
    private Duration unresponsiveAfter = Duration.ofMinutes(10);

    private Builder(String name, Program program) {
      this.name = name;
      this.program = program;
      this.roleHost = !(program instanceof Program.Command);
    }

    /** Sets whether the program is a role host; jars and class paths are unless this says no. */
    public Builder roleHost(boolean is) {
      roleHost = is;
      return this;
    }

    /** Sets how many processes. */
    public Builder instances(int count) {
      instances = count;
      return this;
    }

    /** Sets the variables of its own. */
    public Builder environment(Map<String, String> variables) {
      environment = variables;
      return this;
    }

    /** Sets the time from SIGTERM to SIGKILL. */
    public Builder stopGrace(Duration grace) {
      stopGrace = Optional.of(grace);
      return this;
    }

    /** Sets how instances are renewed. */
    public Builder update(Update how) {
      update = how;
      return this;
    }

    /** Asks for a hot spare of each instance. */
    public Builder hotSpare(boolean wanted) {
      hotSpare = wanted;
      return this;
    }

    /** Sets whether the node can't do without it. */
    public Builder critical(boolean is) {
      critical = is;
      return this;
    }

    /** Sets the roles it waits for. */
    public Builder dependsOn(List<String> roles) {
      dependsOn = roles;
      return this;
    }

    /** Changes the standard rules of its kind. */
    public Builder rules(UnaryOperator<Rules> change) {
      rules = change;
      return this;
    }

    /** Sets what it may use at most. */
    public Builder limits(Limits most) {
      limits = most;
      return this;
    }

    /** Sets the user. */
    public Builder runAs(String user) {
      runAs = Optional.of(user);
      return this;
    }

    /** Sets whether the node's own variables are kept from it. */
    public Builder cleanEnvironment(boolean clean) {
      cleanEnvironment = clean;
      return this;
    }

    /** Sets where it runs. */
    public Builder workingDirectory(Path directory) {
      workingDirectory = Optional.of(directory);
      return this;
    }

    /** Sets the HOCON of the role itself. */
    public Builder settings(String hocon) {
      settings = Optional.of(hocon);
      return this;
    }

    /** Sets where it listens. */
    public Builder endpoints(Map<String, Endpoint> byName) {
      endpoints = byName;
      return this;
    }

    /** Sets the folders of each instance. */
    public Builder localResources(Map<String, LocalResource> byName) {
      localResources = byName;
      return this;
    }

    /** Sets what runs before it. */
    public Builder startup(List<StartupTask> tasks) {
      startup = tasks;
      return this;
    }

    /** Sets how it tells that it is ready. */
    public Builder ready(Ready how) {
      ready = how;
      return this;
    }

    /** Sets whether its processes are served the role environment of Azure. */
    public Builder azureRuntime(boolean served) {
      azureRuntime = served;
      return this;
    }

    /** Sets after how long without an answer a role host is killed; zero = never. */
    public Builder unresponsiveAfter(Duration time) {
      unresponsiveAfter = time;
      return this;
    }

    /** Returns the role. */
    public RoleSpec build() {
      return new RoleSpec(
          name,
          program,
          roleHost,
          instances,
          environment,
          stopGrace,
          update,
          hotSpare,
          critical,
          dependsOn,
          rules.apply(Rules.standard(roleHost)),
          limits,
          runAs,
          cleanEnvironment,
          workingDirectory,
          settings,
          endpoints,
          localResources,
          startup,
          ready,
          azureRuntime,
          unresponsiveAfter);
    }
  }
}
