package io.rolehost.cli.budget;

import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.config.HostSettings.StartupTask;
import java.time.Duration;

/**
 * What one process may take in the worst case, by its own settings. Whoever runs it has to grant at
 * least that.
 *
 * @param process what it is, for sentences
 * @param startTimeout the limit of one step of its start
 * @param startSteps how many steps have that limit: 1, or 2 for a role with an endpoint ({@code
 *     onStart}, and {@code onApplicationStart} after it)
 * @param startupTasks the limits of all simple startup tasks together: they run one after another
 * @param grace from the request to stop to the end of the process
 * @param hardCap the longest that {@code StopContext.extend} can make of the grace
 * @param drain the longest it goes on serving, inside the grace
 * @param killReserve the last part of the grace, for the dump of what still runs
 */
public record Budget(
    String process,
    Duration startTimeout,
    int startSteps,
    Duration startupTasks,
    Duration grace,
    Duration hardCap,
    Duration drain,
    Duration killReserve) {

  /**
   * From the start of the process to the first line of the role, and for the endpoints: a JVM needs
   * one to five seconds for it, several times that on a machine where everything starts at once.
   */
  public static final Duration BOOT = Duration.ofSeconds(20);

  /** From the last thing a host does to the moment its service manager sees its end. */
  public static final Duration EXIT = Duration.ofSeconds(5);

  /** Reads what a role host is set to. */
  public static Budget of(HostSettings settings) {
    Duration tasks = Duration.ZERO;
    for (StartupTask task : settings.start().tasks()) {
      if (task.type() == StartupTask.Type.SIMPLE) {
        tasks = tasks.plus(task.timeout());
      }
    }
    boolean serves = !settings.endpoints().isEmpty();
    HostSettings.Stop stop = settings.stop();
    return new Budget(
        settings.instanceId(),
        settings.start().timeout(),
        serves ? 2 : 1,
        tasks,
        stop.grace(),
        stop.hardCap(),
        serves ? stop.drain().cap() : Duration.ZERO,
        stop.killReserve());
  }

  /**
   * Returns what a node takes.
   *
   * @param start until the last of its roles is ready
   * @param stop until the last of them is gone or killed
   * @param drain the longest of theirs
   */
  public static Budget ofNode(String process, Duration start, Duration stop, Duration drain) {
    return new Budget(process, start, 1, Duration.ZERO, stop, stop, drain, Duration.ZERO);
  }

  /** Returns it with more programs that run before the role. */
  public Budget withMoreStartupTasks(Duration more) {
    return new Budget(
        process,
        startTimeout,
        startSteps,
        startupTasks.plus(more),
        grace,
        hardCap,
        drain,
        killReserve);
  }

  /** Returns the longest time from the start of the process to READY=1, or to {@code /startupz}. */
  public Duration start() {
    return startTimeout.multipliedBy(startSteps).plus(startupTasks).plus(BOOT);
  }

  /** Returns the longest time from TERM to the end of the process, if nobody extends it. */
  public Duration stop() {
    return grace.plus(EXIT);
  }

  /** Returns the longest time from TERM to the end of the process at all. */
  public Duration longestStop() {
    return hardCap.plus(EXIT);
  }

  /** Returns how {@link #start} adds up. */
  String startSum() {
    return (startSteps > 1 ? startSteps + " x " : "")
        + TimeSpan.text(startTimeout)
        + " rolehost.start.timeout"
        + (startupTasks.isZero() ? "" : " + " + TimeSpan.text(startupTasks) + " startup tasks")
        + " + "
        + TimeSpan.text(BOOT)
        + " for the JVM";
  }
}
