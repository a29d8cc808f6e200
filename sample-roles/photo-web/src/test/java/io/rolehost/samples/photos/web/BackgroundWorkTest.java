package io.rolehost.samples.photos.web;

import static io.rolehost.samples.photos.web.TestSite.assertProblem;
import static io.rolehost.samples.photos.web.TestSite.photo;
import static io.rolehost.samples.photos.web.TestSite.poisonedPhoto;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.jobs.FileEvent;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobStatus.State;
import io.rolehost.samples.photos.Reindex;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The handlers of the photo service, each attempt called by the test. */
class BackgroundWorkTest {
  @TempDir Path temp;
  private TestSite site;

  @BeforeEach
  void start() throws Exception {
    site = TestSite.withThumbnails(temp);
  }

  @Test
  void photoTwice_secondThumbnailReplacesTheFirst() throws Exception {
    String id = site.upload(photo("PNG", 300, 300));
    site.jobs.work();
    Path thumbnail = temp.resolve("thumbnails").resolve(id + ".png");
    byte[] first = Files.readAllBytes(thumbnail);
    Files.writeString(thumbnail, "half a thumb");
    job(id).state = State.PENDING; // as after a kill before the commit
    site.jobs.work();
    assertArrayEquals(first, Files.readAllBytes(thumbnail));
    assertEquals(List.of("originals/" + id + ".png", "thumbnails/" + id + ".png"), site.files());
  }

  @Test
  void poisonedPhoto_failedAtOnceWithItsReason_doneAfterTheFileWasReplacedAndARedrive()
      throws Exception {
    String id = site.upload(poisonedPhoto());
    site.jobs.work();
    String status = site.status(id);
    assertTrue(status.startsWith("{\"attempts\":1,\"id\":\"" + id + "\",\"reason\":\""), status);
    assertTrue(status.endsWith(",\"state\":\"failed\"}"), status);
    assertProblem(404, site.get("/photos/" + id + "/thumbnail"));
    Files.write(temp.resolve("originals").resolve(id + ".png"), photo("PNG", 64, 64));
    job(id).state = State.PENDING;
    job(id).attempts = 0; // a redrive gives fresh attempts
    site.jobs.work();
    site.assertDone(id, "image/png", 64, 64);
  }

  @Test
  void photoForgottenMeanwhile_jobDoneWithoutAThumbnail() throws Exception {
    String id = site.upload(photo("PNG", 8, 8));
    Files.delete(temp.resolve("originals").resolve(id + ".png"));
    site.jobs.work();
    assertEquals(State.DONE, job(id).state);
    assertEquals(List.of(), site.files());
    assertProblem(404, site.get("/photos/" + id));
  }

  @Test
  void cancelledPhoto_failedAndSaysSo() throws Exception {
    String id = site.upload(photo("PNG", 8, 8));
    job(id).state = State.CANCELLED;
    assertTrue(site.status(id).contains("It was cancelled."), site.status(id));
  }

  @Test
  void reindex_brokerLostInTheMiddle_goesOnFromTheCheckpointAndMakesEveryThumbnailAnew()
      throws Exception {
    List<String> ids = new ArrayList<>();
    for (int n = 0; n < 60; n++) {
      ids.add(site.upload(photo("PNG", 8, 8)));
    }
    site.jobs.work();
    for (String id : ids) {
      Files.writeString(temp.resolve("thumbnails").resolve(id + ".png"), "old");
    }
    FakeJobs.Job reindex = site.jobs.order("http.reindex", new Reindex());
    site.jobs.room = 40;
    site.jobs.work();
    assertEquals(State.PENDING, reindex.state);
    site.jobs.room = Integer.MAX_VALUE;
    site.jobs.work();
    assertEquals(
        Optional.of(Map.of("photos", 60, "resumedAfter", 25)), reindex.result, "batches of 25");
    for (String id : ids) {
      site.assertDone(id, "image/png", 8, 8);
    }
    assertEquals(60 + 1 + 60, site.jobs.jobs.size());
  }

