package io.rolehost.runtime.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.api.Instance;
import io.rolehost.runtime.config.HostSettings;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The log of an incarnation: standard output, and a file if the settings say so. Safe for all
 * threads. Nobody who logs ever waits for a pipe or a disk; lines that find no room are dropped and
 * counted in the log.
 */
public final class HostLog implements AutoCloseable {

  private static final int TAIL_LINES = 200;

  /** How long a role's own print may wait for a reader of standard output that is slow. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** Writes at once, until the settings are known. */
  private static final HostLog UNBOUND =
      new HostLog(
          System.Logger.Level.INFO, new SystemTime(), null, null, Charset.defaultCharset(), null);

  private static volatile HostLog bound = UNBOUND;

  private final System.Logger.Level threshold;
  private final InstantSource clock;
  private final @Nullable OutputQueue console;
  private final @Nullable OutputQueue file;
  private final Charset charset;
  private final @Nullable JsonLines json;
  private final Deque<String> tail = new ArrayDeque<>(TAIL_LINES);

  private HostLog(
      System.Logger.Level threshold,
      InstantSource clock,
      @Nullable OutputQueue console,
      @Nullable OutputQueue file,
      Charset charset,
      @Nullable JsonLines json) {
    this.threshold = threshold;
    this.clock = clock;
    this.console = console;
    this.file = file;
    this.charset = charset;
    this.json = json;
  }

  /**
   * Opens the log. A file that can't be written is a {@link #problem}, never an exception.
   *
   * @param stateDir the file is {@code log/<id of the instance>-<incarnation>.log} in it
   * @param instance whose log it is
   */
  public static HostLog open(
      HostSettings.Log settings, Path stateDir, Instance instance, InstantSource clock) {
    return open(
        settings,
        stateDir,
        instance,
        clock,
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        System.out.charset());
  }

  /** As above, with the streams that take what is for the console. */
  static HostLog open(
      HostSettings.Log settings,
      Path stateDir,
      Instance instance,
      InstantSource clock,
      OutputStream out,
      OutputStream err,
      Charset charset) {
    OutputQueue console =
        OutputQueue.start("rolehost-log-console", new ConsoleSink(out, err, charset));
    OutputQueue file =
        settings.toFile()
            ? OutputQueue.start(
                "rolehost-log-file",
                new LogFile(
                    stateDir.resolve("log"),
                    instance.id(),
                    instance.incarnation(),
                    settings.maxBytes(),
                    settings.keepFiles(),
                    clock))
            : null;
    return new HostLog(
        level(settings.level()),
        clock,
        console,
        file,
        charset,
        settings.json() ? new JsonLines(instance) : null);
  }

  /** Makes {@code log} the one that {@link #bound} returns, for {@code System.Logger}. */
  public static void bind(HostLog log) {
    bound = log;
  }

  /** Returns the bound log; before there is one, a log that prints to {@code System.out}. */
  public static HostLog bound() {
    return bound;
  }

  /** Returns whether a record of this level is written. */
  public boolean isLoggable(System.Logger.Level level) {
    return level != System.Logger.Level.OFF && level.getSeverity() >= threshold.getSeverity();
  }

  /**
   * Writes a record; returns at once.
   *
   * @param logger the name of the logger
   * @param thrown shown with its causes, each bounded in frames; may be null
   */
  public void record(
      System.Logger.Level level, String logger, String message, @Nullable Throwable thrown) {
    record(level, logger, message, thrown, Map.of());
  }

  /**
   * Writes a record with more about it; returns at once.
   *
   * @param more what a logging library knows of the thread, by its names
   */
  public void record(
      System.Logger.Level level,
      String logger,
      String message,
      @Nullable Throwable thrown,
      Map<String, String> more) {
    if (!isLoggable(level)) {
      return;
    }
    Instant now = clock.instant();
    LogTags tags = LogTags.current();
    List<String> lines = LogLines.of(now, level, logger, tags, message, thrown);
    remember(lines);
    String text = String.join("\n", lines) + "\n";
    if (console == null) {
      System.out.print(text);
    } else {
      String shown =
          json == null ? text : json.of(now, level, logger, tags, message, thrown, more) + "\n";
      console.offer(new OutputQueue.Piece(false, shown.getBytes(charset)));
    }
    if (file != null) {
      file.offer(new OutputQueue.Piece(false, text.getBytes(UTF_8)));
    }
  }

