package io.rolehost.node.process;

import io.rolehost.node.solution.ChildEnvironment;
import io.rolehost.node.solution.NodeSettings;
import io.rolehost.node.solution.Program;
import io.rolehost.node.solution.RoleSpec;
import java.io.IOException;
import java.nio.file.Path;
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
    OutputFile file = output(role, n, incarnation);
    try {
      Child child = start(role, n, Optional.empty(), lines, ended);
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
    return start(role, n, Optional.of(Long.toString(number)), lines, ended);
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
      RoleSpec role, int n, Optional<String> standby, Consumer<String> lines, IntConsumer ended)
      throws IOException {
    List<String> command =
        CommandLine.of(
            role.program(),
            java,
            switch (role.program()) {
              case Program.Jar jar -> caches.find(jar);
              case Program.ClassPath _, Program.Command _ -> Optional.empty();
            });
    return Child.start(command, environment(role, n, standby), workingDirectory, lines, ended);
  }

  private Map<String, String> environment(RoleSpec role, int n, Optional<String> standby) {
    Map<String, String> all = ChildEnvironment.of(environment, settings, role, n, pid);
    standby.ifPresent(number -> all.put(ChildEnvironment.STANDBY, number));
    return all;
  }

  /** Reads what an instance would be started from now. */
  public RoleHashes hashesOf(Release release) {
    return Releases.hashes(release, workingDirectory);
  }

  /**
   * Ends what a process of an instance started and left running.
   *
   * @param standby its {@link Child#standby}
   */
  public List<Long> killLeftovers(RoleSpec role, int n, Optional<String> standby) {
    Map<String, String> given = environment(role, n, standby);
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
