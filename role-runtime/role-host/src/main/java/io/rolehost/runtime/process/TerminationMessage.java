package io.rolehost.runtime.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The file in which a process says at its end why it ended, as a container of Kubernetes does. The
 * last text that is written counts. Nothing here fails or delays an end: what can't be written in
 * time is not written.
 *
 * <p>There is one for the process. From any thread.
 */
public final class TerminationMessage {

  /** What Kubernetes takes of it. */
  public static final int MAX_BYTES = 4096;

  /** A disk that hangs may take so much of a stop, and no more. */
  private static final Duration LIMIT = Duration.ofMillis(300);

  private static final Path DEVICES = Path.of("/dev");

  private static volatile TerminationMessage bound = new TerminationMessage(Optional.empty(), "");

  private final Optional<Path> file;
  private final String who;
  private final AtomicBoolean written = new AtomicBoolean();

  private TerminationMessage(Optional<Path> file, String who) {
    this.file = file;
    this.who = who;
  }

  /**
   * Says where it is written from now on.
   *
   * @param file empty = nowhere
   * @param who ends: what each message begins with
   */
  public static void bind(Optional<Path> file, String who) {
    bound = new TerminationMessage(file, who);
  }

  /** Returns the one of this process. */
  public static TerminationMessage bound() {
    return bound;
  }

  /**
   * Writes the message on a thread of its own and waits a moment for that.
   *
   * @param text what follows the name: with which code it ended, and why
   */
  public void write(String text) {
    if (file.isEmpty()) {
      return;
    }
    written.set(true);
    Thread writer =
        Thread.ofPlatform().daemon().name("rolehost-last-words").start(() -> writeHere(text));
    try {
      var _ = writer.join(LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it is written, or not, all the same
    }
  }

  /** Does the same unless there is a message already. */
  public void writeIfNone(String text) {
    if (!written.get()) {
      write(text);
    }
  }

  /** Writes it on the calling thread, for one that can't be sure to get another. */
  public void writeHere(String text) {
    if (file.isEmpty()) {
      return;
    }
    written.set(true);
    try {
      write(file.get(), bytes(who + text));
    } catch (IOException | RuntimeException e) {
      // the end goes on without it
    }
  }

  /**
   * Replaces what the file has; the file itself stays, for it may be mounted. A pipe or a terminal
   * is left alone, for it could keep the writer for ever.
   */
  private static void write(Path file, ByteBuffer bytes) throws IOException {
    Set<OpenOption> options = new HashSet<>();
    options.add(StandardOpenOption.WRITE);
    options.add(StandardOpenOption.TRUNCATE_EXISTING);
    if (Files.exists(file)) {
      if (!Files.isRegularFile(file)) {
        return;
      }
    } else if (file.startsWith(DEVICES)) {
      return; // nobody mounted one
    } else {
      options.add(StandardOpenOption.CREATE);
    }
    try (FileChannel channel = FileChannel.open(file, options)) {
      while (bytes.hasRemaining()) {
        int _ = channel.write(bytes);
      }
    }
  }

  /** Returns as many whole characters from the beginning as fit. */
  static ByteBuffer bytes(String text) {
    ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
    // A lone half of a pair becomes a question mark; a character that does not fit is left out.
    var _ =
        UTF_8
            .newEncoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE)
            .encode(CharBuffer.wrap(text), bytes, true);
    return bytes.flip();
  }
}
