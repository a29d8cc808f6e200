package io.rolehost.jobs.artemis;

import static io.rolehost.jobs.Triggers.queue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.jobs.JobId;
import io.rolehost.jobs.Jobs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/background/scaling.md shows. */
@Timeout(120)
final class GuideScalingTest {

  record Mail(String to) {}

  @TempDir private Path place;
  private final List<String> sent = new CopyOnWriteArrayList<>();

  // guide scaling 1
  void send(Jobs jobs) {
    JobId _ = jobs.send("mail", new Mail("newsletter")).priority(1).submit();
    JobId _ = jobs.send("mail", new Mail("password reset")).priority(8).submit();
    JobId _ = jobs.send("mail", new Mail("survey")).delay(Duration.ofSeconds(2)).submit();
  }

  void work(Jobs jobs) {
    jobs.on( // how much this process takes, whatever lies there
        queue("mail").concurrency(1).ratePerSecond(20),
        Mail.class,
        (mail, job) -> sent.add(mail.to()));
  }

  // guide end

  @Test
  void backlog_workedOff_byPriority() {
    try (TestRole role = new TestRole(place)) {
      Jobs jobs = role.open();
      send(jobs); // nobody is there to take it, and nothing waits
      work(jobs);
      TestRole.await("three are sent", () -> sent.size() == 3);
    }
    assertEquals(List.of("password reset", "newsletter", "survey"), sent);
  }
}
