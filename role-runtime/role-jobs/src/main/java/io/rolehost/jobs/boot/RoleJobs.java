package io.rolehost.jobs.boot;

import com.codahale.metrics.MetricRegistry;
import io.rolehost.api.HealthCheck;
import io.rolehost.api.HealthImpact;
import io.rolehost.api.RoleContext;
import io.rolehost.api.Strategy;
import io.rolehost.api.Task;
import io.rolehost.api.http.HttpHandler;
import io.rolehost.jobs.FileEvent;
import io.rolehost.jobs.FilesTrigger;
import io.rolehost.jobs.HttpTrigger;
import io.rolehost.jobs.JobHandler;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobStatus;
import io.rolehost.jobs.Jobs;
import io.rolehost.jobs.Outgoing;
import io.rolehost.jobs.QueueTrigger;
import io.rolehost.jobs.ScheduleTrigger;
import io.rolehost.jobs.Tick;
import io.rolehost.jobs.Triggers;
import io.rolehost.jobs.engine.BrokerAddress;
import io.rolehost.jobs.engine.Engine;
import io.rolehost.jobs.engine.Engines;
import io.rolehost.jobs.files.Folders;
import io.rolehost.jobs.http.HttpJobs;
import io.rolehost.jobs.http.HttpJobsSettings;
import io.rolehost.jobs.ledger.Ledger;
import io.rolehost.jobs.operate.JobsMetrics;
import io.rolehost.jobs.operate.JobsOperations;
import io.rolehost.jobs.queue.JobQueues;
import io.rolehost.jobs.queue.LedgerTracking;
import io.rolehost.jobs.queue.Link;
import io.rolehost.jobs.schedule.ScheduleName;
import io.rolehost.jobs.schedule.Schedules;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** The background work of one role. */
final class RoleJobs implements Jobs {

  /** What Artemis speaks, which is the broker that is found or started without a URL. */
  private static final String LOCAL_SCHEME = "tcp";

  /** Runs of one schedule at a time in one process, where they may overlap. */
  private static final int MOST_RUNS = 8;

  private final RoleContext context;
  private final JobQueues queues;
  private final Ledger ledger;
  private final Schedules schedules;
  private final Folders folders;
  private final HttpJobs http;
  private final AtomicBoolean ticking = new AtomicBoolean();

  private RoleJobs(
      RoleContext context,
      JobQueues queues,
      Ledger ledger,
      Schedules schedules,
      BooleanSupplier paused,
      HttpJobsSettings http) {
    this.context = context;
    this.queues = queues;
    this.ledger = ledger;
    this.schedules = schedules;
    this.folders =
        new Folders(this, context, ledger.receipts(), ledger.keys(), paused, System::nanoTime);
    this.http =
        new HttpJobs(this, ledger.keys(), http, context.stopToken(), InstantSource.system());
  }

  static RoleJobs open(
      RoleContext context, JobsSettings settings, boolean underNode, MetricRegistry registry) {
    String url = settings.broker().url().orElse(LOCAL_SCHEME + "://localhost");
    Engine engine = Engines.of(BrokerAddress.schemeOf(url));
    BrokerSite site = context.closeOnStop(new BrokerSite(settings, underNode));
    Link link = context.closeOnStop(new Link(engine, site));
    Ledger ledger =
        context.closeOnStop(Ledger.of(settings.ledgerSettings(), InstantSource.system()));
    LedgerTracking tracking = new LedgerTracking(ledger, settings.ledger().keep());
    JobsMetrics metrics = new JobsMetrics(registry, InstantSource.system());
    JobQueues queues =
        new JobQueues(
            context,
            new JobQueues.Settings(
                engine,
                engine.capabilities(
                    new BrokerAddress(
                        url, "", "", settings.broker().lostAfter(), settings.broker().kind())),
                link,
                tracking,
                InstantSource.system(),
                settings.sendTimeout(),
                settings.finishWithin()),
            metrics);
    context.healthCheck("jobs-broker", () -> health(link), HealthImpact.REPORTS);
    BooleanSupplier ledgerInUse = () -> tracking.isUsed() || settings.hasLedger();
    Sweeps sweeps = new Sweeps(ledger, ledgerInUse, queues, InstantSource.system());
    sweeps.start(context);
    boolean pauses = settings.onFreeze() == JobsSettings.OnFreeze.PAUSE;
    JobsOperations.LastTicks ticks = new JobsOperations.LastTicks();
    BooleanSupplier paused = () -> pauses && context.frozen();
    Schedules schedules =
        new Schedules(
            context.instance().role(),
            ledger,
            (id, queue, tick, exclusive) -> tick(queues, id, queue, tick, exclusive),
            paused,
            InstantSource.system(),
            tick -> {
              ticks.decided(tick);
              metrics.decided(tick);
            });
    JobsOperations.start(
        context,
        queues,
        schedules,
        ledger,
        ledgerInUse,
        metrics,
        ticks,
        settings.reports(),
        pauses);
    return new RoleJobs(context, queues, ledger, schedules, paused, settings.http());
  }

  private static HealthCheck.Result health(Link link) {
    String problem = link.problem();
    return problem.isEmpty() ? HealthCheck.Result.ok() : HealthCheck.Result.unhealthy(problem);
  }

  @Override
  public <T> void on(QueueTrigger trigger, Class<T> type, JobHandler<T> handler) {
    queues.on(trigger, type, handler);
  }

  @Override
  public void on(ScheduleTrigger trigger, JobHandler<Tick> handler) {
    ScheduleName name = schedules.declare(trigger);
    QueueTrigger ticks = Triggers.queue(name.queue());
    queues.on(
        trigger.overlap() == ScheduleTrigger.Overlap.ALLOW ? ticks.concurrency(MOST_RUNS) : ticks,
        Tick.class,
        handler);
    if (ticking.compareAndSet(false, true)) {
      Object _ =
          context
              .tasks()
              .group("jobs", Strategy.ONE_FOR_ONE)
              .start(
                  Task.named("schedules")
                      .body(task -> schedules.run(task.stopToken()))
                      .unlimitedRestarts());
    }
  }

  private static void tick(JobQueues queues, JobId id, String queue, Tick tick, boolean exclusive) {
    Outgoing message = queues.send(queue, tick).id(id).tracked();
    JobId _ = (exclusive ? message.group(queue) : message).submit();
  }

  @Override
  public void on(FilesTrigger trigger, JobHandler<FileEvent> handler) {
    folders.on(trigger, handler);
  }

  @Override
  public <T> void on(HttpTrigger trigger, Class<T> type, JobHandler<T> handler) {
    http.on(trigger, type, handler);
  }

  @Override
  public <T> void accept(HttpTrigger trigger, Class<T> type) {
    Object _ = http.accept(trigger, type);
  }

  @Override
  public Outgoing send(String queue, Object payload) {
    return queues.send(queue, payload);
  }

  @Override
  public HttpHandler http(HttpHandler otherwise) {
    return http.handler(otherwise);
  }

  @Override
  public Optional<JobStatus> status(JobId id) {
    return ledger.jobs().find(id);
  }

  @Override
  public boolean cancel(JobId id) {
    boolean asked = ledger.jobs().requestCancel(id);
    return queues.cancelRunning(id) || asked;
  }
}
