package io.rolehost.node.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import jdk.net.ExtendedSocketOptions;

/**
 * Listens on the node's local socket: one JSON object a line in each direction; to a request with
 * {@code formatted} an answer for people, which has several. Only the user of the node and root are
 * heard.
 */
public final class ControlServer implements AutoCloseable {
  private static final int MAX_CONNECTIONS = 64;
  private static final int MAX_REQUEST_CHARS = 64 * 1024;

  /** In a request: the user who asks, as the kernel says; "" where it does not say. */
  public static final String PEER = "peer";

  private final ServerSocketChannel server;
  private final UnixDomainSocketAddress address;
  private final Verbs verbs;
  private final Semaphore connections = new Semaphore(MAX_CONNECTIONS);

  /** Answers requests, each on a virtual thread of its own. */
  @FunctionalInterface
  public interface Verbs {

    /**
     * Answers one request.
     *
     * @param request with at least {@code verb}, and {@value #PEER} by the kernel's word
     * @param answer takes each line of the answer
     * @throws IOException if the asker is gone
     */
    void answer(Map<String, Object> request, Answer answer) throws IOException;

    /** Takes note of somebody who was not heard, by the name of their user. */
    default void refused(String user) {}
  }

  /** Takes the lines of an answer. */
  @FunctionalInterface
  public interface Answer {

    /**
     * Sends a line.
     *
     * @throws IOException if the asker is gone
     */
    void line(Map<String, ?> object) throws IOException;
  }

  private ControlServer(ServerSocketChannel server, UnixDomainSocketAddress address, Verbs verbs) {
    this.server = server;
    this.address = address;
    this.verbs = verbs;
  }

  /**
   * Opens the socket of a state directory. The caller holds the lock of that directory.
   *
   * @throws IOException if it can't be opened
   */
  public static ControlServer open(Path stateDir, Verbs verbs) throws IOException {
    UnixDomainSocketAddress address = ControlSocket.of(stateDir);
    ControlSocket.prepare(address);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(address);
    Files.setPosixFilePermissions(address.getPath(), PosixFilePermissions.fromString("rw-------"));
    ControlServer control = new ControlServer(server, address, verbs);
    Thread.ofPlatform().name("control").daemon().start(control::accept);
    return control;
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel connection = server.accept();
        if (!connections.tryAcquire()) {
          connection.close();
          continue;
        }
        Thread.ofVirtual().name("control-request").start(() -> serve(connection));
      } catch (IOException e) {
        // closed, or one connection was gone before it was taken
      }
    }
  }

  private void serve(SocketChannel connection) {
    try (connection;
        InputStream in = Channels.newInputStream(connection);
        OutputStream out = Channels.newOutputStream(connection)) {
      // Read first: who is refused while still writing hears of a broken pipe, and not why.
      String line = readLine(in);
      String peer = peer(connection);
      if (!isOurs(peer)) {
        verbs.refused(peer);
        write(out, Map.of("error", "only the user of the node and root may ask"));
        return;
      }
      if (!line.isEmpty()) {
        Map<String, Object> request = new HashMap<>(Json.read(line));
        request.put(PEER, peer); // over whatever the asker put there
        boolean formatted = Boolean.TRUE.equals(request.get("formatted"));
        verbs.answer(
            request,
            object -> {
              if (formatted && !object.containsKey("error")) {
                send(out, Json.pretty(object));
              } else {
                write(out, object);
              }
            });
      }
    } catch (IOException e) {
      // the asker is gone, or spoke no JSON: nobody is there to be told
    } finally {
      connections.release();
    }
  }

  private static String readLine(InputStream in) throws IOException {
    BufferedReader reader = new BufferedReader(new InputStreamReader(in, UTF_8));
    StringBuilder line = new StringBuilder();
    int c = reader.read();
    while (c >= 0 && c != '\n') {
      if (line.length() == MAX_REQUEST_CHARS) {
        throw new IOException("The request is longer than " + MAX_REQUEST_CHARS);
      }
      line.append((char) c);
      c = reader.read();
    }
    return line.toString();
  }

  private static String peer(SocketChannel connection) throws IOException {
    if (!connection.supportedOptions().contains(ExtendedSocketOptions.SO_PEERCRED)) {
      return "";
    }
    return connection.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
  }

  private boolean isOurs(String user) throws IOException {
    // Where the kernel does not say, the permissions of the socket have to do. It was made by this
    // process; Java's user.name is "?" for a user without an entry.
    return user.isEmpty()
        || user.equals("root")
        || user.equals(Files.getOwner(address.getPath()).getName());
  }

  private static void write(OutputStream out, Map<String, ?> object) throws IOException {
    send(out, Json.line(object) + "\n");
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(UTF_8));
    out.flush();
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(address.getPath());
  }
}
