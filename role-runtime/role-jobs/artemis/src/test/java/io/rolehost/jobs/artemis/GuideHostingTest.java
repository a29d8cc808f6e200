package io.rolehost.jobs.artemis;

import static io.rolehost.jobs.Triggers.queue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.Jobs;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/background/hosting.md shows. */
@Timeout(120)
final class GuideHostingTest {

  record PhotoAdded(String name) {}

  private static final List<String> DONE = new CopyOnWriteArrayList<>();

  @TempDir private Path place;

  // guide hosting 1
  /** The work, in a class of its own: which role starts it is a choice made elsewhere. */
  static final class PhotoWork {
    void start(Jobs jobs) {
      jobs.on(queue("photos").concurrency(4), PhotoAdded.class, (photo, job) -> resize(photo));
    }

    private void resize(PhotoAdded photo) {
      DONE.add(photo.name());
    }
  }

  /** A process of its own for it. */
  static final class PhotoWorker implements Role {
    @Override
    public boolean onStart(RoleContext context) {
      Jobs jobs = Jobs.open(context);
      new PhotoWork().start(jobs); // last: handlers run from here on
      return true;
    }
  }

  // guide end

  @Test
  void worker_startedAfterTheSenderHasGone_doesTheWork() {
    try (TestRole web = new TestRole(place)) {
      JobId _ = web.open().send("photos", new PhotoAdded("a")).submit();
    }
    try (TestRole worker = new TestRole(place)) {
      assertTrue(new PhotoWorker().onStart(worker));
      TestRole.await("the photo is resized", () -> !DONE.isEmpty());
    }
    assertEquals(List.of("a"), DONE);
  }
}