  /**
   * Makes {@code System.out} and {@code System.err} go through this log: to the console as they
   * are, and line by line into the file and the {@link #tail}. A role that prints to a console
   * nobody reads waits a second once; then what it prints is dropped.
   */
  public void teeStandardStreams() {
    if (console != null) {
      System.setOut(new PrintStream(new Tee(console, false, "System.out"), true, charset));
      System.setErr(new PrintStream(new Tee(console, true, "System.err"), true, charset));
    }
  }

  /**
   * Waits until what was logged before is written.
   *
   * @param limit for console and file together
   * @return false if something could not be written in time
   */
  public boolean flush(Duration limit) {
    Duration half = Duration.ofNanos(limit.toNanos() / 2); // dividedBy would load BigDecimal
    boolean fileDone = file == null || file.flush(half);
    return (console == null || console.flush(half)) && fileDone;
  }

  /** Returns why lines are lost, as a sentence; empty if none are. */
  public Optional<String> problem() {
    List<String> problems = new ArrayList<>();
    String ofFile = file == null ? null : file.problem();
    if (ofFile != null) {
      problems.add(ofFile);
    }
    String ofConsole = console == null ? null : console.problem();
    if (ofConsole != null) {
      problems.add("Standard output can't be written: " + ofConsole + ".");
    }
    return problems.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", problems));
  }

  /** Returns the last 200 lines, oldest first. */
  public List<String> tail() {
    synchronized (tail) {
      return List.copyOf(tail);
    }
  }

  /** Takes nothing more. What was taken is written if the process lives long enough; see flush. */
  @Override
  public void close() {
    if (console != null) {
      console.close();
    }
    if (file != null) {
      file.close();
    }
  }

  static String droppedText(long lines) {
    return "    … "
        + lines
        + (lines == 1 ? " record was" : " records were")
        + " dropped here: they came faster than they could be written";
  }

  private void remember(List<String> lines) {
    synchronized (tail) {
      for (String line : lines) {
        if (tail.size() == TAIL_LINES) {
          tail.removeFirst();
        }
        tail.addLast(line);
      }
    }
  }

  private static System.Logger.Level level(String name) {
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "TRACE", "ALL" -> System.Logger.Level.TRACE;
      case "DEBUG" -> System.Logger.Level.DEBUG;
      case "WARN", "WARNING" -> System.Logger.Level.WARNING;
      case "ERROR" -> System.Logger.Level.ERROR;
      case "OFF" -> System.Logger.Level.OFF;
      default -> System.Logger.Level.INFO;
    };
  }

  private record ConsoleSink(OutputStream out, OutputStream err, Charset charset)
      implements OutputQueue.Sink {

    @Override
    public void write(OutputQueue.Piece piece) throws IOException {
      OutputStream stream = piece.error() ? err : out;
      stream.write(piece.bytes());
      stream.flush();
    }

    @Override
    public void dropped(long lines) throws IOException {
      out.write((droppedText(lines) + "\n").getBytes(charset));
    }
  }

  /** What a role prints. The stream in front of it is synchronized, so one thread at a time. */
  private final class Tee extends OutputStream {
    private final OutputQueue queue;
    private final boolean error;
    private final LineSplitter splitter;

    Tee(OutputQueue queue, boolean error, String name) {
      this.queue = queue;
      this.error = error;
      this.splitter = new LineSplitter(charset, line -> printed(name, line));
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      if (json == null) {
        byte[] copy = new byte[length];
        System.arraycopy(bytes, offset, copy, 0, length);
        queue.offer(new OutputQueue.Piece(error, copy), PATIENCE);
      }
      splitter.accept(bytes, offset, length);
    }

    private void printed(String name, String line) {
      Instant now = clock.instant();
      LogTags tags = LogTags.current();
      System.Logger.Level level = error ? System.Logger.Level.ERROR : System.Logger.Level.INFO;
      List<String> lines = LogLines.of(now, level, name, tags, line, null);
      remember(lines);
      if (json != null) {
        String shown =
            JsonLines.isJson(line) ? line : json.of(now, level, name, tags, line, null, Map.of());
        queue.offer(new OutputQueue.Piece(error, (shown + "\n").getBytes(charset)), PATIENCE);
      }
      if (file != null) {
        file.offer(
            new OutputQueue.Piece(false, (lines.getFirst() + "\n").getBytes(UTF_8)), PATIENCE);
      }
    }
  }
}
