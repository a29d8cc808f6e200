package io.rolehost.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Stands in for systemd and keeps all that it hears, in its order. */
final class NotifySocket implements AutoCloseable {
  private static final Path SOCAT = Path.of("/usr/bin/socat");
  private static final long PATIENCE_SECONDS = 60;

  private final Path path;
  private final Process socat;
  private final StringBuilder heard = new StringBuilder();

  /** Listens, or skips the test where nothing can. */
  NotifySocket(Path folder) throws IOException {
    assumeTrue(Files.isExecutable(SOCAT), "socat is not installed here");
    path = folder.resolve("notify");
    socat =
        new ProcessBuilder(SOCAT.toString(), "-u", "UNIX-RECV:" + path, "-")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!Files.exists(path)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("socat does not listen");
      }
      Thread.onSpinWait();
    }
    Thread.ofPlatform().daemon().name("notify").start(this::read);
  }

  /** Datagrams come one after another without a mark between them: each begins with a key. */
  private void read() {
    try (Reader reader = new InputStreamReader(socat.getInputStream(), UTF_8)) {
      char[] some = new char[4096];
      int length = reader.read(some);
      while (length >= 0) {
        synchronized (heard) {
          heard.append(some, 0, length);
          heard.notifyAll();
        }
        length = reader.read(some);
      }
    } catch (IOException e) {
      // closed
    }
  }

  String address() {
    return path.toString();
  }

  /** Returns all that was heard, in its order. */
  String heard() {
    synchronized (heard) {
      return heard.toString();
    }
  }

  void await(String text) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    synchronized (heard) {
      while (heard.indexOf(text) < 0) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          throw new AssertionError("'" + text + "' is not heard, but " + heard);
        }
        heard.wait(left);
      }
    }
  }

  @Override
  public void close() {
    var _ = socat.destroyForcibly();
  }
}
