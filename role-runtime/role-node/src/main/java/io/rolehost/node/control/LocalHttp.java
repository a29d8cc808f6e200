package io.rolehost.node.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Asks a management plane on this machine, one request a connection. The JDK's client would cost a
 * command more start-up time than everything else it does.
 */
public final class LocalHttp {
  private static final int UNAUTHORIZED = 401;
  private static final int MAX_ANSWER_BYTES = 4 * 1024 * 1024;

  private final int port;
  private final int patienceMillis;
  private final Optional<String> token;
  private final Optional<Path> tokenFile;
  private final boolean tls;
  private final String headers;

  private LocalHttp(
      int port,
      int patienceMillis,
      Optional<String> token,
      Optional<Path> tokenFile,
      boolean tls,
      String headers) {
    this.tls = tls;
    this.headers = headers;
    this.port = port;
    this.patienceMillis = patienceMillis;
    this.token = token;
    this.tokenFile = tokenFile;
  }

  /**
   * Speaks to a port of the loopback address.
   *
   * @param patience for the connection and for each piece of the answer
   */
  public static LocalHttp to(int port, Duration patience) {
    return new LocalHttp(
        port, Math.toIntExact(patience.toMillis()), Optional.empty(), Optional.empty(), false, "");
  }

  /** Returns a copy that shows a token, for requests that write. */
  public LocalHttp withToken(String secret) {
    return new LocalHttp(port, patienceMillis, Optional.of(secret), Optional.empty(), tls, headers);
  }

  /** Returns a copy that shows the token in a file if a GET is refused without one. */
  public LocalHttp withTokenOf(Path file) {
    return new LocalHttp(port, patienceMillis, token, Optional.of(file), tls, headers);
  }

  /** Returns a copy that waits so long for the connection and for each piece of the answer. */
  public LocalHttp withPatience(Duration patience) {
    return new LocalHttp(
        port, Math.toIntExact(patience.toMillis()), token, tokenFile, tls, headers);
  }

  /** Returns a copy that speaks TLS. */
  public LocalHttp byTls() {
    return new LocalHttp(port, patienceMillis, token, tokenFile, true, headers);
  }

  /**
   * Returns a copy that sends a header more.
   *
   * @param value without line ends
   */
  public LocalHttp with(String name, String value) {
    return new LocalHttp(
        port, patienceMillis, token, tokenFile, tls, headers + name + ": " + value + "\r\n");
  }

  /** Sends a GET. */
  public Response get(String path) throws IOException {
    Response response = send("GET", path, "");
    if (response.status() != UNAUTHORIZED || tokenFile.isEmpty()) {
      return response;
    }
    String secret;
    try {
      secret = Files.readString(tokenFile.get()).strip();
    } catch (IOException e) {
      return response; // it is not for this user to see
    }
    return withToken(secret).send("GET", path, "");
  }

  /**
   * Sends a request.
   *
   * @throws IOException if nobody answers in time, or not in HTTP
   */
  public Response send(String method, String path, String body) throws IOException {
    try (Socket plain = new Socket()) {
      plain.setSoTimeout(patienceMillis);
      plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), patienceMillis);
      Socket socket = tls ? LocalTls.over(plain, port) : plain;
      byte[] content = body.getBytes(UTF_8);
      StringBuilder head = new StringBuilder(128);
      head.append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
      head.append("Host: localhost\r\nConnection: close\r\n");
      token.ifPresent(
          secret -> head.append("Authorization: Bearer ").append(secret).append("\r\n"));
      head.append(headers);
      if (content.length > 0) {
        head.append("Content-Type: application/json\r\n");
      }
      head.append("Content-Length: ").append(content.length).append("\r\n\r\n");
      socket.getOutputStream().write(head.toString().getBytes(UTF_8));
      socket.getOutputStream().write(content);
      socket.getOutputStream().flush();
      return parse(read(socket.getInputStream()));
    }
  }

  private static byte[] read(InputStream in) throws IOException {
    byte[] answer = in.readNBytes(MAX_ANSWER_BYTES);
    if (answer.length == MAX_ANSWER_BYTES) {
      throw new IOException("The answer is larger than " + MAX_ANSWER_BYTES + " bytes");
    }
    return answer;
  }

  private static Response parse(byte[] answer) throws IOException {
    String text = new String(answer, UTF_8);
    int end = text.indexOf("\r\n\r\n");
    String[] first = text.split(" ", 3);
    if (end < 0 || first.length < 3 || !first[0].startsWith("HTTP/1.")) {
      throw new IOException("The answer is not HTTP");
    }
    String body = text.substring(end + 4);
    boolean chunked = text.substring(0, end).toLowerCase(Locale.ROOT).contains("chunked");
    try {
      return new Response(Integer.parseInt(first[1]), chunked ? joined(body) : body);
    } catch (NumberFormatException e) {
      throw new IOException("The answer is not HTTP", e);
    }
  }

  /** Takes the sizes out of a body sent in chunks; they count bytes, so it works on those. */
  private static String joined(String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    ByteArrayOutputStream whole = new ByteArrayOutputStream(bytes.length);
    int at = 0;
    while (at < bytes.length) {
      int lineEnd = at;
      while (lineEnd < bytes.length && bytes[lineEnd] != '\r') {
        lineEnd++;
      }
      int size = Integer.parseInt(new String(bytes, at, lineEnd - at, UTF_8).strip(), 16);
      int start = lineEnd + 2;
      if (size == 0) {
        return whole.toString(UTF_8);
      }
      if (start + size > bytes.length) {
        break;
      }
      whole.write(bytes, start, size);
      at = start + size + 2;
    }
    throw new IOException("The answer broke off");
  }

  /** An answer. */
  public record Response(int status, String body) {

    /**
     * Returns the body as JSON.
     *
     * @throws IOException if it is none
     */
    public Map<String, Object> json() throws IOException {
      return Json.read(body);
    }
  }
}
