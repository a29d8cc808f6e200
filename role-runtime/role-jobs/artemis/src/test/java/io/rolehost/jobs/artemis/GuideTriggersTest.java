package io.rolehost.jobs.artemis;

import static io.rolehost.jobs.HttpTrigger.Method.POST;
import static io.rolehost.jobs.Triggers.cron;
import static io.rolehost.jobs.Triggers.files;
import static io.rolehost.jobs.Triggers.http;
import static io.rolehost.jobs.Triggers.onceAfter;
import static io.rolehost.jobs.Triggers.queue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.api.http.HttpResponse;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.Jobs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/background/triggers.md shows. */
@Timeout(120)
final class GuideTriggersTest {

  record PhotoAdded(String name) {}

  record Reindex(String index) {}

  @TempDir private Path place;
  private final Set<String> done = new ConcurrentSkipListSet<>();

  // guide triggers 1
  void declare(Jobs jobs, Path uploads) {
    jobs.on(queue("photos"), PhotoAdded.class, (photo, job) -> done.add("queue " + photo.name()));
    jobs.on(
        cron("0 30 2 * * *").zone(ZoneId.of("Europe/Paris")).named("nightly"),
        (tick, job) -> done.add("tidied " + tick.planned()));
    jobs.on(
        onceAfter(Duration.ofSeconds(1)).named("warm-up"),
        (tick, job) -> done.add("schedule " + tick.schedule()));
    jobs.on(
        files(uploads.toString()).matching("*.jpg"),
        (file, job) -> done.add("file " + file.path().getFileName()));
    jobs.on(
        http(POST, "/reindex"),
        Reindex.class,
        (order, job) -> done.add("request " + order.index()));
  }

  // guide end

  @Test
  void eachTrigger_whatItWaitsFor_isHandled() throws Exception {
    Path uploads = Files.createDirectory(place.resolve("uploads"));
    try (TestRole role = new TestRole(place.resolve("state"))) {
      Jobs jobs = role.open();
      declare(jobs, uploads);
      JobId _ = jobs.send("photos", new PhotoAdded("a")).submit();
      Files.writeString(uploads.resolve("b.jpg"), "whole");
      HttpResponse answer =
          jobs.http(_ -> HttpResponse.of(404))
              .handle(new GuideRequest("POST", "/reindex", "{\"index\":\"c\"}"));
      assertEquals(202, answer.status());
      TestRole.await("four are done, there were " + done, () -> done.size() >= 4);
    }
    done.removeIf(what -> what.startsWith("tidied")); // should the test run at half past two
    assertEquals(
        Set.of("queue a", "schedule warm-up", "file b.jpg", "request c"), Set.copyOf(done));
  }
}
