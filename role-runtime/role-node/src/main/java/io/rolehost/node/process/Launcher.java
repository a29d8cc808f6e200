package io.rolehost.node.process;

import io.rolehost.node.solution.ChildEnvironment;
import io.rolehost.node.solution.NodeSettings;
import io.rolehost.node.solution.Program;
import io.rolehost.node.solution.RoleSpec;
import io.rolehost.node.solution.RoleSpec.StartupTask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** Starts the processes of instances, and cleans up after them. For the node's thread. */
public final class Launcher {
  private static final long MAX_OUTPUT_BYTES = 10L * 1024 * 1024;
  private static final int KEEP_OUTPUTS = 10;

  private final NodeSettings settings;
  private final Map<String, String> environment;
  private final Path workingDirectory;
  private final Path java;
  private final AotCaches caches;
  private final Provisions provisions;
  private final Map<String, Provision> provided = new HashMap<>();
  private final long pid = ProcessHandle.current().pid();

  /**
   * Creates a launcher.
   *
   * @param environment the node's own
   * @param workingDirectory of all children
   * @param javaHome of the JVM that runs the roles
   */
  public Launcher(
      NodeSettings settings,
      Map<String, String> environment,
      Path workingDirectory,
      Path javaHome) {
    this.settings = settings;
    this.environment = Map.copyOf(environment);
    this.workingDirectory = workingDirectory;
    this.java = javaHome.resolve("bin").resolve("java");
    this.caches = new AotCaches(settings.stateDir(), javaHome);
    this.provisions = new Provisions(settings, workingDirectory);
  }

  /**
   * Begins to make start-up caches when it is told what of; to be closed before the node ends.
   *
   * @param told takes sentences for an operator, on another thread
   */
  public AotTraining training(Consumer<String> told) {
    return new AotTraining(settings, environment, workingDirectory, java, caches, told);
  }

  /**
   * Starts a program that comes before the role's own.
   *
   * @param task which of the role's startup programs
   * @throws IOException if it can't be started
   */
  public Child startup(
      RoleSpec role, int n, long incarnation, int task, Consumer<String> lines, IntConsumer ended)
      throws IOException {
    Provision provision = task == 0 ? provide(role, n) : provided(role, n);
    StartupTask startup = role.startup().get(task);
    Map<String, String> variables = environment(role, n, provision);
    variables.putAll(startup.environment());
    List<String> command = new ArrayList<>(provision.asUser());
    command.addAll(startup.command());
    Child child =
        keeping(
            output(role, n, incarnation),
            () -> Child.start(command, variables, provisions.directoryOf(role), lines, ended));
    child.killAfter(startup.timeout());
    return child;
  }

  /**
   * Starts an incarnation.
   *
   * @param n the number of the instance within its role
   * @param lines takes each line it prints, on a thread of the child's own
   * @param ended is told the exit code, on some other thread
   * @throws IOException if the program can't be started
   */
  public Child start(
      RoleSpec role, int n, long incarnation, Consumer<String> lines, IntConsumer ended)
      throws IOException {
    boolean begun = !role.roleHost() && !role.startup().isEmpty();
    Provision provision = begun ? provided(role, n) : provide(role, n);
    return keeping(
        output(role, n, incarnation),
        () -> start(role, n, provision, environment(role, n, provision), lines, ended));
  }

  private interface Start {
    Child get() throws IOException;
  }

