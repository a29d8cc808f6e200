package io.rolehost.jobs.artemis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A line to a broker that can be cut, as the death of a process or of a network does it. */
final class Relay implements AutoCloseable {

  private final ServerSocket server;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  Relay(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread _ = Thread.startVirtualThread(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Cuts what is connected now; who connects then comes through. */
  void cut() {
    for (Socket socket : open) {
      close(socket);
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket from = server.accept();
        open.add(from);
        Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(to);
        Thread _ = Thread.startVirtualThread(() -> copy(from, to));
        Thread _ = Thread.startVirtualThread(() -> copy(to, from));
      } catch (IOException gone) {
        // the broker is away, or the relay is closed
      }
    }
  }

  private void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      long _ = in.transferTo(out);
    } catch (IOException cut) {
      // then the other end has to know
    } finally {
      close(from);
      close(to);
    }
  }

  private void close(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }
}
