package io.rolehost.runtime.supervision;

import io.rolehost.api.TaskHandle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * What happens to tasks, as lines for people: one each, with the time since the beginning. Lines
 * may be added and read by any thread.
 */
public final class TaskStory implements SupervisionListener {

  /**
   * One thing that happened.
   *
   * @param at since the beginning
   */
  public record Line(Duration at, String text) {
    @Override
    public String toString() {
      return at + " " + text;
    }
  }

  private final Supplier<Duration> elapsed;
  private final List<Line> lines = new CopyOnWriteArrayList<>();

  /** Creates an empty story in the given time. */
  public TaskStory(Supplier<Duration> elapsed) {
    this.elapsed = elapsed;
  }

  /** Returns what has happened so far. */
  public List<Line> lines() {
    return List.copyOf(lines);
  }

  /** Adds what somebody else saw. */
  public void add(String text) {
    lines.add(new Line(elapsed.get(), text));
  }

  @Override
  public void attemptFailed(String task, int attempt, Throwable cause) {
    add("%s failed, attempt %d: %s".formatted(task, attempt, AttemptEnd.textOf(cause)));
  }

  @Override
  public void restarted(
      String task, int attempt, Duration delay, RestartReason reason, Throwable cause) {
    add("%s starts again in %s, attempt %d".formatted(task, RestartPolicy.text(delay), attempt));
  }

  @Override
  public void groupRestarted(String group, Duration delay, Throwable cause) {
    add("the group %s starts again in %s".formatted(group, RestartPolicy.text(delay)));
  }

  @Override
  public void ended(String task, TaskHandle.State state) {
    add("%s is %s".formatted(task, state));
  }

  @Override
  public void escalated(Escalation escalation) {
    add(
        "%s ends the role (%s): %s"
            .formatted(escalation.task(), escalation.kind(), escalation.why()));
  }

  @Override
  public void abandoned(Abandoned abandoned) {
    add("%s is left behind, attempt %d".formatted(abandoned.task(), abandoned.attempt()));
  }
}
