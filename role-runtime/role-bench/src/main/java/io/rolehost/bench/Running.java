package io.rolehost.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A started program. Not for use by several threads. */
final class Running implements AutoCloseable {

  private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Program program;
  private final Process process;
  private final int port;
  private final long spawnedAt;

  private Running(Program program, Process process, int port, long spawnedAt) {
    this.program = program;
    this.process = process;
    this.port = port;
    this.spawnedAt = spawnedAt;
  }

  /** Starts it on a free port; its output goes to {@code log}. The clock runs from just before. */
  static Running start(Program program, Path log) throws IOException {
    int port = freePort();
    var builder =
        new ProcessBuilder(program.command().apply(port))
            .directory(program.directory().toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("ROLEHOST_"));
    builder.environment().putAll(program.environment().apply(port));
    long now = System.nanoTime();
    return new Running(program, builder.start(), port, now);
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  /**
   * Asks once a millisecond, each time on a new connection, until the answer is 200.
   *
   * @return nanoseconds since just before the spawn
   */
  long awaitReady() throws IOException {
    while (true) {
      if (RawHttp.status(port, program.readyPath()) == 200) {
        return System.nanoTime() - spawnedAt;
      }
      if (!process.isAlive()) {
        throw new IOException(program.name() + " ended with " + process.exitValue());
      }
      if (System.nanoTime() - spawnedAt > GIVE_UP_NANOS) {
        throw new IOException(program.name() + " was not ready within a minute");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  /** Reads user and system time used so far, in milliseconds; the kernel counts in steps of 10. */
  long cpuMillis() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid() + "/stat"));
    // The name of the command, in parentheses, may hold spaces; utime and stime are fields 14, 15.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10;
  }

  /** Reads the resident memory in KiB. */
  long residentKib() throws IOException {
    for (String line :
        Files.readAllLines(Path.of("/proc/" + pid() + "/status"), StandardCharsets.US_ASCII)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException(program.name() + " is gone");
  }

  /** Sends TERM. */
  void terminate() {
    process.destroy();
  }

  /** Waits for the end. */
  void awaitEnd() throws InterruptedException, IOException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IOException(program.name() + " did not end within a minute of TERM");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
