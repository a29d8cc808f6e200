package io.rolehost.jobs.schedule;

import com.github.kagkarlsson.scheduler.ScheduledExecution;
import com.github.kagkarlsson.scheduler.ScheduledExecutionsFilter;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.exceptions.DbSchedulerException;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.shaded.jdbc.SQLRuntimeException;
import io.rolehost.jobs.ledger.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;

/**
 * db-scheduler on the ledger's database: one row a schedule. Whoever gets a row that is due decides
 * about its ticks; it holds the row for as long as it takes to send them, never for a run.
 */
final class Timer {

  /** How often an own row that is being sent is touched, and how often it may stay untouched. */
  static final Duration HEARTBEAT = Duration.ofSeconds(1);

  static final int MISSED_HEARTBEATS = 10;

  /** After a kill in the middle of a sending the row is taken over within this. */
  static final Duration TAKE_OVER = HEARTBEAT.multipliedBy(MISSED_HEARTBEATS + 2);

  /** Only what the alarm can't know of waits for a poll: what another process left over. */
  static final Duration POLL_FILE = Duration.ofSeconds(1);

  static final Duration POLL_SERVER = Duration.ofSeconds(5);

  private static final String TABLE = "rolehost_timer";
  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

  /** A role that comes back after a long holiday finds its schedules. */
  private static final Duration KEEP_UNKNOWN = Duration.ofDays(365);

  /** Most of the time they wait for a disk, together; the more wait, the more it takes at once. */
  private static final int THREADS = 16;

  private static final int BATCH = 500;
  private static final int FEW = 20;

  /** What is done about a row that is due. */
  @FunctionalInterface
  interface Due {
    /** Returns the row's next time and data. */
    Next handle(String schedule, TimerData data);
  }

  /** When a row is due next. */
  record Next(Instant at, TimerData data) {}

  private final CustomTask<TimerData> task;
  private final Scheduler scheduler;

  Timer(Ledger ledger, String role, InstantSource clock, Due due) {
    this.task =
        Tasks.custom("schedules/" + role, TimerData.class)
            .onFailure(new FailureHandler.OnFailureRetryLater<>(RETRY))
            .onDeadExecutionRevive()
            .execute((instance, context) -> {
              Next next = due.handle(instance.getId(), instance.getData());
              return again(next);
            });
    SchedulerBuilder builder =
        Scheduler.create(ledger.dataSource(), List.of(task))
            .tableName(TABLE)
            .schedulerName(new SchedulerName.Fixed(role + "/" + UUID.randomUUID()))
            .serializer(new TimerData.Json())
            .clock(clock::instant)
            .alwaysPersistTimestampInUTC()
            .threads(THREADS)
            .executorService(
                Executors.newFixedThreadPool(
                    THREADS, Thread.ofPlatform().daemon().name("jobs-timer-", 0).factory()))
            .enableImmediateExecution()
            .pollingInterval(ledger.shared() ? POLL_SERVER : POLL_FILE)
            .heartbeatInterval(HEARTBEAT)
            .missedHeartbeatsLimit(MISSED_HEARTBEATS)
            .deleteUnresolvedAfter(KEEP_UNKNOWN)
            .shutdownMaxWait(STOP_WITHIN)
            .failureLogging(LogLevel.DEBUG, false);
    if (ledger.shared()) {
      builder.pollUsingLockAndFetch(0.5, 1.0);
    }
    this.scheduler = builder.build();
  }

  private static CompletionHandler<TimerData> again(Next next) {
    return (complete, operations) -> operations.reschedule(complete, next.at(), next.data());
  }

  void start() {
    scheduler.start();
  }

  /** Has it look for what is due now. */
  void wake() {
    scheduler.triggerCheckForDueExecutions();
  }

  void stop() {
    scheduler.stop();
  }

  /**
   * Makes rows of schedules that have none, and moves those that were edited. A row of the same
   * form stays as it is: it knows what was missed.
   *
   * @return the schedules whose rows another process holds right now; to be tried again
   */
  List<String> enrol(Map<String, Next> wanted) {
    Map<String, TimerData> rows = rows(wanted);
    List<SchedulableInstance<?>> fresh = new ArrayList<>();
    List<String> busy = new ArrayList<>();
    wanted.forEach((name, next) -> {
      TimerData row = rows.get(name);
      if (row == null) {
        fresh.add(SchedulableInstance.of(task.instance(name, next.data()), next.at()));
      } else if (!row.hash().equals(next.data().hash()) && !moved(name, next)) {
        busy.add(name);
      }
    });
    for (int from = 0; from < fresh.size(); from += BATCH) {
      create(fresh.subList(from, Math.min(fresh.size(), from + BATCH)));
    }
    return busy;
  }

  private boolean moved(String name, Next next) {
    try {
      scheduler.reschedule(SchedulableInstance.of(task.instance(name, next.data()), next.at()));
      return true;
    } catch (DbSchedulerException anotherProcessHasIt) {
      return false;
    }
  }

  private void create(List<SchedulableInstance<?>> fresh) {
    try {
      scheduler.scheduleBatch(fresh);
    } catch (DbSchedulerException | SQLRuntimeException anotherProcessMadeSome) {
      fresh.forEach(scheduler::scheduleIfNotExists);
    }
  }

  private Map<String, TimerData> rows(Map<String, Next> wanted) {
    Map<String, TimerData> rows = new HashMap<>();
    if (wanted.size() <= FEW) {
      for (String name : wanted.keySet()) {
        scheduler
            .getScheduledExecution(TaskInstanceId.of(task.getName(), name))
            .ifPresent(row -> rows.put(name, (TimerData) row.getData()));
      }
    } else {
      for (boolean picked : new boolean[] {false, true}) {
        scheduler.fetchScheduledExecutionsForTask(
            task.getName(),
            TimerData.class,
            ScheduledExecutionsFilter.all().withPicked(picked),
            (ScheduledExecution<TimerData> row) ->
                rows.put(row.getTaskInstance().getId(), row.getData()));
      }
    }
    return rows;
  }
}
