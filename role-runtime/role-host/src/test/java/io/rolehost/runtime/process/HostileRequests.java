package io.rolehost.runtime.process;

import java.util.ArrayList;
import java.util.List;

/**
 * Requests that two servers in a row may cut at different places, or that are no HTTP/1.1 at all.
 * Behind each stands another request, to {@code /smuggled}, which must not be served.
 */
public final class HostileRequests {

  /** The request behind. */
  public static final String SECOND = "POST /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";

  private HostileRequests() {}

  /** One of them, with its name, as characters that are bytes. */
  public record Hostile(String name, String bytes) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Returns all of them, to be sent to a path. */
  public static List<Hostile> to(String path, String headers) {
    List<Hostile> all = new ArrayList<>();
    String post = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers;
    String chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
    String end = "0\r\n\r\n";
    for (String framing :
        new String[] {
          "Content-Length: 4\r\nTransfer-Encoding: chunked",
          "Transfer-Encoding: chunked\r\nContent-Length: 4",
          "Content-Length: 0\r\nContent-Length: 5",
          "Content-Length: 5\r\nContent-Length: 5",
          "Content-Length: 5, 5",
          "Content-Length: +5",
          "Content-Length: 0x5",
          "Content-Length: -1",
          "Content-Length: 5 5",
          "Content-Length:",
          "Content-Length: 99999999999999999999",
          "Content-Length : 5",
          "Content-Length: 5\nX: y",
          "Content-Length: 5\rX: y",
          "Transfer-Encoding: chunked, identity",
          "Transfer-Encoding: identity, chunked",
          "Transfer-Encoding: gzip, chunked",
          "Transfer-Encoding: chunked, chunked",
          "Transfer-Encoding: xchunked",
          "Transfer-Encoding: chunked;q=1",
          "Transfer-Encoding: \"chunked\"",
          "Transfer-Encoding: identity",
          "Transfer-Encoding:\u000bchunked",
          "Transfer-Encoding: chunked\u000b",
          "Transfer-Encoding : chunked",
          "Transfer-Encoding:\r\n chunked",
          "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
          "X: a\0b\r\nContent-Length: 5",
          "X\0: a\r\nContent-Length: 5",
          "X Y: a",
          "X",
          ": a",
          "X\u00e9: a",
          "Host: other"
        }) {
      all.add(new Hostile(framing, post + framing + "\r\n\r\n" + end));
    }
    for (String body :
        new String[] {
          "0x0\r\n\r\n",
          "0 \r\n\r\n",
          " 0\r\n\r\n",
          "-1\r\n\r\n",
          "+3\r\nabc\r\n" + end,
          "FFFFFFFFFFFFFFFFF\r\n\r\n",
          "80000003\r\nabc",
          "\r\n\r\n",
          "0\n\n",
          "3\nabc\r\n" + end,
          "3\rabc\r\n" + end,
          "3\r\nabc\n" + end,
          "3\r\nabcXX" + end,
          "3;a=\n\r\nabc\r\n" + end,
          "3;a=\"\r\n\"\r\nabc\r\n" + end
        }) {
      all.add(new Hostile("chunk " + body, chunked + body));
    }
    String rest = "Host: localhost\r\n" + headers + "\r\n";
    for (String line :
        new String[] {
          "POST " + path + "\0 HTTP/1.1\r\n",
          "POST " + path + "\u00c0\u00ae HTTP/1.1\r\n",
          "POST " + path + " x HTTP/1.1\r\n",
          "POST " + path + " HTTP/1.1 x\r\n",
          "POST " + path + " HTTP/9.9\r\n",
          "POST " + path + " HTTP/2.0\r\n",
          "POST " + path + " XTTP/1.1\r\n",
          "POST " + path + " HTTP/1.1\n",
          "POST " + path + "\r\n"
        }) {
      all.add(new Hostile("line " + line, line + rest));
    }
    all.add(
        new Hostile(
            "chunked in HTTP/1.0",
            "POST "
                + path
                + " HTTP/1.0\r\n"
                + headers
                + "Transfer-Encoding: chunked\r\n\r\n"
                + end));
    all.add(new Hostile("preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
    all.add(
        new Hostile(
            "TLS on a plain port",
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n"));
    return all;
  }
}
