package io.rolehost.jobs.artemis;

import static io.rolehost.jobs.Triggers.queue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.jobs.JobId;
import io.rolehost.jobs.Jobs;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/background/coordination.md shows. */
@Timeout(120)
final class GuideCoordinationTest {

  record Order(String id, int stock) {}

  @TempDir private Path place;
  private final List<String> log = new CopyOnWriteArrayList<>();

  // guide coordination 1
  void declare(Jobs jobs) {
    jobs.on(
        queue("charge"),
        Order.class,
        (order, job) -> {
          log.add("charged " + order.id());
          JobId _ = job.send("ship", order).submit(); // with the commit, or not at all
        });
    jobs.on(
        queue("ship"),
        Order.class,
        (order, job) -> {
          if (order.stock() == 0) { // no attempt cures that: undo what was done before
            JobId _ = job.send("refund", order).submit();
          } else {
            log.add("shipped " + order.id());
          }
        });
    jobs.on(queue("refund"), Order.class, (order, job) -> log.add("refunded " + order.id()));
  }

  // guide end

  @Test
  void order_thatCannotBeShipped_isRefunded() {
    try (TestRole role = new TestRole(place)) {
      Jobs jobs = role.open();
      declare(jobs);
      JobId _ = jobs.send("charge", new Order("a", 1)).submit();
      TestRole.await("it is shipped", () -> log.size() == 2);
      JobId _ = jobs.send("charge", new Order("b", 0)).submit();
      TestRole.await("it is refunded", () -> log.size() == 4);
    }
    assertEquals(List.of("charged a", "shipped a", "charged b", "refunded b"), log);
  }
}
