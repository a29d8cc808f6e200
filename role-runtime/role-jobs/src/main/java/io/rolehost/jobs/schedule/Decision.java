package io.rolehost.jobs.schedule;

import io.rolehost.jobs.ScheduleTrigger;
import io.rolehost.jobs.ScheduleTrigger.Missed;
import io.rolehost.jobs.ledger.Ticks.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done about a schedule at one moment.
 *
 * @param send ticks to send, in order
 * @param dropped ticks that are not sent, and why; the last thousand of a long absence
 * @param missed how many were missed in all
 * @param cancelOlder whether the runs that have not ended are to be cancelled first
 * @param next the next tick to decide about
 */
record Decision(
    List<Instant> send,
    List<Dropped> dropped,
    int missed,
    boolean cancelOlder,
    Optional<Instant> next) {

  /** A tick that later than this counts as missed, where missed ones are not made up for. */
  static final Duration ON_TIME = Duration.ofSeconds(30);

  /** How many ticks of a long absence are looked at one by one. */
  private static final int STRIDE = 5_000;

  private static final int RECORDED = 1_000;

  /** A tick that is not sent. */
  record Dropped(Instant planned, Outcome outcome) {}

  private record Due(List<Instant> last, long earlier, Optional<Instant> next) {}

  Decision {
    send = List.copyOf(send);
    dropped = List.copyOf(dropped);
  }

  /** Decides about all ticks that are due. */
  static Decision about(ScheduleTrigger trigger, Timetable table, Situation situation) {
    if (situation.planned().isAfter(situation.now())) {
      return new Decision(List.of(), List.of(), 0, false, Optional.of(situation.planned()));
    }
    Due due = due(table, situation.planned(), situation.now());
    return switch (situation.gate()) {
      case PAUSED -> all(due, Outcome.PAUSED);
      case FROZEN -> all(due, Outcome.FROZEN);
      case OPEN -> open(trigger, situation, due);
    };
  }

  private static Decision all(Due due, Outcome outcome) {
    List<Dropped> dropped = due.last().stream().map(each -> new Dropped(each, outcome)).toList();
    return new Decision(List.of(), dropped, 0, false, due.next());
  }

  private static Decision open(ScheduleTrigger trigger, Situation situation, Due due) {
    List<Instant> fresh =
        due.last().stream().filter(each -> !situation.begun().contains(each)).toList();
    List<Instant> wanted = wanted(trigger, fresh, situation.now());
    int begun = due.last().size() - fresh.size();
    List<Instant> run = wanted.isEmpty() ? wanted : free(trigger, wanted, situation.unfinished());
    List<Instant> send = new ArrayList<>();
    List<Dropped> dropped = new ArrayList<>();
    for (Instant each : due.last()) {
      if (situation.begun().contains(each) || run.contains(each)) {
        send.add(each);
      } else {
        dropped.add(new Dropped(each, wanted.contains(each) ? Outcome.SKIPPED : Outcome.MISSED));
      }
    }
    long missed = due.earlier() + due.last().size() - begun - wanted.size();
    boolean cancelOlder = trigger.overlap() == ScheduleTrigger.Overlap.CANCEL_OLD && !run.isEmpty();
    return new Decision(
        send, dropped, (int) Math.min(Integer.MAX_VALUE, missed), cancelOlder, due.next());
  }

  /** Returns those that the policies for late ticks leave over. */
  private static List<Instant> wanted(ScheduleTrigger trigger, List<Instant> due, Instant now) {
    Duration longest = trigger.missed() instanceof Missed.Skip ? ON_TIME : trigger.maxLateness();
    Duration most = longest.compareTo(trigger.maxLateness()) < 0 ? longest : trigger.maxLateness();
    List<Instant> inTime =
        due.stream().filter(each -> Duration.between(each, now).compareTo(most) <= 0).toList();
    int count =
        switch (trigger.missed()) {
          case Missed.Skip ignored -> 1;
          case Missed.Once ignored -> 1;
          case Missed.All all -> all.most();
        };
    return inTime.subList(Math.max(0, inTime.size() - count), inTime.size());
  }

  /** Returns those that runs which have not ended leave room for. */
  private static List<Instant> free(ScheduleTrigger trigger, List<Instant> wanted, int before) {
    return switch (trigger.overlap()) {
      case SKIP -> before > 0 ? List.of() : wanted;
      case QUEUE_ONE -> before > 1 ? List.of() : wanted;
      case CANCEL_OLD -> List.of(wanted.getLast());
      case ALLOW -> wanted;
    };
  }

  /** Returns what is due; of a very long absence the older part is estimated, not gone through. */
  private static Due due(Timetable table, Instant planned, Instant now) {
    Deque<Instant> last = new ArrayDeque<>();
    long count = 0;
    Optional<Instant> cursor = Optional.of(planned);
    while (cursor.isPresent() && !cursor.get().isAfter(now)) {
      Instant tick = cursor.get();
      last.addLast(tick);
      count++;
      if (last.size() > RECORDED) {
        last.removeFirst();
      }
      cursor = table.next(tick);
      if (count == STRIDE && cursor.isPresent()) {
        long distance = Math.max(1, Duration.between(planned, tick).toMillis() / (STRIDE - 1));
        Instant near = now.minusMillis(distance * STRIDE / 2);
        if (near.isAfter(tick)) {
          count += Duration.between(tick, near).toMillis() / distance;
          cursor = table.next(near);
        }
      }
    }
    return new Due(List.copyOf(last), count - last.size(), cursor);
  }
}
