package io.rolehost.jobs.operate;

import io.rolehost.api.HealthCheck;
import io.rolehost.api.HealthImpact;
import io.rolehost.api.Operations;
import io.rolehost.api.RoleContext;
import io.rolehost.api.Strategy;
import io.rolehost.api.Task;
import io.rolehost.api.TaskSupervisor;
import io.rolehost.jobs.JobsUnavailableException;
import io.rolehost.jobs.ledger.Ledger;
import io.rolehost.jobs.ledger.Ticks;
import io.rolehost.jobs.queue.JobQueues;
import io.rolehost.jobs.schedule.Schedules;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The background work of a role, for operators: under the name {@code jobs}. Thread-safe. */
public final class JobsOperations implements Operations {

  private static final Duration SAMPLE = Duration.ofSeconds(2);
  private static final Duration PAUSES = Duration.ofSeconds(1);

  /** Until the first queue is declared, which then waits no longer than this. */
  private static final Duration PAUSES_AT_FIRST = Duration.ofMillis(100);

  private static final Duration FREEZE_LOOK = Duration.ofMillis(100);
  private static final String FREEZE = "a freeze covers this instance";

  private final Parts parts;
  private final Looks looks;
  private final Acts acts;
  private final Map<String, Ticks.Entry> lastTicks;

  private JobsOperations(Parts parts, Map<String, Ticks.Entry> lastTicks) {
    this.parts = parts;
    this.lastTicks = lastTicks;
    this.looks = new Looks(parts);
    this.acts = new Acts(parts);
  }

  /** Keeps what became of the last planned tick of each schedule that this process decided. */
  public static final class LastTicks {

    private final Map<String, Ticks.Entry> last = new ConcurrentHashMap<>();

    /** Starts with none. */
    public LastTicks() {}

    /** Notes a tick. */
    public void decided(Ticks.Entry tick) {
      last.merge(
          tick.schedule(),
          tick,
          (before, now) -> now.planned().isBefore(before.planned()) ? before : now);
    }

    Map<String, Ticks.Entry> all() {
      return last;
    }
  }

  /**
   * Shows the background work of a role, measures it, reports what needs somebody, and has it do
   * what operators want. To be called before the first queue is declared.
   *
   * @param ledgerThere whether the ledger exists: to ask one that does not would make it
   * @param pauseWhileFrozen whether a freeze keeps this process from taking
   */
  public static void start(
      RoleContext context,
      JobQueues queues,
      Schedules schedules,
      Ledger ledger,
      BooleanSupplier ledgerThere,
      JobsMetrics metrics,
      LastTicks ticks,
      Reports reports,
      boolean pauseWhileFrozen) {
    InstantSource clock = InstantSource.system();
    Sampler sampler = new Sampler(queues, schedules, clock);
    Pausing pausing = new Pausing(queues, ledger, ledgerThere);
    JobsOperations all =
        new JobsOperations(
            new Parts(queues, schedules, ledger, ledgerThere, sampler, pausing, clock),
            ticks.all());
    metrics.read(sampler, queues);
    all.reportBy(context, reports);
    pausing.begin();
    TaskSupervisor group = context.tasks().group("jobs", Strategy.ONE_FOR_ONE);
    Object _ = group.start(periodic("sample", SAMPLE, sampler::sample));
    Object _ =
        group.start(
            Task.named("pauses")
                .body(task -> {
                  do {
                    pausing.look();
                  } while (!task.stopToken().await(pausing.isAsking() ? PAUSES_AT_FIRST : PAUSES));
                })
                .unlimitedRestarts());
    if (pauseWhileFrozen) {
      Runnable look = () -> followFreeze(context, queues);
      look.run();
      Object _ = group.start(periodic("freeze", FREEZE_LOOK, look));
    }
    context.operations("jobs", all);
  }

  private static Task periodic(String name, Duration period, Runnable action) {
    return Task.named(name).body(task -> action.run()).every(period).unlimitedRestarts();
  }

  private static void followFreeze(RoleContext context, JobQueues queues) {
    if (context.frozen()) {
      queues.pauseAll(FREEZE);
    } else {
      queues.resumeAll(FREEZE);
    }
  }

  private void reportBy(RoleContext context, Reports reports) {
    report(
        context,
        "jobs-oldest-message",
        () ->
            Alarms.oldest(
                parts.sampler().last(), parts.queues().counts().keySet(), reports.oldestMessage()));
    if (reports.deadLetters() > 0) {
      report(
          context,
          "jobs-dead-letters",
          () ->
              Alarms.deadLetters(
                  parts.sampler().last(), parts.queues().counts().keySet(), reports.deadLetters()));
    }
    report(
        context,
        "jobs-schedules",
        () -> {
          String ledger = parts.sampler().last().ledgerProblem();
          return ledger.isEmpty() ? Alarms.missed(lastTicks) : ledger;
        });
  }

  private static void report(RoleContext context, String name, Supplier<String> problem) {
    context.healthCheck(
        name,
        () -> {
          String wrong = problem.get();
          return wrong.isEmpty() ? HealthCheck.Result.ok() : HealthCheck.Result.unhealthy(wrong);
        },
        HealthImpact.REPORTS);
  }

  @Override
  public Map<String, Object> summary() {
    return looks.summary();
  }

  @Override
  public Answer look(Map<String, String> query) {
    return answered(() -> looks.look(query));
  }

  @Override
  public Answer act(String verb, Map<String, String> parameters, String by) {
    return answered(() -> acts.act(verb, parameters, by));
  }

  private interface Question {
    Answer answer() throws Unanswerable;
  }

  private static Answer answered(Question question) {
    try {
      return question.answer();
    } catch (Unanswerable wrong) {
      return problem(wrong.status(), wrong);
    } catch (JobsUnavailableException away) {
      return problem(503, away);
    } catch (UnsupportedOperationException cant) {
      return problem(501, cant);
    }
  }

  private static Answer problem(int status, Exception why) {
    return new Answer(status, Map.of("detail", String.valueOf(why.getMessage())));
  }
}
