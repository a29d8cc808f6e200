package io.rolehost.runtime.process;

import io.rolehost.runtime.config.HostSettings.StartupTask;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The programs that run before {@code onStart}, in order, without a shell. They run again at each
 * start, so they must not mind to find their work done. Safe for all threads; {@link #run} is
 * called once.
 */
public final class StartupTasks {

  /** What nobody but the host may use, or talk to in its name. */
  private static final Set<String> NOT_PASSED_ON =
      Set.of("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID");

  /** Secrets of the host's own. Those of the role are the role's, and its tasks may need them. */
  private static final Pattern SECRETS =
      Pattern.compile("ROLEHOST_(.*_)?(TOKEN|PASSWORD|SECRET|KEY)");

  private static final String MARK = "ROLEHOST_STARTUP_TASKS";

  /** How long a process has between TERM and KILL: short, as it comes out of a stop's grace. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final List<StartupProgram> programs;
  private final Ticks ticks;
  private final Map<String, String> roleEnvironment;
  private final Consumer<String> line;

  /** Tells our processes from those of another start of the same host. */
  private final String mark = UUID.randomUUID().toString();

  private final Object monitor = new Object();
  private boolean killed;
  private boolean begun;

  /**
   * Prepares the tasks.
   *
   * @param roleEnvironment variables that each task gets beside those the host inherited; its own
   *     win over both
   * @param line takes each line a task prints as {@code [name] text}, and a sentence when a
   *     background or foreground task fails; called on threads of the tasks
   */
  public StartupTasks(
      List<StartupTask> tasks,
      Ticks ticks,
      Map<String, String> roleEnvironment,
      Consumer<String> line) {
    this.programs = tasks.stream().map(task -> new StartupProgram(task, ticks, line)).toList();
    this.ticks = ticks;
    this.roleEnvironment = Map.copyOf(roleEnvironment);
    this.line = line;
  }

  /**
   * Runs the tasks in order and waits for each simple one. The first that fails ends the sequence
   * and all that still runs. Blocks; a task's limit of zero is none.
   *
   * <p>A thread that is interrupted meanwhile ends the tasks and stays interrupted.
   *
   * @return why the start is refused, as a sentence with the last output; empty if all is well
   */
  public Optional<String> run() {
    for (StartupProgram program : programs) {
      Optional<String> failure;
      try {
        failure = runOne(program);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failure = Optional.of(stopText(program));
      }
      if (failure.isPresent()) {
        kill();
        return failure;
      }
    }
    return Optional.empty();
  }

  private Optional<String> runOne(StartupProgram program) throws InterruptedException {
    synchronized (monitor) {
      if (killed) {
        return Optional.of(stopText(program));
      }
      begun = true;
      Optional<String> notStarted =
          program.start(inherited -> environment(inherited, program.task()));
      if (notStarted.isPresent()) {
        if (program.task().type() == StartupTask.Type.SIMPLE) {
          return notStarted;
        }
        line.accept(notStarted.get() + " The role goes on.");
        return Optional.empty();
      }
    }
    return switch (program.task().type()) {
      case SIMPLE -> awaitSimple(program);
      case BACKGROUND, FOREGROUND -> {
        watch(program);
        yield Optional.empty();
      }
    };
  }

  private Optional<String> awaitSimple(StartupProgram program) throws InterruptedException {
    if (program.await(limit(program.task().timeout()))) {
      Optional<String> failure = program.ended();
      synchronized (monitor) {
        return killed ? Optional.of(stopText(program)) : failure;
      }
    }
    return Optional.of(program.timedOut());
  }

  private static @Nullable Duration limit(Duration timeout) {
    return timeout.isPositive() ? timeout : null;
  }

  private void watch(StartupProgram program) {
    Thread.ofPlatform()
        .daemon()
        .name("rolehost-task-" + program.task().name() + "-end")
        .start(() -> {
          try {
            boolean ended = program.await(null);
            Optional<String> failure = ended ? program.ended() : Optional.empty();
            if (failure.isPresent()) {
              line.accept(failure.get() + " The role goes on.");
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /**
   * Ends every task with all it started, also what a task that is done has left behind: TERM, and
   * KILL a second later. No further task starts. Blocks until then.
   */
  public void kill() {
    Set<ProcessHandle> roots = new LinkedHashSet<>();
    synchronized (monitor) {
      killed = true;
      for (StartupProgram program : programs) {
        program.handle().filter(ProcessHandle::isAlive).ifPresent(roots::add);
        program.stopped();
      }
      if (!begun) {
        return;
      }
    }
    ProcessTree.end(roots, MARK + "=" + mark, PATIENCE);
  }

  /**
   * Waits for foreground tasks to end by themselves, then ends all that is left.
   *
   * @param endNanos the reading of the ticks until which to wait; what {@link #kill} takes comes on
   *     top if anything is left
   * @return false if a foreground task had to be ended, also because this thread was interrupted
   */
  public boolean awaitForeground(long endNanos) {
    try {
      for (StartupProgram program : programs) {
        if (program.task().type() == StartupTask.Type.FOREGROUND
            && program.isRunning()
            && !program.await(Duration.ofNanos(endNanos - ticks.nanos()))) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      kill();
    }
  }

  /**
   * Returns for each task its name, type, state, exit code, time and last output, as JSON values.
   */
  public List<Map<String, Object>> facts() {
    return programs.stream().map(StartupProgram::facts).toList();
  }

  private Map<String, String> environment(Map<String, String> inherited, StartupTask task) {
    Map<String, String> environment = new HashMap<>(inherited);
    environment.putAll(roleEnvironment);
    environment.keySet().removeAll(NOT_PASSED_ON);
    environment.keySet().removeIf(name -> SECRETS.matcher(name).matches());
    environment.put(MARK, mark);
    environment.putAll(task.environment());
    return environment;
  }

  private static String stopText(StartupProgram program) {
    return "Startup task \"" + program.task().name() + "\" was given up: a stop was asked for.";
  }
}
