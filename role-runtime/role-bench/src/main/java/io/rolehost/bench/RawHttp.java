package io.rolehost.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** HTTP by hand, so that the client adds next to nothing to what is measured. */
final class RawHttp implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 2000;

  private final Socket socket;
  private final byte[] request;
  private final byte[] buffer = new byte[8192];

  /** Opens a connection that is kept. */
  RawHttp(int port, String path) throws IOException {
    socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
    request = request(path, "keep-alive");
  }

  /**
   * Asks once on a connection of its own.
   *
   * @return the status, or -1 if there was none
   */
  static int status(int port, String path) {
    try (var socket = new Socket()) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
      socket.getOutputStream().write(request(path, "close"));
      byte[] start = socket.getInputStream().readNBytes(12);
      return start.length < 12 ? -1 : statusOf(start);
    } catch (IOException notYet) {
      return -1;
    }
  }

  /** Asks once more on the kept connection and reads the whole answer. */
  int status() throws IOException {
    socket.getOutputStream().write(request);
    InputStream in = socket.getInputStream();
    int length = 0;
    while (true) {
      int n = in.read(buffer, length, buffer.length - length);
      if (n < 0) {
        throw new IOException("closed after " + length + " bytes");
      }
      length += n;
      String text = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
      int end = text.indexOf("\r\n\r\n");
      if (end >= 0 && length >= end + 4 + contentLength(text)) {
        return statusOf(buffer);
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static int contentLength(String head) {
    String name = "content-length:";
    for (int i = 0; i < head.length() - name.length(); i++) {
      if (head.regionMatches(true, i, name, 0, name.length())) {
        int end = head.indexOf('\r', i);
        return Integer.parseInt(head.substring(i + name.length(), end).strip());
      }
    }
    return 0;
  }

  private static int statusOf(byte[] start) {
    return (start[9] - '0') * 100 + (start[10] - '0') * 10 + (start[11] - '0');
  }

  private static byte[] request(String path, String connection) {
    return ("GET "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: "
            + connection
            + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
