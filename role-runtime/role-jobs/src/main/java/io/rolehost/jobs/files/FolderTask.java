package io.rolehost.jobs.files;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.rolehost.api.StopToken;
import io.rolehost.api.TaskBody;
import io.rolehost.api.TaskContext;
import io.rolehost.jobs.FileEvent;
import io.rolehost.jobs.JobsUnavailableException;
import io.rolehost.jobs.ledger.Receipts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Finds the whole files of one folder and makes a message of each version: the message first, then
 * the receipt. A crash in between makes a second message with the same key.
 */
final class FolderTask implements TaskBody {

  /** Puts the message of a file on its queue. */
  interface Sender {
    /** Returns whether it is there, durably; false while another process is about to send it. */
    boolean send(FileEvent event, String key);
  }

  /**
   * What it works with.
   *
   * @param trigger names queue and receipts
   * @param unseen how long a vanished file keeps its receipt
   * @param paused whether nothing is to be taken now
   */
  record Parts(
      String trigger,
      Path folder,
      FileRule rule,
      Duration settle,
      Duration rescan,
      Duration unseen,
      Receipts receipts,
      Sender sender,
      BooleanSupplier paused,
      LongSupplier nanos) {}

  private static final System.Logger LOG = System.getLogger(FolderTask.class.getName());

  /** Changes that come in a burst are looked at together. */
  private static final long GATHER = Duration.ofMillis(50).toNanos();

  /** How soon a broker or ledger that was away is tried again. */
  private static final long RETRY = Duration.ofSeconds(2).toNanos();

  private static final long SECOND_LOOK = Duration.ofSeconds(1).toNanos();

  /** How often receipts are told which files are there: a write for each of them. */
  private static final long RETAIN = Duration.ofHours(1).toNanos();

  private final Parts parts;
  private final Ripening ripening;
  private volatile FolderFacts facts;

  FolderTask(Parts parts) {
    this.parts = parts;
    this.ripening = new Ripening(parts.settle().toNanos());
    this.facts = new FolderFacts(parts.trigger(), parts.folder(), 0, 0, false, "");
  }

  /** Returns how the folder stood a moment ago. Any thread. */
  FolderFacts facts() {
    return facts;
  }

  @Override
  public void run(TaskContext task) throws Exception {
    StopToken stop = task.stopToken();
    while (!stop.isStopRequested()) {
      Optional<Path> root = root();
      if (root.isPresent()) {
        try (FolderWatch watch = new FolderWatch(root.get())) {
          stop.onStop(watch::wake);
          follow(root.get(), watch, stop, task);
        }
      } else {
        task.idle();
        var _ = stop.await(parts.rescan());
      }
    }
  }

  private Optional<Path> root() {
    try {
      return Optional.of(parts.folder().toRealPath());
    } catch (IOException e) {
      problem("the folder can't be read: " + e);
      return Optional.empty();
    }
  }

  /** Returns when the stop is asked for, or the folder is gone. */
  private void follow(Path root, FolderWatch watch, StopToken stop, TaskContext task)
      throws InterruptedException {
    FolderScan scan = new FolderScan(root, parts.rule());
    long nextScan = parts.nanos().getAsLong();
    long nextRetain = nextScan;
    long heldUntil = nextScan;
    long sent = 0;
    boolean remembered = false;
    while (!stop.isStopRequested()) {
      long now = parts.nanos().getAsLong();
      try {
        if (!remembered) {
          ripening.taken(parts.receipts().all(parts.trigger()));
          remembered = true;
        }
        if (now - nextScan >= 0 || watch.missed()) {
          boolean fresh = watch.open();
          Set<String> present = new HashSet<>();
          boolean whole =
              scan.read(
                  root,
                  stop::isStopRequested,
                  (path, version) -> {
                    present.add(path);
                    var _ = ripening.see(path, version, parts.nanos().getAsLong());
                  });
          // Between this reading and the first thing it hears a new watcher is deaf.
          long pause = parts.rescan().toNanos();
          nextScan = parts.nanos().getAsLong() + (fresh ? Math.min(pause, SECOND_LOOK) : pause);
          if (whole) {
            ripening.retain(present);
            if (now - nextRetain >= 0) {
              parts.receipts().retain(parts.trigger(), present, parts.unseen());
              nextRetain = now + RETAIN;
            }
          }
        }
        if (now - heldUntil >= 0 && !parts.paused().getAsBoolean()) {
          sent += take(root, scan, stop);
        }
        fine(watch);
      } catch (JobsUnavailableException e) {
        heldUntil = parts.nanos().getAsLong() + RETRY;
        problem(String.valueOf(e.getMessage()));
      } catch (IOException e) {
        problem("the folder can't be read: " + e);
        if (!Files.isDirectory(root)) {
          var _ = stop.await(parts.rescan());
          return;
        }
      }
      task.progress(sent);
      task.idle();
      hear(scan, watch, until(nextScan, heldUntil));
    }
  }

