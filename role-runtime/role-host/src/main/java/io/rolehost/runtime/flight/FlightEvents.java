package io.rolehost.runtime.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Registered;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;

/**
 * The events of the JDK's Flight Recorder; names and fields are listed in {@code
 * docs/flight-recorder.md}. They are on in each recording. None of these classes is loaded unless a
 * recording runs.
 */
@SuppressWarnings("UnusedVariable") // the recorder reads the fields
final class FlightEvents {

  private FlightEvents() {}

  /** What all have that tell of an instance. */
  @Registered(false)
  @Category("Rolehost")
  @StackTrace(false)
  abstract static class OfInstance extends Event {
    @Label("Start")
    @Description("Which start of the instance")
    long incarnation;

    @Label("Sequence")
    @Description("The number of the entry in the journal")
    long sequence;

    @Label("Cause")
    String cause = "";
  }

  @Registered
  @Name("io.rolehost.Start")
  @Label("Start")
  static final class Start extends OfInstance {}

  @Registered
  @Name("io.rolehost.Transition")
  @Label("Transition")
  @Description("The host is in another state")
  static final class Transition extends OfInstance {
    @Label("From")
    String from = "";

    @Label("To")
    String to = "";
  }

  @Registered
  @Name("io.rolehost.TaskRestart")
  @Label("Task Restart")
  static final class TaskRestart extends OfInstance {
    @Label("Task")
    String task = "";

    @Label("Attempt")
    @Description("The number of the new attempt")
    int attempt;

    @Label("Reason")
    @Description("FAILED, RETURNED or HUNG")
    String reason = "";

    @Label("Delay")
    @Description("How long the new attempt waits")
    @Timespan(Timespan.MILLISECONDS)
    long delay;
  }

  @Registered
  @Name("io.rolehost.TaskHang")
  @Label("Task Hang")
  static final class TaskHang extends OfInstance {
    @Label("Task")
    String task = "";

    @Label("Attempt")
    int attempt;

    @Label("Limit")
    @Description("soft or hard")
    String limit = "";

    @Label("Standing")
    @Description("How long it has made no progress")
    @Timespan(Timespan.MILLISECONDS)
    long standing;
  }

  @Registered
  @Name("io.rolehost.TaskEvent")
  @Label("Task Event")
  @Description("Anything else of a task: its end, its group's restart, an escalation")
  static final class TaskEvent extends OfInstance {
    @Label("Task")
    String task = "";
  }

  @Registered
  @Name("io.rolehost.Stall")
  @Label("Stall")
  @Description("A deadlock among tasks, or a body that keeps its carrier")
  static final class Stall extends OfInstance {}

  @Registered
  @Name("io.rolehost.StopStep")
  @Label("Stop Step")
  @Description("A step of the stop has ended; the drain is the first")
  static final class StopStep extends OfInstance {
    @Label("Step")
    String step = "";

    @Label("Took")
    @Timespan(Timespan.MILLISECONDS)
    long took;
  }

  @Registered
  @Name("io.rolehost.Freeze")
  @Label("Freeze")
  @Description("A freeze covers the instance, or does not any more")
  static final class Freeze extends OfInstance {
    @Label("Begins")
    boolean begins;
  }

  @Registered
  @Name("io.rolehost.End")
  @Label("End")
  @Description("The last entry of a start")
  static final class End extends OfInstance {
    @Label("Exit Code")
    int code;

    @Label("Reason")
    String reason = "";

    @Label("Stop Took")
    @Timespan(Timespan.MILLISECONDS)
    long took;
  }

  @Registered
  @Name("io.rolehost.Note")
  @Label("Note")
  @Description("Any other entry of the journal: settings, operators, leases")
  static final class Note extends OfInstance {
    @Label("Type")
    String type = "";
  }

  /** From the begin of a piece of work to its end. */
  @Registered(false)
  @Category("Rolehost")
  @StackTrace(false)
  abstract static class OfWork extends Event {
    @Label("Name")
    @Description("Of the task, the queue, or method and path")
    String name = "";

    @Label("Attempt")
    int attempt;

    @Label("Id")
    String id = "";

    @Label("Failure")
    @Description("The class of what was thrown; empty if nothing was")
    String failure = "";
  }

  /**
   * The shortest are left out, as the JDK does with its own, and all are committed by {@link
   * LateCommits}.
   */
  @Registered
  @Name("io.rolehost.TaskAttempt")
  @Label("Task Attempt")
  @Threshold("10 ms")
  static final class TaskAttempt extends OfWork {}

  @Registered
  @Name("io.rolehost.Job")
  @Label("Job")
  static final class Job extends OfWork {}

  @Registered
  @Name("io.rolehost.Request")
  @Label("Request")
  static final class Request extends OfWork {}
}
