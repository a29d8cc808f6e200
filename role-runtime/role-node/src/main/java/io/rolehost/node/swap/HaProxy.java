package io.rolehost.node.swap;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The runtime API of a running HAProxy: one command a connection over its stats socket, which needs
 * {@code level admin}. Written against HAProxy 2.6.
 */
public final class HaProxy {
  private static final int MAX_ANSWER_BYTES = 16 * 1024 * 1024;
  private static final Pattern FOUND = Pattern.compile("found=yes.*[ ,]value=\"([^\"]*)\"");
  private static final int STATUS = 17;

  private final Path socket;

  /** Speaks to a socket. */
  public HaProxy(Path socket) {
    this.socket = socket;
  }

  /** A server of a backend, and how HAProxy sees it: {@code UP}, {@code DOWN}, {@code MAINT}… */
  public record Server(String name, String status) {

    /** Returns whether requests are sent to it. */
    public boolean isUp() {
      return status.startsWith("UP") || status.equals("no check");
    }
  }

  /** Returns what a key leads to in a map; empty if it is not in it. */
  public Optional<String> value(Path map, String key) throws IOException {
    String answer = ask("get map " + map + " " + key);
    Matcher found = FOUND.matcher(answer);
    if (found.find()) {
      return Optional.of(found.group(1));
    }
    if (answer.contains("found=no")) {
      return Optional.empty();
    }
    throw new IOException(
        "HAProxy at " + socket + " does not know the map " + map + ": " + answer.strip());
  }

  /** Has a key lead to a value, from the next request on. */
  public void set(Path map, String key, String value) throws IOException {
    boolean known = value(map, key).isPresent();
    String answer = ask((known ? "set map " : "add map ") + map + " " + key + " " + value);
    if (!value(map, key).equals(Optional.of(value))) {
      throw new IOException(
          "HAProxy at "
              + socket
              + " did not change the map "
              + map
              + ": "
              + answer.strip()
              + " (its socket needs 'level admin')");
    }
  }

  /** Returns the servers of a backend; none if there is no such backend. */
  public List<Server> servers(String backend) throws IOException {
    List<Server> servers = new ArrayList<>();
    for (String line : ask("show stat").lines().toList()) {
      String[] fields = line.split(",", -1);
      if (fields.length > STATUS
          && fields[0].equals(backend)
          && !fields[1].equals("BACKEND")
          && !fields[1].equals("FRONTEND")) {
        servers.add(new Server(fields[1], fields[STATUS]));
      }
    }
    return servers;
  }

  private String ask(String command) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      ByteBuffer bytes = ByteBuffer.wrap((command + "\n").getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
      while (channel.read(buffer) >= 0) {
        answer.write(buffer.array(), 0, buffer.position());
        buffer.clear();
        if (answer.size() > MAX_ANSWER_BYTES) {
          throw new IOException("The answer to '" + command + "' is too long");
        }
      }
      return answer.toString(UTF_8);
    } catch (IOException e) {
      throw new IOException("HAProxy does not answer at " + socket + ": " + e.getMessage(), e);
    }
  }
}
