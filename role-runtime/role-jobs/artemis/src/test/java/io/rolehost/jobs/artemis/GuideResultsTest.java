package io.rolehost.jobs.artemis;

import static io.rolehost.jobs.Triggers.queue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobStatus;
import io.rolehost.jobs.Jobs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/background/results.md shows. */
@Timeout(120)
final class GuideResultsTest {

  record Report(String month) {}

  @TempDir private Path place;
  private final List<String> told = new CopyOnWriteArrayList<>();

  // guide results 1
  void work(Jobs jobs) {
    jobs.on(
        queue("reports"),
        Report.class,
        (report, job) -> {
          for (int page = 1; page <= 3; page++) {
            job.progress(page, 3, "page " + page);
          }
          job.result(Map.of("pages", 3)); // for whoever looks
          job.reply(report.month() + " is ready"); // for whoever asked
        });
  }

  // guide end

  // guide results 2
  JobId order(Jobs jobs) {
    jobs.on(
        queue("answers"), String.class, (text, job) -> told.add(job.correlationId() + ": " + text));
    return jobs.send("reports", new Report("May")).tracked().replyTo("answers").submit();
  }

  Optional<String> look(Jobs jobs, JobId id) {
    return jobs.status(id).filter(status -> status.state().ended()).flatMap(JobStatus::result);
  }

  // guide end

  @Test
  void trackedJob_done_hasItsResultAndAReply() {
    try (TestRole role = new TestRole(place)) {
      Jobs jobs = role.open();
      work(jobs);
      JobId id = order(jobs);
      TestRole.await("there is a result", () -> look(jobs, id).isPresent());
      TestRole.await("there is a reply", () -> !told.isEmpty());
      assertEquals(Optional.of("{\"pages\":3}"), look(jobs, id));
      assertEquals(List.of(id + ": May is ready"), told);
      assertEquals(
          Optional.of(new JobStatus.Progress(3, 3, "page 3")),
          jobs.status(id).map(JobStatus::progress));
    }
  }
}
