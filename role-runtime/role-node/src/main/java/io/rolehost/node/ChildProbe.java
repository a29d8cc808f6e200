package io.rolehost.node;

import io.rolehost.node.Supervised.Reported;
import io.rolehost.node.control.LocalHttp;
import io.rolehost.node.control.RunFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks one process again and again how it is, on a virtual thread of its own, until it is closed.
 * Often while it starts, so that READY is seen at once; seldom afterwards.
 */
final class ChildProbe implements Probe {
  private static final long STARTING_MILLIS = 50;
  private static final long UP_MILLIS = 500;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Path stateDir;
  private final String instanceId;
  private final long pid;
  private final Duration unresponsiveAfter;
  private final Told told;
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Takes what a probe found out, on its thread. */
  @FunctionalInterface
  interface Told {
    void accept(boolean ready, Reported reported);

    /** It has answered before, and has not for as long as was to be told. */
    default void silent(Duration silent) {}
  }

  private ChildProbe(
      Path stateDir, String instanceId, long pid, Duration unresponsiveAfter, Told told) {
    this.stateDir = stateDir;
    this.instanceId = instanceId;
    this.pid = pid;
    this.unresponsiveAfter = unresponsiveAfter;
    this.told = told;
  }

  /**
   * Starts one.
   *
   * @param unresponsiveAfter after so long without an answer that is told, and again after as long;
   *     zero = never
   */
  static ChildProbe start(
      Path stateDir, String instanceId, long pid, Duration unresponsiveAfter, Told told) {
    ChildProbe probe = new ChildProbe(stateDir, instanceId, pid, unresponsiveAfter, told);
    Thread.ofVirtual().name("probe-" + instanceId).start(probe::ask);
    return probe;
  }

  private void ask() {
    boolean seenReady = false;
    boolean seen = false;
    long silentSince = System.nanoTime();
    try {
      while (!closed.await(seenReady ? UP_MILLIS : STARTING_MILLIS, TimeUnit.MILLISECONDS)) {
        Optional<RunFile> file = RunFile.read(stateDir, instanceId);
        if (file.isEmpty() || file.get().pid() != pid) {
          continue; // not written yet, or by the process before it
        }
        Optional<Answer> answer = ask(file.get());
        if (closed.getCount() == 0) {
          return;
        }
        boolean ready = answer.isPresent() && answer.get().ready();
        long now = System.nanoTime();
        if (answer.isPresent()) {
          seen = true;
          silentSince = now;
        } else if (seen
            && !unresponsiveAfter.isZero()
            && now - silentSince >= unresponsiveAfter.toNanos()) {
          told.silent(unresponsiveAfter);
          silentSince = now;
        }
        // No answer says nothing about a process that was never ready, and is "not ready" after.
        if (answer.isPresent() || seenReady) {
          told.accept(
              ready,
              answer
                  .map(Answer::reported)
                  .orElseGet(() -> new Reported(file.get().port(), "", "does not answer")));
        }
        seenReady |= ready;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private record Answer(boolean ready, Reported reported) {}

  private static Optional<Answer> ask(RunFile file) {
    try {
      LocalHttp http = file.plane(PATIENCE);
      LocalHttp.Response ready = http.get("/readyz");
      Map<String, Object> status = http.get("/status").json();
      String state = String.valueOf(status.getOrDefault("state", ""));
      return Optional.of(
          new Answer(
              ready.status() == 200,
              new Reported(
                  file.port(),
                  state,
                  ready.status() == 200 ? "" : firstFailing(ready.body()),
                  residentBytes(status))));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static long residentBytes(Map<String, Object> status) {
    return status.get("process") instanceof Map<?, ?> process
            && process.get("residentBytes") instanceof Number bytes
        ? bytes.longValue()
        : 0;
  }

  private static String firstFailing(String reasons) {
    for (String line : reasons.lines().toList()) {
      if (line.startsWith("[-]")) {
        return line.substring(3);
      }
    }
    return reasons.strip();
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
