package io.rolehost.bench.peer;

import static io.rolehost.jobs.Triggers.queue;

import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.Jobs;

/** Our queue, in a role host, asked as {@link Round} says. */
public final class QueueRole implements Role {

  /** With its name and braces it is 1 KB of JSON. */
  private static final Order ORDER = new Order("x".repeat(1000));

  record Order(String text) {}

  /** Called by the host. */
  public QueueRole() {}

  @Override
  public boolean onStart(RoleContext context) {
    Round round = new Round();
    Jobs jobs = Jobs.open(context);
    for (int slots : new int[] {1, 16}) {
      jobs.on(queue("n" + slots).concurrency(slots), Order.class, (order, job) -> round.handled());
    }
    Thread _ =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                round.serve(slots -> {
                  JobId _ = jobs.send("n" + slots, ORDER).submit();
                });
              } catch (Exception e) {
                System.out.println("failed: " + e);
              }
              Runtime.getRuntime().halt(0); // whoever asks is gone
            });
    return true;
  }
}
