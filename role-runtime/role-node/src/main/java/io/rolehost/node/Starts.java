package io.rolehost.node;

import io.rolehost.node.Supervised.Reported;
import io.rolehost.node.process.Child;
import io.rolehost.node.process.Launcher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Starts the processes of instances and has them watched. Used by the node's thread alone. */
final class Starts {
  private final Path stateDir;
  private final Launcher launcher;
  private final Hearer hearer;

  /** Hears of the processes, on threads of theirs. */
  interface Hearer {

    /** A process said how it is. */
    void said(Supervised instance, long incarnation, boolean ready, Reported reported);

    /** A process that has answered before answers nothing. */
    void silent(Supervised instance, long incarnation, Duration silent);

    /** A process ended. */
    void ended(Supervised instance, long incarnation, int code);

    /** Returns what takes the lines that a process of the instance prints. */
    Consumer<String> lines(Supervised instance);
  }

  Starts(Path stateDir, Launcher launcher, Hearer hearer) {
    this.stateDir = stateDir;
    this.launcher = launcher;
    this.hearer = hearer;
  }

  /**
   * Starts the next of the programs that come before the instance's own.
   *
   * @throws IOException if it can't be started
   */
  void startup(Supervised instance, long incarnation) throws IOException {
    instance.started(
        launcher.startup(
            instance.role(),
            instance.number(),
            incarnation,
            instance.startupDone(),
            hearer.lines(instance),
            code -> hearer.ended(instance, incarnation, code)),
        null);
  }

  /**
   * Starts the instance's own program, and has it watched.
   *
   * @param promoted a hot spare that became this incarnation already
   * @throws IOException if it can't be started, or not be watched
   */
  Child program(Supervised instance, long incarnation, Optional<Child> promoted)
      throws IOException {
    Child child = promoted.isPresent() ? promoted.get() : start(instance, incarnation);
    // First, so that it is ended should it be impossible to watch.
    instance.started(child, null);
    instance.started(
        child,
        instance.role().roleHost()
            ? ChildProbe.start(
                stateDir,
                instance.id(),
                child.pid(),
                instance.role().unresponsiveAfter(),
                new ChildProbe.Told() {
                  @Override
                  public void accept(boolean ready, Reported reported) {
                    hearer.said(instance, incarnation, ready, reported);
                  }

                  @Override
                  public void silent(Duration silent) {
                    hearer.silent(instance, incarnation, silent);
                  }
                })
            : ProgramProbe.of(
                instance,
                launcher,
                (ready, reported) -> hearer.said(instance, incarnation, ready, reported)));
    return child;
  }

  private Child start(Supervised instance, long incarnation) throws IOException {
    return launcher.start(
        instance.role(),
        instance.number(),
        incarnation,
        hearer.lines(instance),
        code -> hearer.ended(instance, incarnation, code));
  }
}