  /** Sends what is ripe; returns how many. */
  private long take(Path root, FolderScan scan, StopToken stop) throws IOException {
    long sent = 0;
    Optional<Set<Path>> written = Optional.empty();
    for (String path : ripening.due(parts.nanos().getAsLong())) {
      if (stop.isStopRequested()) {
        return sent;
      }
      Path file = root.resolve(path);
      Optional<Version> version = scan.look(file);
      if (version.isEmpty()) {
        ripening.gone(path);
        continue;
      }
      long now = parts.nanos().getAsLong();
      if (ripening.see(path, version.get(), now) != Ripening.Ripeness.RIPE) {
        continue;
      }
      if (parts.receipts().find(parts.trigger(), path).equals(version.map(Version::text))) {
        ripening.taken(path, version.get());
        continue;
      }
      if (written.isEmpty()) {
        written = Optional.of(OpenFiles.writtenBelow(root));
      }
      if (written.get().contains(file)) {
        ripening.notYet(path, now);
        continue;
      }
      if (isSent(file, path, version.get())) {
        sent++;
      } else {
        ripening.notYet(path, now); // its receipt will be there, unless that process was killed
      }
    }
    return sent;
  }

  private boolean isSent(Path file, String path, Version version) {
    boolean sent =
        parts
            .sender()
            .send(
                new FileEvent(file, version.size(), version.modified()),
                FileKey.of(parts.trigger(), path, version));
    if (!sent) {
      return false;
    }
    parts.receipts().write(parts.trigger(), path, version.text());
    ripening.taken(path, version);
    return true;
  }

  private long until(long nextScan, long heldUntil) {
    long now = parts.nanos().getAsLong();
    OptionalLong ripe = ripening.next();
    if (ripe.isEmpty()) {
      return Math.max(0, nextScan - now);
    }
    // What is due and could not be sent waits for the broker, or for the end of a pause.
    long next = Math.max(ripe.getAsLong() - now, Math.max(heldUntil - now, GATHER));
    return Math.max(0, Math.min(nextScan - now, next));
  }

  private void hear(FolderScan scan, FolderWatch watch, long nanos) throws InterruptedException {
    Set<Path> changed = new HashSet<>(watch.await(nanos));
    for (Path path : changed) {
      try {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          if (scan.below(path)) {
            var _ = scan.read(path, () -> false, this::seen);
          }
        } else {
          Optional<Version> version = scan.look(path);
          version.ifPresent(now -> seen(scan.name(path), now));
        }
      } catch (IOException _) {
        // The rescan finds it.
      }
    }
  }

  private void seen(String path, Version version) {
    var _ = ripening.see(path, version, parts.nanos().getAsLong());
  }

  private void fine(FolderWatch watch) {
    if (!facts.problem().isEmpty()) {
      LOG.log(INFO, "Folder {0}: well again", parts.folder());
    }
    facts =
        new FolderFacts(
            parts.trigger(),
            parts.folder(),
            ripening.waiting(),
            ripening.known(),
            watch.listening(),
            "");
  }

  private void problem(String text) {
    if (!facts.problem().equals(text)) {
      LOG.log(WARNING, "Folder {0}: {1}. It is tried again", parts.folder(), text);
    }
    facts =
        new FolderFacts(
            parts.trigger(), parts.folder(), ripening.waiting(), ripening.known(), false, text);
  }
}
