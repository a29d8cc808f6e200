package io.rolehost.node.journal;

import io.rolehost.node.machine.End;
import io.rolehost.node.machine.ExitCodes;
import io.rolehost.node.machine.InstanceEvent;
import io.rolehost.node.machine.InstanceLife;
import io.rolehost.node.machine.Rules;
import io.rolehost.runtime.journal.Journal;
import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.journal.PastIncarnations;
import io.rolehost.runtime.process.Ticks;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a node did with one instance, in {@code <state-dir>/journal/<instance>.node.jsonl}: a line
 * for each step of its table with all that the step depended on, so that {@link Replay} can take it
 * again; a line for each process that was started, and for each automatic freeze. It is kept over
 * the nodes of a state directory.
 *
 * <p>Bounded to three files of 1 MiB and to 30 days. Lines are written at once and not forced to
 * the disk. A disk that is full or read-only never stops the node: {@link #problem} says so.
 * Written by the node's thread alone; readable from any.
 */
public final class NodeJournal implements AutoCloseable {

  /** In a detail: a step of the table. */
  static final String STEP = "step";

  /** In a detail: what a node began with. */
  static final String OPENED = "opened";

  static final String EVENT = "event";
  static final String NANOS = "nanos";
  static final String RANDOM = "random";
  static final String LIFE = "life";
  static final String RULES = "rules";
  static final String NODE = "node";

  private static final String TRANSITION = "transition";
  private static final Set<String> WITH_STEP =
      Set.of(
          TRANSITION,
          OPENED,
          PastIncarnations.END,
          PastIncarnations.ATTEMPT_FAILED,
          PastIncarnations.GAVE_UP);

  private final Journal journal;
  private final long before;
  private @Nullable Rules written;
  private volatile Recorded recorded = new Recorded(0, Map.of());

  /**
   * A life and the line that has it.
   *
   * @param sequence of the line; 0 = nothing was written yet
   * @param life as values that are JSON
   */
  public record Recorded(long sequence, Map<String, Object> life) {
    /** Takes a copy of the map. */
    public Recorded {
      life = Map.copyOf(life);
    }
  }

  /**
   * What happened to an instance: a step of its table.
   *
   * @param nanos the monotonic time it was given
   * @param random the number it was given
   */
  public record Taken(
      InstanceLife before, InstanceEvent event, long nanos, double random, InstanceLife after) {}

  private NodeJournal(Journal journal) {
    this.journal = journal;
    this.before = lastIncarnation(journal);
  }

  /** Opens the journal of an instance. Never throws: what can't be read is a {@link #problem}. */
  public static NodeJournal open(
      Path stateDir, String instanceId, InstantSource clock, Ticks ticks) {
    return new NodeJournal(Journal.ofNode(stateDir, instanceId, clock, ticks));
  }

  private static long lastIncarnation(Journal journal) {
    Iterator<JournalEntry> steps = journal.recent(WITH_STEP);
    return steps.hasNext() ? steps.next().incarnation() : 0;
  }

  /** Returns how many incarnations there were when the journal was opened. */
  public long earlierIncarnations() {
    return before;
  }

  /**
   * Writes down a step.
   *
   * @param from the state before, as people are told
   * @param to the state after
   * @param cause one sentence
   * @param facts more, for whoever reads it
   */
  public JournalEntry step(
      Taken taken, Rules rules, String from, String to, String cause, Map<String, Object> facts) {
    open(taken.before(), rules);
    Map<String, Object> step = new LinkedHashMap<>();
    step.put(EVENT, RecordValues.of((Record) taken.event()));
    step.put(NANOS, taken.nanos());
    step.put(RANDOM, taken.random());
    Map<String, Object> life = RecordValues.of(taken.after());
    step.put(LIFE, life);
    Map<String, Object> detail = new LinkedHashMap<>(facts);
    detail.put(NODE, pid());
    detail.put(STEP, step);
    JournalEntry entry =
        journal.append(incarnation(taken), type(taken, rules), from, to, cause, detail);
    recorded = new Recorded(entry.sequence(), life);
    return entry;
  }

  /** The first line of a node, or of other rules, is what they begin with. */
  private void open(InstanceLife life, Rules rules) {
    if (rules.equals(written)) {
      return;
    }
    written = rules;
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put(NODE, pid());
    ProcessHandle.current()
        .info()
        .startInstant()
        .ifPresent(since -> detail.put("nodeSince", since.toString()));
    detail.put(RULES, RecordValues.of(rules));
    detail.put(LIFE, RecordValues.of(life));
    var _ =
        journal.append(
            life.incarnation(), OPENED, "CREATED", "CREATED", "a node takes it on", detail);
  }

  private static long pid() {
    return ProcessHandle.current().pid();
  }

  private static long incarnation(Taken taken) {
    return taken.event() instanceof InstanceEvent.Exited exited
        ? exited.incarnation()
        : taken.after().incarnation();
  }

  private static String type(Taken taken, Rules rules) {
    if (taken.event() instanceof InstanceEvent.Exited(_, int code, boolean byOnReturn)
        && taken.after().lastEnd().isPresent()) {
      End end = taken.after().lastEnd().get();
      return end.asked()
          ? PastIncarnations.END
          : switch (ExitCodes.verdict(rules, code, byOnReturn, end.lived())) {
            case STOPPED, AT_ONCE -> PastIncarnations.END;
            case BACK_OFF -> PastIncarnations.ATTEMPT_FAILED;
            case GIVE_UP -> PastIncarnations.GAVE_UP;
          };
    }
    return taken.event() instanceof InstanceEvent.StartFailed
        ? PastIncarnations.ATTEMPT_FAILED
        : TRANSITION;
  }

  /** The process said that it is in another state, and the table has no step for that. */
  public JournalEntry reported(long incarnation, String from, String to) {
    return journal.append(incarnation, TRANSITION, from, to, "", Map.of(NODE, pid()));
  }

  /** A process was started: what from, and where. */
  public void started(long incarnation, long pid, String build, String config) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put(PastIncarnations.BUILD, build);
    detail.put(PastIncarnations.CONFIG, config);
    detail.put("pid", pid);
    var _ =
        journal.append(
            incarnation,
            PastIncarnations.START,
            "STARTING",
            "STARTING",
            "start #" + incarnation,
            detail);
  }

  /**
   * An automatic freeze was stored.
   *
   * @param incarnation the one that does not start because of it
   */
  public void froze(long incarnation, String reason, Map<String, Object> detail) {
    var _ =
        journal.append(
            incarnation, PastIncarnations.CRASH_LOOP, "BACKOFF", "FROZEN", reason, detail);
  }

  /** Returns the last entries of some types, newest first. */
  public Iterator<JournalEntry> recent(Set<String> types) {
    return journal.recent(types);
  }

  /** Returns the last entries that are kept in memory, oldest first. */
  public List<JournalEntry> last() {
    return journal.after(0);
  }

  /** Returns the last line with a life. */
  public Recorded recorded() {
    return recorded;
  }

  /** Returns a sentence saying why the file is not written, or empty while it is. */
  public Optional<String> problem() {
    return journal.problem();
  }

  @Override
  public void close() {
    journal.close();
  }
}
