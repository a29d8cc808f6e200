package io.rolehost.freeze.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/**
 * How something goes that is waited for: on a terminal one line that is written again and again,
 * with how long it has taken; elsewhere a line for each piece of news. For one thread.
 */
public final class ProgressLine implements AutoCloseable {

  /** To the beginning of the line, and what it had is gone. */
  private static final String ERASE = "\r\u001b[K";

  private static final int NARROW = 20;

  /** What is over by then is told by its end alone, where a program may read. */
  private static final Duration SHORT = Duration.ofSeconds(10);

  private final PrintWriter out;
  private final OptionalInt width;
  private final Duration silence;
  private final LongSupplier nanos;
  private final long begun;
  private String last = "";
  private boolean shown;

  /**
   * @param width of the screen, if a line can be written again there; empty = elsewhere
   * @param silence how long nothing is told elsewhere
   * @param nanos the monotonic time
   */
  ProgressLine(PrintWriter out, OptionalInt width, Duration silence, LongSupplier nanos) {
    this.out = out;
    this.width = width;
    this.silence = silence;
    this.nanos = nanos;
    this.begun = nanos.getAsLong();
  }

  /** Writes to where a command prints, each piece of news. */
  public static ProgressLine on(PrintWriter out) {
    return on(out, Duration.ZERO);
  }

  /** Does the same, but away from a terminal only of what takes long. */
  public static ProgressLine ofLongWaits(PrintWriter out) {
    return on(out, SHORT);
  }

  private static ProgressLine on(PrintWriter out, Duration silence) {
    return new ProgressLine(
        out,
        Terminal.rewrites() ? Terminal.width() : OptionalInt.empty(),
        silence,
        System::nanoTime);
  }

  /** Tells something that is news, or was told before. */
  public void tell(String sentence) {
    if (width.isPresent()) {
      last = sentence;
      draw();
    } else if (!sentence.equals(last) && age().compareTo(silence) >= 0) {
      last = sentence;
      out.println(sentence);
      out.flush();
    }
  }

  /** Time has passed. */
  public void tick() {
    if (width.isPresent() && !last.isEmpty()) {
      draw();
    }
  }

  private Duration age() {
    return Duration.ofNanos(nanos.getAsLong() - begun);
  }

  private void draw() {
    String age = "  " + age().toSeconds() + "s";
    int room = Math.max(NARROW, width.orElse(NARROW) - 1) - age.length();
    String text = last.length() <= room ? last : last.substring(0, room - 1).stripTrailing() + "…";
    out.print(ERASE + text + age);
    out.flush();
    shown = true;
  }

  /** Nothing is waited for any more. */
  @Override
  public void close() {
    clear();
  }

  /** The line makes place for what is printed next. */
  public void clear() {
    if (shown) {
      out.print(ERASE);
      out.flush();
      shown = false;
    }
  }
}
