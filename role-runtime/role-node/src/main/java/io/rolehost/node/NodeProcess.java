package io.rolehost.node;

import io.rolehost.node.control.ControlServer;
import io.rolehost.node.process.Console;
import io.rolehost.node.process.Guard;
import io.rolehost.node.process.Launcher;
import io.rolehost.node.solution.RoleSpec;
import io.rolehost.node.solution.Solution;
import io.rolehost.node.solution.SolutionProblems;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import io.rolehost.runtime.management.ManagementPlane;
import io.rolehost.runtime.process.SystemTime;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Everything around a {@link Node} that makes it a process: lock, guard, signals, control, plane.
 */
public final class NodeProcess {
  private static final int TRY_AGAIN = 75;

  private NodeProcess() {}

  /** Reads a solution again. */
  @FunctionalInterface
  public interface Again {

    /**
     * Reads it as it is now.
     *
     * @throws SolutionProblems with all that is wrong
     */
    Solution read() throws SolutionProblems;
  }

  /**
   * Runs a node until it ends. Must be called on the main thread.
   *
   * @param again reads the solution as it is when it is to be deployed
   * @param out where the lines of the instances go
   * @param err where it is told why the node can't run
   * @return the exit code
   */
  public static int run(
      Solution solution, Again again, Surroundings surroundings, PrintStream out, PrintStream err)
      throws Exception {
    Path stateDir = solution.node().stateDir();
    SystemTime time = new SystemTime();
    // Takes longer than the rest of what comes before the first child, and waits for nothing.
    Thread prepared = Thread.ofPlatform().daemon().name("plane").start(ManagementPlane::prepare);
    boolean coloured =
        surroundings.terminal() && !surroundings.environment().containsKey("NO_COLOR");
    try (NodeLock _ = NodeLock.take(stateDir);
        Console console = new Console(out, coloured, widestName(solution));
        SwitchFreezes freezes = SwitchFreezes.of(solution, time)) {
      Node node =
          new Node(
              solution,
              new Launcher(
                  solution.node(),
                  surroundings.environment(),
                  surroundings.workingDirectory(),
                  Path.of(System.getProperty("java.home", ""))),
              console,
              freezes,
              time,
              time,
              new Random());
      Consumer<String> tell = line -> console.print(console.prefix("node", -1), line);
      node.announceBy(NodeAnnouncer.of(surroundings.environment(), time, tell));
      StopSignals.hear(node::stop);
      Deployments deployments = new Deployments(node, node.releases(), again::read);
      prepared.join();
      NodeAnswers answers = new NodeAnswers(node, deployments, freezes, time, tell);
      // First of all that others see: whose port is taken starts no child, not even the guard.
      try (NodePlane plane = NodePlane.open(solution.node(), answers, tell);
          AutoCloseable _ = Guard.start(stateDir);
          ControlServer _ = ControlServer.open(stateDir, new NodeVerbs(node, deployments))) {
        node.managedAt(plane.port());
        tell.accept("answers at " + NodeStatus.url(solution.node().management(), plane.port()));
        return node.run();
      }
    } catch (NodeLock.Taken | NodePlane.Refused e) {
      err.println(e.getMessage());
      return TRY_AGAIN;
    }
  }

  private static int widestName(Solution solution) {
    int widest = "node".length();
    for (RoleSpec role : solution.roles()) {
      if (role.instances() > 0) {
        widest = Math.max(widest, role.instanceId(role.instances() - 1).length());
      }
    }
    return widest;
  }
}
