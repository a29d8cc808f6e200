package io.rolehost.node.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A named pipe to whose other end a program writes a newline when it is ready, as s6 has it. Needs
 * {@code mkfifo}.
 */
public final class ReadyFifo implements AutoCloseable {
  private final RandomAccessFile pipe;
  private volatile boolean closed;

  private ReadyFifo(RandomAccessFile pipe) {
    this.pipe = pipe;
  }

  static Path of(Path stateDir, String instanceId) {
    return stateDir.resolve("fifo").resolve(instanceId);
  }

  /** Makes a new one, so that what an earlier program still writes goes nowhere. */
  static Path make(Path stateDir, String instanceId) throws IOException {
    Path fifo = of(stateDir, instanceId);
    Files.createDirectories(fifo.resolveSibling(""));
    Files.deleteIfExists(fifo);
    make(List.of(fifo));
    return fifo;
  }

  /** Makes named pipes where nothing is yet. */
  static void make(List<Path> fifos) throws IOException {
    List<String> command = new ArrayList<>(List.of("mkfifo", "-m", "600"));
    fifos.forEach(fifo -> command.add(fifo.toString()));
    try {
      Process mkfifo = new ProcessBuilder(command).redirectErrorStream(true).start();
      String printed = new String(mkfifo.getInputStream().readAllBytes(), UTF_8).strip();
      int code = mkfifo.waitFor();
      if (code != 0) {
        throw new IOException("mkfifo " + fifos + " ended with " + code + ": " + printed);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while it made " + fifos, e);
    }
  }

  /**
   * Begins to listen.
   *
   * @param ready is told once, on a thread of its own
   */
  static ReadyFifo listen(Path fifo, Runnable ready) throws IOException {
    // Open for both, so that neither side waits for the other; this end never sees an end of file.
    ReadyFifo listening = new ReadyFifo(new RandomAccessFile(fifo.toFile(), "rw"));
    Thread.ofPlatform()
        .name("ready-" + fifo.getFileName())
        .daemon()
        .start(() -> listening.read(ready));
    return listening;
  }

  private void read(Runnable ready) {
    try (pipe) {
      int read = pipe.read();
      while (read >= 0 && read != '\n') {
        read = pipe.read();
      }
      if (read == '\n' && !closed) {
        ready.run();
      }
    } catch (IOException e) {
      // closed meanwhile
    }
  }

  /** Ends the listening; {@code ready} is not told any more. */
  @Override
  public void close() {
    closed = true;
    try {
      pipe.write('\n'); // wakes the reader, which closes the pipe
    } catch (IOException e) {
      // it has closed the pipe already
    }
  }
}
