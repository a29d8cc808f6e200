package io.rolehost.node.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Asks the node of a state directory. */
public final class ControlClient {
  private final UnixDomainSocketAddress address;
  private final Path stateDir;

  private ControlClient(UnixDomainSocketAddress address, Path stateDir) {
    this.address = address;
    this.stateDir = stateDir;
  }

  /** Speaks to the node of a state directory, running or not. */
  public static ControlClient of(Path stateDir) {
    return new ControlClient(ControlSocket.of(stateDir), stateDir);
  }

  /** Returns where its socket lies, or would lie. */
  public Path socket() {
    return address.getPath();
  }

  /** Returns whether a node listens there. */
  public boolean isUp() {
    if (!Files.exists(address.getPath())) {
      return false;
    }
    try (SocketChannel connection = SocketChannel.open(address)) {
      return connection.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Asks for one answer.
   *
   * @throws IOException if no node answers; the message is for a person
   */
  public Map<String, Object> ask(String verb, Map<String, ?> arguments) throws IOException {
    Map<String, Object> answer = new HashMap<>();
    follow(
        verb,
        arguments,
        line -> {
          answer.putAll(line);
          return false;
        });
    if (answer.isEmpty()) {
      throw new IOException("The node of " + stateDir + " gave no answer to '" + verb + "'");
    }
    return answer;
  }

  /**
   * Asks for one answer as the text that people are shown, of which a node that is busy with it
   * anyway makes it sooner than a program that was just started.
   *
   * @return empty if the node does not do it; {@link #ask} says why
   * @throws IOException if no node answers
   */
  public Optional<String> askFormatted(String verb) throws IOException {
    try (SocketChannel connection = connect()) {
      send(connection, "{\"verb\":\"" + verb + "\",\"formatted\":true}\n");
      String text = new String(Channels.newInputStream(connection).readAllBytes(), UTF_8);
      return text.startsWith("{\n") ? Optional.of(text) : Optional.empty();
    }
  }

  private static void send(SocketChannel connection, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
    while (bytes.hasRemaining()) {
      connection.write(bytes);
    }
  }

  /** Takes the lines of an answer. */
  @FunctionalInterface
  public interface Lines {

    /** Takes a line and returns whether it wants more. */
    boolean line(Map<String, Object> object) throws IOException;
  }

  /**
   * Asks, and takes lines until there are no more or none is wanted.
   *
   * @throws IOException if no node answers; the message is for a person
   */
  public void follow(String verb, Map<String, ?> arguments, Lines lines) throws IOException {
    Map<String, Object> request = new HashMap<>(arguments);
    request.put("verb", verb);
    try (SocketChannel connection = connect();
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(Channels.newInputStream(connection), UTF_8))) {
      send(connection, Json.line(request) + "\n");
      String line = reader.readLine();
      while (line != null && lines.line(Json.read(line))) {
        line = reader.readLine();
      }
    }
  }

  private SocketChannel connect() throws IOException {
    try {
      return SocketChannel.open(address);
    } catch (IOException e) {
      throw new IOException(
          "No node runs with the state directory " + stateDir + ": start one by  rolehost up", e);
    }
  }
}
