package io.rolehost.runtime.boot;

import static java.lang.System.Logger.Level.INFO;

import io.rolehost.runtime.config.ConfigProblems;
import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.config.Loaded;
import io.rolehost.runtime.lifecycle.HostEvent;
import io.rolehost.runtime.lifecycle.StopCause;
import io.rolehost.runtime.lifecycle.StopStep;
import io.rolehost.runtime.process.StartupTasks;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What comes before the role: startup tasks, and the configuration as they left it. */
final class Preparation {

  private static final System.Logger TASKS = System.getLogger("startup-tasks");

  private final Parts parts;
  private final HostSettings settings;
  private final StartupTasks tasks;
  private final boolean training;

  Preparation(Parts parts, HostSettings settings, Map<String, String> environment) {
    this.parts = parts;
    this.settings = settings;
    this.training = Training.isWanted(environment);
    this.tasks =
        new StartupTasks(
            settings.start().tasks(), parts.time(), environment, line -> TASKS.log(INFO, line));
  }

  /** Runs the startup tasks. */
  void run() {
    if (settings.start().tasks().isEmpty()) {
      parts.loop().post(new HostEvent.StartupTasksDone());
      return;
    }
    HostThread.start(
        "startup-tasks",
        () -> {
          Optional<String> failure = tasks.run();
          parts
              .loop()
              .post(
                  failure.isPresent()
                      ? new HostEvent.PrepareFailed(StopCause.refused(failure.get()))
                      : new HostEvent.StartupTasksDone());
        });
  }

  /**
   * Reads the configuration again: a startup task, the time in HELD, or that of a spare may have
   * changed it. Without any of them it was read just now; what changed since is found by the watch.
   * A training run keeps the settings that were made for it.
   */
  void readConfigAgain(boolean wasHeld) {
    boolean unchanged =
        !wasHeld && settings.start().tasks().isEmpty() && parts.builtRole().isEmpty();
    if (unchanged || training) {
      parts.loop().post(new HostEvent.ConfigReloaded());
      return;
    }
    HostThread.start("config", () -> parts.loop().post(configReadAgain()));
  }

  private HostEvent configReadAgain() {
    try {
      Loaded before = parts.config().loaded();
      Loaded now = parts.config().readAgain();
      if (parts.builtRole().isPresent() && !now.hasConfigOf(before)) {
        return new HostEvent.PrepareFailed(
            StopCause.configChanged("what the hot spare was built from"));
      }
      return now.hasConfigOf(before) || sameProcess(now.settings())
          ? new HostEvent.ConfigReloaded()
          : new HostEvent.PrepareFailed(
              StopCause.configChanged(
                  "identity, state directory or management plane, during the startup tasks"));
    } catch (ConfigProblems wrong) {
      return new HostEvent.PrepareFailed(StopCause.permanent(String.valueOf(wrong.getMessage())));
    }
  }

  /** What this process already lives by can't be changed under it. */
  private boolean sameProcess(HostSettings now) {
    return now.instanceId().equals(settings.instanceId())
        && now.deployment().equals(settings.deployment())
        && now.stateDir().equals(settings.stateDir())
        && now.management().equals(settings.management())
        && now.stop().equals(settings.stop())
        && now.start().timeout().equals(settings.start().timeout());
  }

  /** Kills startup tasks that still run, with their children. */
  void kill() {
    HostThread.start(
        "startup-kill",
        () -> {
          tasks.kill();
          parts.loop().post(new HostEvent.StepDone(StopStep.STARTUP_TASKS, false));
        });
  }

  /** Waits for foreground tasks; what still runs at the end is killed. */
  void awaitForeground(long endNanos) {
    HostThread.start(
        "foreground",
        () -> {
          boolean _ = tasks.awaitForeground(endNanos);
          tasks.kill();
          parts.loop().post(new HostEvent.StepDone(StopStep.FOREGROUND, false));
        });
  }

  /** Returns the tasks for {@code /status}. */
  List<Map<String, Object>> facts() {
    return tasks.facts();
  }
}