  @Test
  void cleanUp_photoWithoutMessageOrThumbnail_sentAgain() throws Exception {
    String lost = site.upload(photo("PNG", 8, 8));
    String removed = site.upload(photo("PNG", 8, 8));
    String failed = site.upload(poisonedPhoto());
    site.jobs.work();
    Files.delete(temp.resolve("thumbnails").resolve(lost + ".png"));
    Files.delete(temp.resolve("thumbnails").resolve(removed + ".png"));
    site.jobs.jobs.remove(new JobId(lost));
    String waiting = site.upload(photo("PNG", 8, 8));
    assertEquals(
        Optional.of(Map.of("forgotten", 0, "sentAgain", 2)),
        site.jobs.tick("photo-clean-up@1").result);
    site.jobs.work();
    for (String id : List.of(lost, removed, waiting)) {
      site.assertDone(id, "image/png", 8, 8);
    }
    assertTrue(site.status(failed).contains("failed"));
  }

  @Test
  void cleanUp_moreThanIsKept_oldestForgottenWithTheirThumbnails() throws Exception {
    TestSite small =
        new TestSite(
            temp.resolve("small"),
            Map.of("photos.thumbnails.in-web", true, "photos.keep.photos", 1));
    List<String> ids = new ArrayList<>();
    for (byte[] photo :
        List.of(photo("PNG", 8, 8), poisonedPhoto(), photo("PNG", 8, 8), poisonedPhoto())) {
      ids.add(small.upload(photo));
    }
    small.jobs.work();
    small.jobs.tick("photo-clean-up@1");
    assertEquals(
        List.of(
            "originals/" + ids.get(2) + ".png",
            "originals/" + ids.get(3) + ".png",
            "thumbnails/" + ids.get(2) + ".png"),
        small.files());
    assertProblem(404, small.get("/photos/" + ids.get(0)));
  }

  @Test
  void cleanUp_leftoversOfKilledProcesses_removedOnceNobodyCanBeAtThem() throws Exception {
    Path old = Files.createFile(temp.resolve("incoming/old"));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(3600)));
    Files.createFile(temp.resolve("incoming/young"));
    Files.createFile(temp.resolve("thumbnails").resolve("0".repeat(32) + ".jpg"));
    site.jobs.tick("photo-clean-up@1");
    assertEquals(List.of("incoming/young"), site.files());
  }

  @Test
  void inbox_photo_becomesOneWithItsThumbnailAlsoAtASecondAttempt() throws Exception {
    Path file = Files.write(temp.resolve("inbox/meadow.jpg"), photo("JPEG", 512, 256));
    FileEvent event = new FileEvent(file, Files.size(file), Instant.parse("2026-01-01T00:00:00Z"));
    site.jobs.room = 0;
    assertEquals(State.PENDING, site.jobs.file(event).state);
    site.jobs.room = Integer.MAX_VALUE;
    assertEquals(State.DONE, site.jobs.file(event).state);
    assertEquals(State.DONE, site.jobs.file(event).state);
    site.jobs.work();
    assertEquals(1, site.jobs.jobs.size());
    site.assertDone(site.jobs.jobs.keySet().iterator().next().value(), "image/jpeg", 256, 128);
    try (Stream<Path> left = Files.list(temp.resolve("inbox"))) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void inbox_whatIsNoPhoto_deadLetterAndTheFileStays() throws Exception {
    Path file = Files.writeString(temp.resolve("inbox/letter.jpg"), "Dear Sir");
    FakeJobs.Job job = site.jobs.file(new FileEvent(file, 8, Instant.EPOCH));
    assertEquals(State.FAILED, job.state);
    assertTrue(job.failure.orElseThrow().contains("letter.jpg"), job.failure.toString());
    assertEquals(List.of("inbox/letter.jpg"), site.files());
  }

  private FakeJobs.Job job(String id) {
    return Optional.ofNullable(site.jobs.jobs.get(new JobId(id))).orElseThrow();
  }
}
