package io.rolehost.node;

import io.rolehost.node.control.LastEnd;
import io.rolehost.node.journal.EndCause;
import io.rolehost.node.machine.ExitCodes;
import io.rolehost.node.machine.InstanceState;
import io.rolehost.node.process.Launcher;
import io.rolehost.node.process.OomKills;
import io.rolehost.node.process.OutputFile;
import io.rolehost.node.process.RoleHashes;
import io.rolehost.runtime.journal.Fingerprint;
import io.rolehost.runtime.journal.Incident;
import io.rolehost.runtime.journal.Incidents;
import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.journal.JournalReader;
import io.rolehost.runtime.journal.PastIncarnations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Finds out why a process ended, and leaves an incident of each end that was not in order. What it
 * reads is read on the node's thread, a few milliseconds; what it writes is written on its own, so
 * that a restart does not wait for a disk.
 */
final class Endings implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Endings.class.getName());
  private static final int LINES = 200;
  private static final int MOST_WAITING = 100;
  // Wall clocks of two processes of one machine are the same, but are written down in milliseconds.
  private static final Duration BLUR = Duration.ofMillis(5);

  private final Path stateDir;
  private final OomKills oomKills = OomKills.ofThisProcess();
  private final ThreadPoolExecutor writer;

  Endings(Path stateDir) {
    this.stateDir = stateDir;
    this.writer =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().name("incidents").daemon().factory(),
            new ThreadPoolExecutor.DiscardPolicy());
    writer.allowCoreThreadTimeOut(true);
  }

  /**
   * What is known of an end.
   *
   * @param facts for the journal and for whoever asks
   * @param incident to be written; empty if the end was in order
   */
  record Ending(Map<String, Object> facts, Optional<Fatal> incident) {}

  /** An end that leaves an incident. */
  private record Fatal(
      String instance,
      long incarnation,
      Instant at,
      String reason,
      int code,
      String why,
      Fingerprint fingerprint,
      List<String> output,
      Optional<Path> crashFile,
      Map<String, Object> facts) {}

  /**
   * Looks at a process that has just ended, while the instance still knows it.
   *
   * @param limit whether the kernel killed it for the limit of its memory
   */
  Ending of(
      Supervised instance, long incarnation, int code, Duration lived, boolean limit, Instant now) {
    Optional<LastEnd> said = said(instance, code);
    boolean asked = instance.life().state() instanceof InstanceState.Stopping;
    Optional<Path> crashFile =
        instance
            .child()
            .map(child -> Launcher.crashFile(stateDir, instance.id(), child.pid()))
            .filter(Files::isRegularFile);
    List<String> output =
        OutputFile.tail(stateDir.resolve("log"), instance.id(), incarnation, LINES);
    EndCause.Seen seen =
        new EndCause.Seen(
            instance.rules().roleHost(),
            code,
            asked ? askedBy(instance) : "",
            instance.killedFor(),
            said.map(LastEnd::reason).orElse(""),
            said.map(LastEnd::text).orElse(""),
            crashFile.map(Endings::crash).orElse(""),
            oomKills.another() || limit,
            output);
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put(PastIncarnations.CODE, code);
    facts.put(PastIncarnations.ASKED, asked);
    facts.put(Ends.MEANING, ExitCodes.meaning(seen.roleHost(), code));
    facts.put(Ends.CAUSE, EndCause.of(seen));
    facts.put(Ends.LIVED, lived.toMillis());
    said.filter(end -> !end.failure().isEmpty())
        .ifPresent(end -> facts.put(PastIncarnations.FAILURE, end.failure()));
    boolean exempt = instance.rules().exemptCodes().contains(code);
    if (exempt) {
      facts.put(PastIncarnations.EXEMPT, true);
    }
    if (exempt || !EndCause.isAbnormal(seen.roleHost(), code, asked)) {
      return new Ending(facts, Optional.empty());
    }
    Fingerprint fingerprint = EndCause.fingerprint(code, seen.crash(), output);
    facts.put(Ends.FINGERPRINT, fingerprint.id());
    facts.put(Ends.INCIDENT, Incidents.folderName(now, ofNode(instance), incarnation));
    Map<String, Object> more = new LinkedHashMap<>(facts);
    if (code > 128) {
      more.put("signal", code - 128);
    }
    instance.hashes().ifPresent(hashes -> put(more, hashes));
    if (instance.reported().residentBytes() > 0) {
      more.put("residentBytes", instance.reported().residentBytes());
    }
    instance.child().ifPresent(child -> more.put("pid", child.pid()));
    said.filter(end -> !end.incident().isEmpty())
        .ifPresent(end -> more.put("hostIncident", end.incident()));
    return new Ending(
        facts,
        Optional.of(
            new Fatal(
                ofNode(instance),
                incarnation,
                now,
                said.map(LastEnd::reason).filter(reason -> !reason.isEmpty()).orElse("EXITED"),
                code,
                EndCause.of(seen),
                fingerprint,
                output,
                crashFile,
                more)));
  }

  /** Returns what is known of a process that could not be started. */
  Ending notStarted(Supervised instance, long incarnation, String message, Instant now) {
    Fingerprint fingerprint = Fingerprint.ofReason("could not be started", "");
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put(Ends.CAUSE, message);
    facts.put(Ends.FINGERPRINT, fingerprint.id());
    facts.put(Ends.INCIDENT, Incidents.folderName(now, ofNode(instance), incarnation));
    return new Ending(
        facts,
        Optional.of(
            new Fatal(
                ofNode(instance),
                incarnation,
                now,
                "NOT_STARTED",
                127,
                message,
                fingerprint,
                List.of(),
                Optional.empty(),
                facts)));
  }

  private static void put(Map<String, Object> facts, RoleHashes hashes) {
    facts.put(PastIncarnations.BUILD, hashes.build());
    facts.put(PastIncarnations.CONFIG, hashes.config());
  }

  private static String askedBy(Supervised instance) {
    return instance.askedBy().isEmpty() ? "the node" : instance.askedBy();
  }

  private static String ofNode(Supervised instance) {
    return JournalReader.ofNode(instance.id());
  }

  /** What a host wrote of another end says nothing of this one. */
  private Optional<LastEnd> said(Supervised instance, int code) {
    return instance.rules().roleHost()
        ? LastEnd.read(stateDir, instance.id())
            .filter(
                end -> end.code() == code && !end.at().isBefore(instance.startedAt().minus(BLUR)))
        : Optional.empty();
  }

  /** Returns the line of a JVM's crash file that names the cause. */
  private static String crash(Path file) {
    try (var lines = Files.lines(file)) {
      return lines
          .limit(LINES)
          .filter(line ->
              line.startsWith("#  SIG")
                  || line.startsWith("#  Internal Error")
                  || line.startsWith("#  Out of Memory Error")
                  || line.startsWith("# There is insufficient memory"))
          .map(line -> line.replaceFirst("^# +", "").replaceFirst(", pid=.*", ""))
          .findFirst()
          .orElse("it left " + file);
    } catch (IOException | RuntimeException e) {
      return "it left " + file;
    }
  }

  /** Writes the incident of an end, if it is to leave one, soon and on another thread. */
  void leave(Ending ending, List<JournalEntry> events) {
    ending.incident().ifPresent(fatal -> writer.execute(() -> write(fatal, List.copyOf(events))));
  }

  private void write(Fatal fatal, List<JournalEntry> events) {
    Optional<Path> folder =
        Incidents.write(
            stateDir,
            fatal.instance(),
            fatal.incarnation(),
            new Incident(
                fatal.at(),
                fatal.reason(),
                fatal.code(),
                fatal.why(),
                fatal.fingerprint(),
                events,
                "",
                fatal.output(),
                fatal.facts()));
    if (folder.isPresent() && fatal.crashFile().isPresent()) {
      try {
        var _ = Files.move(fatal.crashFile().get(), folder.get().resolve("hs_err.txt"));
      } catch (IOException e) {
        LOG.log(System.Logger.Level.DEBUG, "It stays where the JVM wrote it", e);
      }
    }
  }

  /** Writes what is still to be written, for a second at most. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      var _ = writer.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
