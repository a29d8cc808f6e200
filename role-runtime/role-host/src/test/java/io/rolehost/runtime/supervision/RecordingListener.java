package io.rolehost.runtime.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.api.TaskHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Writes down what it is told, one line each, and lets a test wait for a line. */
final class RecordingListener implements SupervisionListener {

  final List<Escalation> escalations = new CopyOnWriteArrayList<>();
  final List<Abandoned> abandoned = new CopyOnWriteArrayList<>();
  final List<String> all = new CopyOnWriteArrayList<>();
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  @Override
  public void restarted(
      String task, int attempt, Duration delay, RestartReason reason, Throwable cause) {
    say("restarted " + task + " " + attempt + " in " + delay.toMillis() + " ms");
  }

  @Override
  public void attemptFailed(String task, int attempt, Throwable cause) {
    say("failed " + task + " " + attempt + " " + cause.getClass().getSimpleName());
  }

  @Override
  public void ended(String task, TaskHandle.State state) {
    say("ended " + task + " " + state);
  }

  @Override
  public void escalated(Escalation escalation) {
    escalations.add(escalation);
    say("escalated " + escalation.kind() + " " + escalation.task());
  }

  @Override
  public void gatingChanged() {
    say("gating");
  }

  @Override
  public void suspectChanged(boolean suspect) {
    say("suspect " + suspect);
  }

  @Override
  public void abandoned(Abandoned left) {
    abandoned.add(left);
    say("abandoned " + left.task() + " " + left.attempt());
  }

  @Override
  public void writeRefused(String task, int attempt) {
    say("refused " + task + " " + attempt);
  }

  private void say(String line) {
    all.add(line);
    lines.add(line);
  }

  /** Waits for the next lines, which must be these. */
  void expect(String... expected) throws InterruptedException {
    List<String> came = new ArrayList<>();
    for (int i = 0; i < expected.length; i++) {
      came.add(String.valueOf(lines.poll(10, TimeUnit.SECONDS)));
    }
    assertEquals(List.of(expected), came, () -> "all of it: " + all);
  }
}
