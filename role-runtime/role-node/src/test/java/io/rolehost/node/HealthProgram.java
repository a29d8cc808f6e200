package io.rolehost.node;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A Java program that is no role host and has a page about its health. */
final class HealthProgram {

  private HealthProgram() {}

  /**
   * Answers 200 while a file is there, else 302.
   *
   * @param args the file
   */
  public static void main(String[] args) throws Exception {
    Path well = Path.of(args[0]);
    AtomicInteger bad = new AtomicInteger();
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(
                InetAddress.getLoopbackAddress(), Integer.parseInt(System.getenv("PORT"))),
            0);
    server.createContext(
        "/health",
        exchange -> {
          boolean good = Files.exists(well);
          if (!good) {
            System.out.println("bad " + bad.incrementAndGet());
          }
          exchange.sendResponseHeaders(good ? 200 : 302, -1);
          exchange.close();
        });
    server.start();
  }
}
