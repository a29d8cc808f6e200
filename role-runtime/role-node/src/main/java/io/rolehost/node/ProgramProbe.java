package io.rolehost.node;

import io.rolehost.node.Supervised.Reported;
import io.rolehost.node.control.LocalHttp;
import io.rolehost.node.process.Launcher;
import io.rolehost.node.solution.Ready;
import io.rolehost.node.solution.RoleSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks a program that is no role host again and again whether it is ready, by its port, on a
 * virtual thread of its own, until it is closed. Often while it starts; seldom afterwards.
 */
final class ProgramProbe implements Probe {
  private static final long STARTING_MILLIS = 50;
  private static final long UP_MILLIS = 500;
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int FIRST_REFUSAL = 400;

  private final int port;
  private final String path;
  private final ChildProbe.Told told;
  private final CountDownLatch closed = new CountDownLatch(1);

  private ProgramProbe(int port, String path, ChildProbe.Told told) {
    this.port = port;
    this.path = path;
    this.told = told;
  }

  /**
   * Makes what finds out whether an instance is ready; where it is so at once, that is said.
   *
   * @throws IOException if it can't be found out
   */
  static Probe of(Supervised instance, Launcher launcher, ChildProbe.Told told) throws IOException {
    RoleSpec role = instance.role();
    int n = instance.number();
    return switch (role.ready()) {
      case Ready.AtStart _ -> {
        told.accept(true, Reported.NOTHING);
        yield () -> {};
      }
      case Ready.Descriptor(int number) -> {
        String reason = "has not yet said by descriptor " + number + " that it is";
        told.accept(false, new Reported(0, "", reason));
        yield launcher.listen(role, n, () -> told.accept(true, Reported.NOTHING))::close;
      }
      case Ready.Listening where ->
          start(instance.id(), where.portOf(n, launcher.portsOf(role, n)), "", told);
      case Ready.Http(String path, Ready.Listening where) ->
          start(instance.id(), where.portOf(n, launcher.portsOf(role, n)), path, told);
    };
  }

  /**
   * Starts a probe.
   *
   * @param path asked by HTTP; empty = it is enough that the port takes a connection
   */
  private static Probe start(String instanceId, int port, String path, ChildProbe.Told told) {
    ProgramProbe probe = new ProgramProbe(port, path, told);
    Thread.ofVirtual().name("probe-" + instanceId).start(probe::ask);
    return probe;
  }

  private void ask() {
    boolean ready = false;
    told.accept(false, new Reported(0, "", waitsFor()));
    try {
      while (!closed.await(ready ? UP_MILLIS : STARTING_MILLIS, TimeUnit.MILLISECONDS)) {
        boolean now = isReady();
        if (now != ready && closed.getCount() > 0) {
          told.accept(now, new Reported(0, "", now ? "" : waitsFor()));
        }
        ready = now;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String waitsFor() {
    return path.isEmpty()
        ? "port " + port + " takes no connection"
        : "GET " + path + " at port " + port + " is not answered well";
  }

  private boolean isReady() {
    try {
      if (!path.isEmpty()) {
        return LocalHttp.to(port, PATIENCE).get(path).status() < FIRST_REFUSAL;
      }
      try (Socket socket = new Socket()) {
        socket.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            (int) PATIENCE.toMillis());
        return true;
      }
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
