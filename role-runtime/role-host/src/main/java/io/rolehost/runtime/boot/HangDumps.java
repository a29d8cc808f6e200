package io.rolehost.runtime.boot;

import io.rolehost.runtime.journal.Fingerprint;
import io.rolehost.runtime.process.SystemTime;
import io.rolehost.runtime.process.ThreadDump;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what all threads do while a task hangs, before anybody disturbs it: an incident,
 * though the process goes on. Tasks that hang within a minute share one, for what keeps them is
 * most likely the same.
 */
final class HangDumps {

  /** How long a task that hangs is left alone for the sake of the dump. */
  private static final Duration LIMIT = Duration.ofSeconds(1);

  private static final long APART = Duration.ofMinutes(1).toNanos();

  private final SystemTime time;
  private final OwnIncidents incidents;
  private @Nullable CompletableFuture<Void> last;
  private long lastBegun;

  HangDumps(SystemTime time, OwnIncidents incidents) {
    this.time = time;
    this.incidents = incidents;
  }

  /**
   * Has the dump written, unless there is one already, and then runs {@code go}; a second from now
   * in any case. Does not block.
   *
   * @param why a sentence, for whoever reads the incident
   * @param written takes the folder, on another thread
   */
  void before(String task, String why, Consumer<Path> written, Runnable go) {
    CompletableFuture<Void> _ =
        dump(task, why, written)
            .copy()
            .completeOnTimeout(null, LIMIT.toMillis(), TimeUnit.MILLISECONDS)
            .thenRun(go);
  }

  private synchronized CompletableFuture<Void> dump(
      String task, String why, Consumer<Path> written) {
    long now = time.nanos();
    CompletableFuture<Void> known = last;
    if (known != null && now - lastBegun < APART) {
      return known;
    }
    CompletableFuture<Void> begun = new CompletableFuture<>();
    last = begun;
    lastBegun = now;
    HostThread.start(
        "hang-dump",
        () -> {
          try {
            write(task, why).ifPresent(written);
          } finally {
            boolean _ = begun.complete(null);
          }
        });
    return begun;
  }

  private Optional<Path> write(String task, String why) {
    return incidents.write(
        time.instant(),
        "HANG",
        0,
        why,
        Fingerprint.ofReason("HANG", task),
        ThreadDump.json(),
        Map.of("task", task));
  }
}
