package io.rolehost.runtime.journal;

import io.rolehost.runtime.process.Ticks;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What happened to an instance, over its incarnations: the last {@value #KEPT} entries in memory
 * and all of them in {@code <state-dir>/journal/<instance>.jsonl}, one JSON object a line, in three
 * files of at most 4 MiB, none of which begins more than 30 days before its end.
 *
 * <p>A node keeps one of each instance too, {@code <instance>.node.jsonl}: over all incarnations
 * without being opened anew, in three files of at most 1 MiB, each line tied to the one before by a
 * hash.
 *
 * <p>Thread-safe. A disk that is full or read-only never stops a role: entries are kept in memory,
 * {@link #problem} says so, and what the memory still holds is written when the disk is back.
 * Entries are not forced to the disk, apart from a host's {@code end}: they outlive the process,
 * and those of the last moment may not outlive the machine.
 */
public final class Journal implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Journal.class.getName());

  /** How many entries {@link #after} can go back. */
  static final int KEPT = 1_000;

  private static final long MAX_BYTES = 4 * 1024 * 1024;

  // A node has one for each of its instances, and can have hundreds.
  private static final int KEPT_OF_NODE = 200;
  private static final long MAX_BYTES_OF_NODE = 1024 * 1024;

  private static final int FILES = 3;
  private static final Duration RETRY = Duration.ofSeconds(5);

  /** The type of the last entry of an incarnation. */
  private static final String END = "end";

  private final Path path;
  private final long incarnation;
  private final boolean ofNode;
  private final int most;
  private final InstantSource instants;
  private final Ticks ticks;
  private final Object lock = new Object();
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

  // All below is guarded by the lock.
  private final JournalFile file;
  private final ArrayDeque<JournalEntry> kept = new ArrayDeque<>();
  private final Queue<JournalEntry> undelivered = new ArrayDeque<>();
  private boolean delivering;
  private boolean closed;
  private List<String> earlierLines;
  private final @Nullable JournalEntry lastEntryBefore;
  private final @Nullable JournalEntry endBefore;
  private long sequence;
  private long writtenSequence;
  private String chain = "";
  private @Nullable String problem;
  private long retryAtNanos;

  /**
   * Reads the end of what earlier incarnations wrote. Never throws: what can't be read is a {@link
   * #problem}.
   *
   * @param incarnation which start of the instance this is
   */
  public static Journal open(
      Path stateDir, String instanceId, long incarnation, InstantSource instants, Ticks ticks) {
    return open(stateDir, instanceId, incarnation, instants, ticks, MAX_BYTES);
  }

  static Journal open(
      Path stateDir,
      String instanceId,
      long incarnation,
      InstantSource instants,
      Ticks ticks,
      long maxBytes) {
    return new Journal(
        JournalReader.path(stateDir, instanceId), maxBytes, incarnation, false, instants, ticks);
  }

  /** Opens the journal that a node keeps of an instance, as {@link #open} does. */
  public static Journal ofNode(
      Path stateDir, String instanceId, InstantSource instants, Ticks ticks) {
    return new Journal(
        JournalReader.path(stateDir, JournalReader.ofNode(instanceId)),
        MAX_BYTES_OF_NODE,
        0,
        true,
        instants,
        ticks);
  }

  private Journal(
      Path path,
      long maxBytes,
      long incarnation,
      boolean ofNode,
      InstantSource instants,
      Ticks ticks) {
    this.path = path;
    this.file = new JournalFile(path, maxBytes, FILES);
    this.incarnation = incarnation;
    this.ofNode = ofNode;
    this.most = ofNode ? KEPT_OF_NODE : KEPT;
    this.instants = instants;
    this.ticks = ticks;
    List<String> lines = List.of();
    try {
      lines = file.tail(KEPT);
    } catch (IOException e) {
      problem = "The journal " + path + " can't be read: " + reason(e) + ".";
      retryAtNanos = ticks.nanos();
    }
    earlierLines = lines;
    // Read from the end, and only as far as needed: a start must not wait for a thousand parses.
    lastEntryBefore = lastOf(lines, null);
    endBefore = lastEntryBefore == null ? null : lastOf(lines, lastEntryBefore);
    sequence = lastEntryBefore == null ? 0 : lastEntryBefore.sequence();
    writtenSequence = sequence;
    if (ofNode) {
      chain =
          lines.reversed().stream()
              .filter(line -> JournalLine.parse(line).isPresent())
              .findFirst()
              .flatMap(JournalLine::chainOf)
              .orElse("");
      earlierLines = List.of(); // read anew by whoever asks: there can be hundreds of these
    }
  }

  /** Returns the last entry, or, given that one, the last {@code end} of the same incarnation. */
  private static @Nullable JournalEntry lastOf(List<String> lines, @Nullable JournalEntry last) {
    for (String line : lines.reversed()) {
      if (last != null && !line.contains("\"" + END + "\"")) {
        continue;
      }
      Optional<JournalEntry> entry = JournalLine.parse(line);
      if (entry.isEmpty()) {
        continue;
      }
      if (last == null) {
        return entry.get();
      }
      if (entry.get().incarnation() != last.incarnation()) {
        return null;
      }
      if (entry.get().type().equals(END)) {
        return entry.get();
      }
    }
    return null;
  }

  /**
   * Adds an entry and tells the listeners. Makes one small write to the file, does not wait for the
   * disk unless {@code type} is {@code end}, and never throws because of it.
   *
   * @param detail values that are JSON; replaced by a note past 16,000 characters
   */
  public JournalEntry append(
      String type, String from, String to, String cause, Map<String, Object> detail) {
    return append(incarnation, type, from, to, cause, detail);
  }

  /** Adds an entry about an incarnation, as {@link #append} does. */
  public JournalEntry append(
      long incarnation,
      String type,
      String from,
      String to,
      String cause,
      Map<String, Object> detail) {
    Map<String, Object> bounded = JournalLine.bounded(detail);
    JournalEntry entry;
    synchronized (lock) {
      entry =
          new JournalEntry(
              ++sequence,
              instants.instant(),
              ticks.nanos(),
              incarnation,
              type,
              from,
              to,
              JournalLine.boundedCause(cause),
              bounded);
      kept.addLast(entry);
      if (kept.size() > most) {
        kept.removeFirst();
      }
      if (!closed) {
        write(type.equals(END) && !ofNode);
      }
      undelivered.add(entry);
    }
    deliver();
    return entry;
  }

  /** Writes what is kept and not yet in the file. */
  private void write(boolean durable) {
    if (problem != null && ticks.nanos() - retryAtNanos < 0 && !durable) {
      return;
    }
    ArrayDeque<JournalEntry> unwritten = new ArrayDeque<>();
    for (JournalEntry entry : kept.reversed()) {
      if (entry.sequence() <= writtenSequence) {
        break;
      }
      unwritten.addFirst(entry);
    }
    try {
      for (JournalEntry entry : unwritten) {
        String line = JournalLine.render(entry);
        String link = ofNode ? JournalLine.chain(chain, line) : "";
        file.append(ofNode ? JournalLine.withChain(line, link) : line, entry.at());
        chain = link;
        writtenSequence = entry.sequence();
      }
      if (durable) {
        file.force();
      }
      problem = null;
    } catch (IOException e) {
      boolean first = problem == null;
      problem =
          "The journal "
              + path
              + " can't be written: "
              + reason(e)
              + ". The last "
              + most
              + " entries are kept in memory; writing is tried again every "
              + RETRY.toSeconds()
              + " s.";
      retryAtNanos = ticks.nanos() + RETRY.toNanos();
      if (first) {
        LOG.log(Level.WARNING, problem);
      }
    }
  }

  private static String reason(IOException e) {
    if (e instanceof FileSystemException file && file.getReason() == null) {
      // Its message is the path alone.
      return e.getClass().getSimpleName() + " " + file.getFile();
    }
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  /**
   * Delivers what is undelivered, in order and holding no lock. If another thread, or a caller of
   * this one, delivers already, it takes these too.
   */
  private void deliver() {
    synchronized (lock) {
      if (delivering) {
        return;
      }
      delivering = true;
    }
    boolean drained = false;
    try {
      while (!drained) {
        JournalEntry next;
        synchronized (lock) {
          next = undelivered.poll();
          if (next == null) {
            delivering = false;
            drained = true;
          }
        }
        if (next != null) {
          tell(next);
        }
      }
    } finally {
      if (!drained) {
        synchronized (lock) {
          delivering = false;
        }
      }
    }
  }

  private void tell(JournalEntry entry) {
    for (Subscription subscription : List.copyOf(subscriptions)) {
      try {
        subscription.listener.accept(entry);
      } catch (RuntimeException e) {
        subscription.close();
        LOG.log(Level.WARNING, "A listener to the journal failed and is told no more.", e);
      }
    }
  }

  /** Returns the entries after {@code sequence} that are still kept, oldest first. */
  public List<JournalEntry> after(long sequence) {
    synchronized (lock) {
      if (!earlierLines.isEmpty() && sequence < this.sequence - kept.size()) {
        readEarlier();
      }
      return kept.stream().filter(entry -> entry.sequence() > sequence).toList();
    }
  }

  /**
   * Returns what earlier incarnations wrote, newest first, of some types. Lines are parsed one by
   * one as they are asked for, so whoever needs little stops early. Empty once {@link #after} has
   * gone back that far, so it is for the start.
   */
  public Iterator<JournalEntry> earlier(Set<String> types) {
    List<String> lines;
    synchronized (lock) {
      lines = earlierLines;
    }
    return parsed(lines, types);
  }

  /**
   * Returns the last {@value #KEPT} entries of some types, whoever wrote them, newest first; parsed
   * as they are asked for. From memory where the file can't be read or written.
   */
  public Iterator<JournalEntry> recent(Set<String> types) {
    synchronized (lock) {
      if (problem == null) {
        try {
          return parsed(file.tail(KEPT), types);
        } catch (IOException e) {
          LOG.log(Level.DEBUG, "The journal " + path + " can't be read.", e);
        }
      }
      return List.copyOf(kept).reversed().stream()
          .filter(entry -> types.contains(entry.type()))
          .iterator();
    }
  }

  private static Iterator<JournalEntry> parsed(List<String> lines, Set<String> types) {
    List<String> marks = types.stream().map(type -> "\"type\":\"" + type + "\"").toList();
    return lines.reversed().stream()
        .filter(line -> marks.stream().anyMatch(line::contains))
        .map(JournalLine::parse)
        .flatMap(Optional::stream)
        .iterator();
  }

  /** Parses the lines of earlier incarnations, which most incarnations are never asked for. */
  private void readEarlier() {
    for (String line : earlierLines.reversed()) {
      if (kept.size() >= KEPT) {
        break;
      }
      JournalLine.parse(line).ifPresent(kept::addFirst);
    }
    earlierLines = List.of();
  }

  /**
   * Calls {@code listener} for each entry to come, in order, holding no lock, on the thread that
   * appends. One that throws is told no more. Closing the handle ends it.
   */
  public AutoCloseable subscribe(Consumer<JournalEntry> listener) {
    Subscription subscription = new Subscription(listener);
    subscriptions.add(subscription);
    return subscription;
  }

  /**
   * Returns the {@code end} of the incarnation before; empty if there was none or it was killed.
   */
  public Optional<JournalEntry> lastEnd() {
    return Optional.ofNullable(endBefore);
  }

  /** Returns which incarnation the one before was, if it left no {@code end}: it was killed. */
  public Optional<Long> lastWithoutEnd() {
    return endBefore == null
        ? Optional.ofNullable(lastEntryBefore).map(JournalEntry::incarnation)
        : Optional.empty();
  }

  /** Returns a sentence saying why the file is not written, or empty while it is. */
  public Optional<String> problem() {
    synchronized (lock) {
      return Optional.ofNullable(problem);
    }
  }

  /** Closes the file. What is appended after that is kept in memory and told to listeners. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      try {
        file.close();
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "Closing the journal " + path + " failed.", e);
      }
    }
  }

  /** One listener and its handle; no record, so that one listener can be subscribed twice. */
  private final class Subscription implements AutoCloseable {

    private final Consumer<JournalEntry> listener;

    Subscription(Consumer<JournalEntry> listener) {
      this.listener = listener;
    }

    @Override
    public void close() {
      subscriptions.remove(this);
    }
  }
}
