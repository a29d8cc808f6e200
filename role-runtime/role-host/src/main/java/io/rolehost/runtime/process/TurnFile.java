package io.rolehost.runtime.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.runtime.config.Json;
import io.rolehost.runtime.lifecycle.HoldTurn.Holder;
import io.rolehost.runtime.lifecycle.HoldTurn.Sight;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code <state-dir>/run/hold.turn}: whose turn it is to leave: for a freeze with hold, for a
 * changed configuration, or because a node renews it. Who has the lock on it has the turn, so a
 * process that dies gives it back; what is written in it says who had it last. For one thread at a
 * time.
 */
public final class TurnFile {

  private static final int MAX_BYTES = 1024;

  private static final Holder UNKNOWN = new Holder("another instance", 0);

  private final Path run;
  private final Holder self;
  private @Nullable FileChannel channel;
  private boolean locked;

  /** The turn of a state directory, as one process sees it. Touches nothing yet. */
  public TurnFile(Path stateDir, Holder self) {
    this.run = stateDir.resolve("run");
    this.self = self;
  }

  /** Takes the turn if nobody has it, and says what is seen of it. Does not wait. */
  public Sight look() {
    try {
      FileChannel opened = open();
      if (!locked) {
        locked = tryLock(opened);
      }
      Optional<Noted> last = read(opened);
      if (!locked) {
        return new Sight.Taken(last.map(Noted::by).orElse(UNKNOWN));
      }
      return last.isEmpty() || isBack(last.get())
          ? new Sight.Free()
          : new Sight.Left(last.get().by(), last.get().at(), last.get().recycles());
    } catch (IOException e) {
      return new Sight.Unknown("whose turn it is can't be seen: " + e);
    }
  }

  /**
   * Writes down that this process has, or had, the turn; without the turn it does nothing.
   *
   * @param recycles whether this instance is to be ready again before it is the next one's turn
   */
  public void note(Instant at, boolean recycles) {
    if (channel == null || !locked) {
      return;
    }
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("instance", self.instance());
    values.put("incarnation", self.incarnation());
    values.put("at", at.toString());
    values.put("recycles", recycles);
    write(channel, Json.render(values) + "\n");
  }

  /** Writes down that nobody is on the way; without the turn it does nothing. */
  public void noteNobody() {
    if (channel != null && locked) {
      write(channel, "");
    }
  }

  private static void write(FileChannel channel, String text) {
    try {
      byte[] line = text.getBytes(UTF_8);
      ByteBuffer bytes = ByteBuffer.wrap(line);
      while (bytes.hasRemaining()) {
        channel.write(bytes, bytes.position());
      }
      channel.truncate(line.length);
    } catch (IOException e) {
      // A full disk: the lock holds all the same, the next only can't say whom it waits for.
    }
  }

  /** Gives the turn back, and no longer wants it. */
  public void giveBack() {
    locked = false;
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // The kernel frees it with the process.
      }
      channel = null;
    }
  }

  private FileChannel open() throws IOException {
    FileChannel opened = channel;
    if (opened == null) {
      Files.createDirectories(run);
      opened =
          FileChannel.open(
              run.resolve("hold.turn"),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      channel = opened;
    }
    return opened;
  }

  private static boolean tryLock(FileChannel opened) throws IOException {
    try {
      @Nullable FileLock lock = opened.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException byThisProcess) {
      return false;
    }
  }

  private record Noted(Holder by, Instant at, boolean recycles) {}

  private static Optional<Noted> read(FileChannel opened) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
    if (opened.read(bytes, 0) <= 0) {
      return Optional.empty();
    }
    try {
      Map<String, Object> values = Json.parse(UTF_8.decode(bytes.flip()).toString());
      return values.get("incarnation") instanceof Number incarnation
          ? Optional.of(
              new Noted(
                  new Holder(String.valueOf(values.get("instance")), incarnation.longValue()),
                  Instant.parse(String.valueOf(values.get("at"))),
                  Boolean.TRUE.equals(values.get("recycles"))))
          : Optional.empty();
    } catch (IllegalArgumentException | DateTimeException torn) {
      return Optional.empty();
    }
  }

  /** Whether a later start of the same instance is up, and ready if it is to be. */
  private boolean isBack(Noted before) {
    try {
      Path file = run.resolve(before.by().instance() + ".json");
      if (Files.size(file) > MAX_BYTES * 64L) {
        return false;
      }
      Map<String, Object> found = Json.parse(Files.readString(file));
      return found.get("incarnation") instanceof Number now
          && now.longValue() > before.by().incarnation()
          && (!before.recycles() || Boolean.TRUE.equals(found.get("ready")));
    } catch (IOException | IllegalArgumentException e) {
      return false; // none, or not whole yet
    }
  }
}
