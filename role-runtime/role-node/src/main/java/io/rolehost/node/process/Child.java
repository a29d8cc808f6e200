package io.rolehost.node.process;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.rolehost.node.solution.ChildEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * One child process. Its standard input is a pipe that the node holds: its end tells the child that
 * the node is gone. All that the node ever says there is that a hot spare is promoted. Every method
 * may be called from any thread.
 */
public final class Child {
  private final Process process;
  private final ChildOutput output;
  private final Optional<String> standby;
  private final Thread pump;
  private volatile boolean overran;

  private Child(Process process, ChildOutput output, Optional<String> standby, Thread pump) {
    this.process = process;
    this.output = output;
    this.standby = standby;
    this.pump = pump;
  }

  /**
   * Starts a process. Must be called on a thread that lives as long as the node: where a child asks
   * the kernel to be told of its parent's end, it is told of the end of the <em>thread</em> that
   * started it.
   *
   * @param directory where it runs
   * @param lines takes each line it prints, on a thread of the child's own
   * @param ended is told the exit code, on some other thread
   * @throws IOException if the program can't be started
   */
  static Child start(
      List<String> command,
      Map<String, String> environment,
      Path directory,
      Consumer<String> lines,
      IntConsumer ended)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    ChildOutput output = new ChildOutput();
    Thread pump =
        Thread.ofPlatform()
            .name("output-" + process.pid())
            .daemon()
            .start(() -> pump(process.getInputStream(), output, lines));
    Child child =
        new Child(
            process, output, Optional.ofNullable(environment.get(ChildEnvironment.STANDBY)), pump);
    var _ = process.onExit().thenAccept(done -> ended.accept(done.exitValue()));
    return child;
  }

  private static void pump(InputStream in, ChildOutput file, Consumer<String> lines) {
    LineSplitter splitter =
        new LineSplitter(line -> {
          file.write(line);
          lines.accept(line);
        });
    byte[] buffer = new byte[8 * 1024];
    try (file;
        in) {
      int read = in.read(buffer);
      while (read >= 0) {
        splitter.accept(buffer, read);
        if (in.available() == 0) {
          file.flush();
        }
        read = in.read(buffer);
      }
    } catch (IOException e) {
      // the pipe is gone with the process
    }
    splitter.end();
  }

  /**
   * Tells a hot spare that it is the process of its instance from now on.
   *
   * @throws IOException if it is gone
   */
  void promote() throws IOException {
    OutputStream stdin = process.getOutputStream();
    stdin.write("promote\n".getBytes(US_ASCII));
    stdin.flush();
  }

  /** Keeps what it prints, and printed so far, in a file, which is closed with its end. */
  void keep(OutputFile file) {
    output.to(file);
  }

  /** Returns what tells its processes from those of other spares; empty if it never was one. */
  public Optional<String> standby() {
    return standby;
  }

  /** Returns whether it has not ended. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Kills it and all that it started, should it still run after a while. */
  void killAfter(Duration limit) {
    CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS)
        .execute(() -> {
          if (process.isAlive()) {
            overran = true;
            killTree();
          }
        });
  }

  /** Returns whether it was killed because it ran past its limit. */
  public boolean overran() {
    return overran;
  }

  /** Returns its process id. */
  public long pid() {
    return process.pid();
  }

  /** Asks it to end: SIGTERM. */
  public void terminate() {
    // Not Process.destroy: that also closes the pipes, and so would say that the node is gone.
    process.toHandle().destroy();
  }

  /** Ends it and all that it started, at once. */
  public void killTree() {
    List<ProcessHandle> tree = process.descendants().toList();
    process.toHandle().destroyForcibly();
    tree.forEach(ProcessHandle::destroyForcibly);
  }

  /** Waits until the last line it printed was handed out. */
  public void awaitOutput(Duration limit) {
    try {
      if (!pump.join(limit)) {
        process.getInputStream().close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // closing was the aim
    }
  }
}
