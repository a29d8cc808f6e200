package io.rolehost.jobs.artemis;

import static io.rolehost.jobs.Triggers.queue;
import static io.rolehost.jobs.Triggers.queues;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.jobs.JobId;
import io.rolehost.jobs.Jobs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/background/partitioning.md shows. */
@Timeout(120)
final class GuidePartitioningTest {

  record Invoice(String customer, int number) {}

  record Thumbnail(String photo) {}

  record Film(String name) {}

  @TempDir private Path place;
  private final Set<String> done = new ConcurrentSkipListSet<>();

  // guide partitioning 1
  void declare(Jobs jobs) {
    jobs.on( // short and many
        queue("thumbnails").concurrency(8).timeout(Duration.ofSeconds(30)),
        Thumbnail.class,
        (thumbnail, job) -> done.add(thumbnail.photo()));
    jobs.on( // long and few
        queue("films").maxAttempts(2).timeout(Duration.ofHours(2)),
        Film.class,
        (film, job) -> job.compute(() -> done.add(film.name())));
    jobs.on( // a queue for each customer, two at a time of each
        queues("invoices.").concurrency(2),
        Invoice.class,
        (invoice, job) -> done.add(invoice.customer() + invoice.number()));
  }

  JobId bill(Jobs jobs, Invoice invoice) {
    return jobs.send("invoices." + invoice.customer(), invoice).submit();
  }

  // guide end

  @Test
  void queues_ofTheirOwn_areEachHandled() {
    try (TestRole role = new TestRole(place)) {
      Jobs jobs = role.open();
      declare(jobs);
      JobId _ = jobs.send("thumbnails", new Thumbnail("cat")).submit();
      JobId _ = jobs.send("films", new Film("wedding")).submit();
      JobId _ = bill(jobs, new Invoice("ada", 1));
      JobId _ = bill(jobs, new Invoice("bob", 1));
      TestRole.await("four are done", () -> done.size() == 4);
    }
    assertEquals(Set.of("cat", "wedding", "ada1", "bob1"), Set.copyOf(done));
  }
}
