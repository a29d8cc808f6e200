package io.rolehost.node.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A small shell that waits for the end of the node and then ends what a killed node left behind. A
 * role host notices by itself; this is for programs that don't, and for what they started.
 *
 * <p>Needs {@code /proc}; elsewhere there is no guard.
 */
public final class Guard implements AutoCloseable {
  private final Process process;

  private Guard(Process process) {
    this.process = process;
  }

  /**
   * Starts the guard of this process.
   *
   * @throws IOException if there is no shell
   */
  public static AutoCloseable start(Path stateDir) throws IOException {
    if (!Files.isReadable(Path.of("/proc/self/environ"))) {
      return () -> {};
    }
    ProcessBuilder builder =
        new ProcessBuilder(
                "/bin/sh",
                "-c",
                script(),
                "rolehost-guard",
                Long.toString(ProcessHandle.current().pid()),
                stateDir.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    // Else the guard of a node that itself runs under a node would find itself.
    builder.environment().keySet().removeIf(name -> name.startsWith("ROLEHOST_"));
    return new Guard(builder.start());
  }

  /** The node ends in order and has ended its children: the guard has nothing to do. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static String script() {
    try (InputStream in = Guard.class.getResourceAsStream("guard.sh")) {
      if (in == null) {
        throw new IllegalStateException("guard.sh is missing in the jar of the node");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
