package io.rolehost.jobs.artemis;

import static io.rolehost.jobs.Triggers.queue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Backoff;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobStatus;
import io.rolehost.jobs.Jobs;
import io.rolehost.jobs.PermanentJobException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/background/resiliency.md shows. */
@Timeout(120)
final class GuideResiliencyTest {

  record Import(String file, int rows) {}

  @TempDir private Path place;
  private final List<Integer> stored = new CopyOnWriteArrayList<>();

  // guide resiliency 1
  void declare(Jobs jobs) {
    jobs.on(
        queue("imports")
            .maxAttempts(3)
            .timeout(Duration.ofMinutes(10))
            .backoff(Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(30))),
        Import.class,
        (order, job) -> {
          if (order.rows() < 0) { // a dead letter at once
            throw new PermanentJobException(order.file() + " has no rows");
          }
          int from = job.checkpoint(Integer.class).orElse(0);
          for (int row = from; row < order.rows(); row++) {
            store(row, job.attempt());
            job.checkpoint(row + 1);
          }
        });
  }

  // guide end

  private void store(int row, int attempt) throws IOException {
    if (row == 2 && attempt == 1) {
      throw new IOException("the database is away");
    }
    stored.add(row);
  }

  @Test
  void failedImport_nextAttempt_goesOnAtItsCheckpoint() {
    try (TestRole role = new TestRole(place)) {
      Jobs jobs = role.open();
      declare(jobs);
      JobId _ = jobs.send("imports", new Import("a.csv", 4)).submit();
      TestRole.await("all rows are stored", () -> stored.size() >= 4);
      JobId bad = jobs.send("imports", new Import("b.csv", -1)).tracked().submit();
      TestRole.await(
          "it is a dead letter",
          () -> jobs.status(bad).map(JobStatus::state).equals(Optional.of(JobStatus.State.FAILED)));
      JobStatus status = jobs.status(bad).orElseThrow();
      assertEquals(1, status.attempts());
      assertTrue(status.failure().orElse("").contains("b.csv has no rows"), status.toString());
    }
    assertEquals(List.of(0, 1, 2, 3), stored);
  }
}
