package io.rolehost.node.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The node's standard output: lines of all instances, each behind the name of its instance. A
 * console that takes no more (a terminal on hold, a full pipe) makes the instances wait a moment
 * and then loses lines, counted; it never stops a role for long.
 */
public final class Console implements AutoCloseable {
  private static final int QUEUED_LINES = 4_096;
  private static final long PATIENCE_MILLIS = 200;
  private static final int[] COLOURS = {36, 33, 32, 35, 34, 96, 93, 92, 95, 94};

  private final PrintStream out;
  private final boolean coloured;
  private final int width;
  private final BlockingQueue<String> queue = new ArrayBlockingQueue<>(QUEUED_LINES);
  private final AtomicLong lost = new AtomicLong();
  private final Thread writer;
  private volatile boolean closing;

  /**
   * Starts the thread that writes.
   *
   * @param width of the names, so that the lines stand below each other
   */
  public Console(PrintStream out, boolean coloured, int width) {
    this.out = new PrintStream(out, false, UTF_8);
    this.coloured = coloured;
    this.width = width;
    this.writer = Thread.ofPlatform().name("console").daemon().start(this::writeLines);
  }

  /** Returns what each line of a source begins with. */
  public String prefix(String name, int index) {
    String padded = name + " ".repeat(Math.max(0, width - name.length()));
    return coloured
        ? "\u001b[" + COLOURS[Math.floorMod(index, COLOURS.length)] + "m" + padded + " |\u001b[0m "
        : padded + " | ";
  }

  /** Prints a line, from any thread. */
  public void print(String prefix, String line) {
    try {
      if (!queue.offer(prefix + line, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
        lost.incrementAndGet();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      lost.incrementAndGet();
    }
  }

  private void writeLines() {
    try {
      while (!closing || !queue.isEmpty()) {
        String line = queue.poll(50, TimeUnit.MILLISECONDS);
        if (line != null) {
          out.print(line + "\n");
          if (queue.isEmpty()) {
            out.flush();
          }
        }
        long gone = queue.remainingCapacity() > 0 ? lost.getAndSet(0) : 0;
        if (gone > 0) {
          out.print("(" + gone + " lines not shown: the console took no more)\n");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    out.flush();
  }

  /** Writes what is queued, for a second at most. */
  @Override
  public void close() {
    closing = true;
    try {
      writer.join(1_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