  private static Child keeping(OutputFile file, Start start) throws IOException {
    try {
      Child child = start.get();
      child.keep(file);
      return child;
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Starts a hot spare: as {@link #start}, but it waits to be promoted.
   *
   * @param number tells it from other spares of this node
   * @throws IOException if the program can't be started
   */
  public Child startSpare(
      RoleSpec role, int n, long number, Consumer<String> lines, IntConsumer ended)
      throws IOException {
    Provision provision = provisions.of(role, n, role.instanceId(n) + "-spare-" + number);
    Map<String, String> variables = environment(role, n, provision);
    variables.put(ChildEnvironment.STANDBY, Long.toString(number));
    return start(role, n, provision, variables, lines, ended);
  }

  /**
   * Makes a hot spare an incarnation of its instance.
   *
   * @throws IOException if it is gone
   */
  public void promote(Child spare, RoleSpec role, int n, long incarnation) throws IOException {
    spare.promote();
    spare.keep(output(role, n, incarnation));
  }

  private OutputFile output(RoleSpec role, int n, long incarnation) {
    return OutputFile.open(
        settings.stateDir().resolve("log"),
        role.instanceId(n),
        incarnation,
        MAX_OUTPUT_BYTES,
        KEEP_OUTPUTS);
  }

  private Child start(
      RoleSpec role,
      int n,
      Provision provision,
      Map<String, String> variables,
      Consumer<String> lines,
      IntConsumer ended)
      throws IOException {
    List<String> given = new ArrayList<>(provision.jvmOptions());
    // Before the role's own options, which win. A JVM replaces what begins with a per cent sign.
    given.add(
        "-XX:ErrorFile="
            + crashFile(settings.stateDir(), role.instanceId(n))
                .toString()
                .replace("%", "%%")
                .replace(".%%p.", ".%p."));
    List<String> command = new ArrayList<>(provision.before());
    command.addAll(provision.asUser());
    command.addAll(
        CommandLine.of(
            role.program(),
            java,
            given,
            switch (role.program()) {
              case Program.Jar jar -> caches.find(jar);
              case Program.ClassPath _, Program.Command _ -> Optional.empty();
            }));
    return Child.start(command, variables, provisions.directoryOf(role), lines, ended);
  }

  private Provision provide(RoleSpec role, int n) throws IOException {
    Provision provision = provisions.of(role, n, role.instanceId(n));
    provided.put(role.instanceId(n), provision);
    return provision;
  }

  private Provision provided(RoleSpec role, int n) throws IOException {
    Provision provision = provided.get(role.instanceId(n));
    return provision == null ? provide(role, n) : provision;
  }

  private Map<String, String> environment(RoleSpec role, int n, Provision provision) {
    return ChildEnvironment.of(environment, provision.environment(), settings, role, n, pid);
  }

  /** Returns the ports that an instance was given at its last start, by endpoint. */
  public Map<String, Integer> portsOf(RoleSpec role, int n) {
    Provision provision = provided.get(role.instanceId(n));
    return provision == null ? Map.of() : provision.ports();
  }

  /**
   * Listens for what an instance writes to the descriptor by which it says that it is ready.
   *
   * @param ready is told once, on a thread of its own
   */
  public ReadyFifo listen(RoleSpec role, int n, Runnable ready) throws IOException {
    return ReadyFifo.listen(ReadyFifo.of(settings.stateDir(), role.instanceId(n)), ready);
  }

  /**
   * Opens the pipes by which the processes of an instance have their role environment; to be closed
   * with its end.
   *
   * @throws IOException if they can't be made
   */
  public RuntimePipes serve(RoleSpec role, int n, RuntimePipes.Around around) throws IOException {
    return RuntimePipes.open(
        settings.stateDir(),
        role.instanceId(n),
        role.runAs().isPresent() ? UserAccount.named(role.runAs().get()) : null,
        around);
  }

  /** Returns the folder of an instance's own that has a name. */
  public Path localResource(RoleSpec role, int n, String name) {
    return settings.stateDir().resolve("local").resolve(role.instanceId(n)).resolve(name);
  }

  /**
   * Writes the settings that a solution gives an instance. Where it runs it sees a change at once,
   * and answers as it does to any change of its configuration.
   */
  public void writeSettings(RoleSpec role, int n) throws IOException {
    if (SettingsFile.isNeeded(role)) {
      var _ = provisions.writeSettings(role, n);
    }
  }

  /** Returns why limits can't be enforced on this machine; empty if they can. Changes nothing. */
  public static Optional<String> limitsObstacle() {
    return Provisions.obstacle();
  }

  /** Returns sentences about what the solution asks for and this machine can't give. */
  public List<String> notices(List<RoleSpec> roles) {
    return roles.stream().flatMap(role -> provisions.notice(role).stream()).toList();
  }

  /** Returns what the kernel did to an instance for its limits, since its start. */
  public Optional<String> limitReached(RoleSpec role, int n) {
    return provisions.limitReached(role, role.instanceId(n));
  }

  /** Returns where a JVM that crashes writes why. */
  public static Path crashFile(Path stateDir, String instanceId, long pid) {
    return crashFile(stateDir, instanceId).resolveSibling(instanceId + "." + pid + ".hs_err");
  }

  /** Returns the same for a process that does not live yet: {@code %p} is its id. */
  private static Path crashFile(Path stateDir, String instanceId) {
    return stateDir.resolve("log").resolve(instanceId + ".%p.hs_err");
  }

  /** Reads what an instance would be started from now. */
  public RoleHashes hashesOf(Release release) {
    return Releases.hashes(release, provisions.directoryOf(release.declared()));
  }

  /**
   * Ends what a process of an instance started and left running.
   *
   * @param standby its {@link Child#standby}
   */
  public List<Long> killLeftovers(RoleSpec role, int n, Optional<String> standby) {
    Map<String, String> given = ChildEnvironment.of(Map.of(), Map.of(), settings, role, n, pid);
    standby.ifPresent(number -> given.put(ChildEnvironment.STANDBY, number));
    return Leftovers.kill(found -> ChildEnvironment.isOf(found, given));
  }

  /** Ends what an earlier node with this state directory left running. */
  public List<Long> killStrangers() {
    String stateDir = settings.stateDir().toString();
    String training = AotTraining.stateDir(settings).toString();
    return Leftovers.kill(found ->
        (stateDir.equals(found.get(ChildEnvironment.STATE_DIR))
                || training.equals(found.get(ChildEnvironment.STATE_DIR)))
            && found.containsKey(ChildEnvironment.NODE)
            && !Long.toString(pid).equals(found.get(ChildEnvironment.NODE)));
  }
}
