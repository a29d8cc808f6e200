package io.rolehost.jobs.artemis;

import static io.rolehost.jobs.Triggers.queue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.api.Backoff;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.Jobs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/background/conflicts.md shows. */
@Timeout(120)
final class GuideConflictsTest {

  record Payment(String account, int cents) {}

  @TempDir private Path place;
  private final Map<JobId, Payment> booked = new ConcurrentHashMap<>();
  private final List<Integer> order = new CopyOnWriteArrayList<>();

  // guide conflicts 1
  void declare(Jobs jobs) {
    jobs.on(
        queue("payments").concurrency(8).backoff(Backoff.none()),
        Payment.class,
        (payment, job) -> {
          job.fence(); // throws if another attempt has taken over
          if (booked.putIfAbsent(job.id(), payment) == null) { // a unique column, in a database
            order.add(payment.cents());
          }
          if (job.attempt() == 1 && payment.cents() == 2) {
            throw new IllegalStateException("booked, and failed before the commit");
          }
        });
  }

  JobId pay(Jobs jobs, String order, Payment payment) {
    return jobs.send("payments", payment)
        .group(payment.account()) // one at a time, in order
        .dedupKey(order, Duration.ofDays(7)) // a second click is the same job
        .tracked() // has a row that fence() can ask
        .submit();
  }

  // guide end

  @Test
  void payments_ofOneAccount_areBookedOnceAndInOrder() {
    try (TestRole role = new TestRole(place)) {
      Jobs jobs = role.open();
      JobId first = pay(jobs, "order-1", new Payment("ada", 1));
      JobId second = pay(jobs, "order-2", new Payment("ada", 2));
      assertEquals(second, pay(jobs, "order-2", new Payment("ada", 2)));
      JobId third = pay(jobs, "order-3", new Payment("ada", 3));
      declare(jobs);
      TestRole.await("three are booked", () -> order.size() >= 3);
      assertEquals(List.of(1, 2, 3), order);
      assertEquals(Set.of(first, second, third), booked.keySet());
    }
  }
}
