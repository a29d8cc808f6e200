package io.rolehost.runtime.flight;

import io.rolehost.api.Work;
import io.rolehost.api.WorkObserver.Observed;
import io.rolehost.runtime.flight.FlightEvents.OfInstance;
import io.rolehost.runtime.flight.FlightEvents.OfWork;
import io.rolehost.runtime.journal.JournalEntry;
import java.time.Duration;

/** Makes the events. Only touched while a recording runs: it loads all of them. */
final class Recording {

  private Recording() {}

  static void drained(JournalEntry entry, Duration took) {
    FlightEvents.StopStep drain = new FlightEvents.StopStep();
    drain.step = "DRAIN";
    drain.took = took.toMillis();
    commit(drain, entry);
  }

  static void happened(JournalEntry entry) {
    LateCommits.commit(); // the last entry too comes here, before the recorder closes
    commit(event(entry), entry);
  }

  static Observed begun(Work work) {
    OfWork event =
        switch (work.kind()) {
          case TASK -> new FlightEvents.TaskAttempt();
          case JOB -> new FlightEvents.Job();
          case REQUEST -> new FlightEvents.Request();
        };
    if (!event.isEnabled()) {
      return Observed.NOBODY;
    }
    event.begin();
    return failure -> {
      event.end();
      if (event.shouldCommit()) {
        event.name = work.name();
        event.attempt = work.attempt();
        event.id = work.id();
        event.failure = failure == null ? "" : failure.getClass().getName();
        if (event instanceof FlightEvents.TaskAttempt) {
          LateCommits.add(event);
        } else {
          event.commit();
        }
      }
    };
  }

  private static void commit(OfInstance event, JournalEntry entry) {
    if (event.isEnabled()) {
      event.incarnation = entry.incarnation();
      event.sequence = entry.sequence();
      event.cause = entry.cause();
      event.commit();
    }
  }

  private static OfInstance event(JournalEntry entry) {
    return switch (entry.type()) {
      case "start" -> new FlightEvents.Start();
      case "transition" -> {
        FlightEvents.Transition event = new FlightEvents.Transition();
        event.from = entry.from();
        event.to = entry.to();
        yield event;
      }
      case "task" -> task(entry);
      case "stall" -> new FlightEvents.Stall();
      case "step" -> {
        FlightEvents.StopStep event = new FlightEvents.StopStep();
        event.step = text(entry, "step");
        event.took = number(entry, "millis");
        yield event;
      }
      case "freeze", "unfreeze" -> {
        FlightEvents.Freeze event = new FlightEvents.Freeze();
        event.begins = entry.type().equals("freeze");
        yield event;
      }
      case "end" -> {
        FlightEvents.End event = new FlightEvents.End();
        event.code = (int) number(entry, "code");
        event.reason = text(entry, "reason");
        event.took = number(entry, "stopMillis");
        yield event;
      }
      default -> {
        FlightEvents.Note event = new FlightEvents.Note();
        event.type = entry.type();
        yield event;
      }
    };
  }

  private static OfInstance task(JournalEntry entry) {
    if (entry.detail().containsKey("delayMillis")) {
      FlightEvents.TaskRestart event = new FlightEvents.TaskRestart();
      event.task = text(entry, "task");
      event.attempt = (int) number(entry, "attempt");
      event.reason = text(entry, "reason");
      event.delay = number(entry, "delayMillis");
      return event;
    }
    if (entry.detail().containsKey("hang")) {
      FlightEvents.TaskHang event = new FlightEvents.TaskHang();
      event.task = text(entry, "task");
      event.attempt = (int) number(entry, "attempt");
      event.limit = text(entry, "hang");
      event.standing = number(entry, "standingMillis");
      return event;
    }
    FlightEvents.TaskEvent event = new FlightEvents.TaskEvent();
    event.task = text(entry, "task");
    return event;
  }

  private static String text(JournalEntry entry, String key) {
    Object value = entry.detail().get(key);
    return value == null ? "" : value.toString();
  }

  private static long number(JournalEntry entry, String key) {
    return entry.detail().get(key) instanceof Number value ? value.longValue() : 0;
  }
}
