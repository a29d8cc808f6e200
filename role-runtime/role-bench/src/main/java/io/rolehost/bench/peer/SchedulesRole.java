package io.rolehost.bench.peer;

import static io.rolehost.jobs.Triggers.cron;
import static io.rolehost.jobs.Triggers.queue;

import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.api.Task;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.Jobs;
import io.rolehost.jobs.Tick;
import io.rolehost.jobs.ledger.Ledger;
import io.rolehost.jobs.ledger.LedgerSettings;
import io.rolehost.jobs.schedule.Schedules;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;

/**
 * Many schedules on the SQLite ledger, evenly spread over ten minutes. Their ticks go to one queue:
 * ten thousand queues would measure the broker. {@code tick NAME@PLANNED MILLIS} tells when a tick
 * was a message; a line on its input has it stop in the middle of each sending, {@code held
 * NAME@PLANNED}.
 */
public final class SchedulesRole implements Role {

  private static final int PERIOD_SECONDS = 600;

  private volatile boolean held;

  /** Called by the host. */
  public SchedulesRole() {}

  @Override
  public boolean onStart(RoleContext context) {
    InstantSource clock = InstantSource.system();
    Path file = Path.of(context.config().getString("rolehost.jobs.directory"), "ledger.db");
    Ledger ledger = context.closeOnStop(Ledger.of(LedgerSettings.file(file), clock));
    Jobs jobs = Jobs.open(context);
    jobs.on(queue("ticks").concurrency(4), Tick.class, (tick, job) -> {});
    Schedules schedules =
        new Schedules(
            "schedules",
            ledger,
            (id, queue, tick, exclusive) -> send(jobs, id, tick),
            () -> false,
            clock);
    int all = Integer.getInteger("bench.schedules");
    for (int i = 0; i < all; i++) {
      int second = i % PERIOD_SECONDS;
      var _ =
          schedules.declare(cron(second % 60 + " " + second / 60 + "/10 * * * *").named("s" + i));
    }
    Object _ =
        context
            .tasks()
            .start(Task.named("schedules").body(task -> schedules.run(task.stopToken())));
    Thread _ = Thread.ofPlatform().daemon().start(this::obey);
    return true;
  }

  private void obey() {
    try {
      if (System.in.read() >= 0) {
        held = true;
        System.out.println("holding");
      } else {
        Runtime.getRuntime().halt(0); // whoever asks is gone
      }
    } catch (java.io.IOException e) {
      Runtime.getRuntime().halt(1);
    }
  }

  private void send(Jobs jobs, JobId id, Tick tick) {
    String name = tick.schedule() + "@" + tick.planned().toEpochMilli();
    if (held) {
      System.out.println("held " + name);
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    JobId _ = jobs.send("ticks", tick).id(id).tracked().submit();
    System.out.println("tick " + name + " " + System.currentTimeMillis());
  }
}
