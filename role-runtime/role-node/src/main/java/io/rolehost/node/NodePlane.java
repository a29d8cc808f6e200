package io.rolehost.node;

import io.rolehost.node.solution.NodeSettings;
import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.management.ManagementPlane;
import io.rolehost.runtime.management.ManagementTokens;
import io.rolehost.runtime.management.NodeView;
import io.rolehost.runtime.management.PortTaken;
import io.rolehost.runtime.process.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The node's management plane and the files that say where it is: {@code run/node.port}, and {@code
 * run/node.token} that only the node's user can read.
 */
final class NodePlane implements AutoCloseable {
  private static final int MAX_CONNECTIONS = 64; // as many as a role host lets in by default

  private final ManagementPlane plane;
  private final List<Path> files;

  private NodePlane(ManagementPlane plane, List<Path> files) {
    this.plane = plane;
    this.files = files;
  }

  /** The plane can't be opened. The message is for an operator. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(Exception cause) {
      super(cause.getMessage() + " Nothing was started.", cause);
    }
  }

  /**
   * Opens the port and answers from now on. The caller holds the lock of the state directory.
   *
   * @param tell takes what could not be written, for the console
   * @throws Refused if the port is taken, or there is no token where it is said to be
   */
  static NodePlane open(NodeSettings settings, NodeView view, Consumer<String> tell)
      throws Refused {
    ManagementPlane plane;
    ManagementTokens tokens;
    try {
      HostSettings.Management management = management(settings.management());
      tokens = ManagementTokens.of(management.tokens());
      plane = ManagementPlane.start(management, view, tokens);
    } catch (PortTaken | IOException e) {
      throw new Refused(e);
    }
    Path run = settings.stateDir().resolve("run");
    Path port = run.resolve("node.port");
    Path secret = run.resolve("node.token");
    try {
      WholeFile.writeForOwner(secret, tokens.admin() + "\n");
      WholeFile.write(port, plane.port() + "\n", false);
    } catch (IOException e) {
      tell.accept("! where the management plane is can't be written: " + e);
    }
    return new NodePlane(plane, List.of(port, secret));
  }

  private static HostSettings.Management management(NodeSettings.Management settings) {
    return new HostSettings.Management(
        settings.host(),
        settings.port(),
        settings.portSearch(),
        settings.tokens(),
        settings.allowedHosts(),
        MAX_CONNECTIONS,
        Optional.empty(),
        settings.tls());
  }

  int port() {
    return plane.port();
  }

  @Override
  public void close() throws IOException {
    try (plane) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
  }
}
