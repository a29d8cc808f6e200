package io.rolehost.samples.photos.web;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The background work of the photo service beside its uploads, by the two jars in one folder. */
class PhotoWorkProcessTest {
  /** Enough of them that a kill comes in the middle. */
  private static final int PHOTOS = 400;

  @TempDir Path home;
  private Path photos;
  private PhotoClient client;
  private RunningService.ByHand service;

  @BeforeEach
  void start() throws IOException {
    photos = home.resolve(".rolehost/photos");
    int port = PhotoClient.freePort();
    client = new PhotoClient(port);
    service = new RunningService.ByHand(home, port);
  }

  @AfterEach
  void end() {
    service.close();
  }

  @Test
  void poisonedPhoto_failed_andDoneAfterItsFileWasReplacedAndItsDeadLetterRedriven()
      throws Exception {
    String id = client.uploadAtLast(TestSite.poisonedPhoto());
    Config failed = client.awaitEnd(id);
    assertEquals("failed", failed.getString("state"), failed.toString());
    assertEquals(1, failed.getInt("attempts"));
    Path good = Files.write(home.resolve("good.png"), PhotoClient.photo("PNG", 500, 256));
    Path _ = Files.move(good, photos.resolve("originals").resolve(id + ".png"), ATOMIC_MOVE);
    act("redrive&queue=photos&ids=" + id);
    Config done =
        client.awaitStatus("/photos/" + id, status -> status.getString("state").equals("done"));
    client.assertWholeThumbnail(id, true);
    assertTrue(done.hasPath("thumbnail"), done.toString());
  }

  @Test
  void fileInTheInbox_becomesAPhoto_andIsGone() throws Exception {
    var _ = service.worker.managementPort();
    Path inbox = Files.createDirectories(photos.resolve("inbox"));
    Path part = Files.write(home.resolve("meadow.jpg"), PhotoClient.photo("JPEG", 800, 600));
    Path file = Files.move(part, inbox.resolve("meadow.jpg"), ATOMIC_MOVE);
    String id =
        PhotoClient.await(
            "a thumbnail",
            () -> {
              String[] names = photos.resolve("thumbnails").toFile().list();
              return names == null
                  ? Optional.empty()
                  : Stream.of(names).map(name -> name.replace(".jpg", "")).findFirst();
            });
    assertEquals("done", client.awaitEnd(id).getString("state"));
    client.assertWholeThumbnail(id, true);
    PhotoClient.await(
        "the inbox to be empty", () -> Files.exists(file) ? Optional.empty() : Optional.of(true));
  }

  @Test
  void cleanUpNow_photoOfAKilledUpload_isSentAgain() throws Exception {
    var _ = service.web.httpPort();
    String id = "0".repeat(32);
    Path good = Files.write(home.resolve("lost.png"), PhotoClient.photo("PNG", 300, 256));
    Path _ = Files.move(good, photos.resolve("originals").resolve(id + ".png"), ATOMIC_MOVE);
    assertEquals("waiting", client.awaitStatus("/photos/" + id, status -> true).getString("state"));
    act("run&schedule=photo-clean-up");
    assertEquals("done", client.awaitEnd(id).getString("state"));
  }

  @Test
  void reindex_workerKilledInTheMiddle_goesOnFromItsCheckpointAndMakesEveryThumbnailAnew()
      throws Exception {
    byte[] photo = PhotoClient.photo("PNG", 64, 64);
    var _ = service.web.httpPort(); // the folders are there
    FileTime longAgo = FileTime.from(Instant.now().minusSeconds(3600));
    for (int n = 0; n < PHOTOS; n++) {
      String name = "%032x.png".formatted(n);
      Files.write(photos.resolve("originals").resolve(name), photo);
      Path old = Files.write(photos.resolve("thumbnails").resolve(name), photo);
      Files.setLastModifiedTime(old, longAgo);
    }
    String order = client.post("/reindex", "{}");
    client.awaitStatus(order, status -> progress(status) > 0);
    service.worker.killAfter(0);
    long reached = progress(client.awaitStatus(order, status -> true));
    assertTrue(reached < PHOTOS, "it was done before the kill");
    service.worker = service.startWorker();
    Config done =
        client.awaitStatus(order, status -> status.getString("state").equalsIgnoreCase("done"));
    assertEquals(PHOTOS, done.getInt("result.photos"), done.toString());
    assertTrue(done.getInt("result.resumedAfter") > 0, done.toString());
    PhotoClient.await(
        "all thumbnails to be new",
        () -> {
          try (Stream<Path> all = Files.list(photos.resolve("thumbnails"))) {
            List<Path> files = all.toList();
            for (Path file : files) {
              if (Files.getLastModifiedTime(file).equals(longAgo)) {
                return Optional.empty();
              }
            }
            return Optional.of(files.size());
          }
        });
  }

  private static long progress(Config status) {
    return status.hasPath("progress.done") ? status.getLong("progress.done") : 0;
  }

  /** Has the worker do something; what it names is declared soon after the role is ready. */
  private void act(String what) throws Exception {
    HttpResponse<String> answer =
        PhotoClient.await(
            "the worker to know what is meant by " + what,
            () ->
                Optional.of(
                        client.act(
                            service.worker.managementPort(),
                            service.worker.token(),
                            "/operations/jobs?do=" + what))
                    .filter(said -> said.statusCode() != 404));
    assertEquals(200, answer.statusCode(), answer.body());
  }
}
