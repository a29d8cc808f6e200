package io.rolehost.samples.photos.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The photo service as processes that share a folder, killed at random moments. */
class PhotoServiceProcessTest {
  private static final int MOST_PHOTOS = 400;

  @TempDir Path home;
  private int port;
  private PhotoClient client;

  @BeforeEach
  void choosePort() throws IOException {
    port = PhotoClient.freePort();
    client = new PhotoClient(port);
  }

  @Test
  void tenKills_ofWebAndWorkerWithTheBrokerInOneOfThem_noAcceptedPhotoLostAndNoHalfThumbnailServed()
      throws Exception {
    try (RunningService service = new RunningService.ByHand(home, port)) {
      kill(service, 10);
    }
  }

  @Test
  void tenKills_ofWebWorkerAndBrokerUnderANode_noAcceptedPhotoLostAndNoHalfThumbnailServed()
      throws Exception {
    try (RunningService service = new RunningService.UnderANode(home, port)) {
      kill(service, 10);
    }
  }

  @Test
  @Tag("long")
  void
      manyKills_ofWebAndWorkerWithTheBrokerInOneOfThem_noAcceptedPhotoLostAndNoHalfThumbnailServed()
          throws Exception {
    try (RunningService service = new RunningService.ByHand(home, port)) {
      kill(service, 100);
    }
  }

  @Test
  @Tag("long")
  void manyKills_ofWebWorkerAndBrokerUnderANode_noAcceptedPhotoLostAndNoHalfThumbnailServed()
      throws Exception {
    try (RunningService service = new RunningService.UnderANode(home, port)) {
      kill(service, 100);
    }
  }

  @Test
  void thumbnailsInWeb_oneProcess_makesThemAndStopsClean() throws Exception {
    try (HostProcess web =
        HostProcess.start(
            Path.of("target/photo-web.jar"),
            home,
            "photo-web",
            "rolehost.endpoints.http.port=" + port,
            "photos.thumbnails.in-web=true")) {
      String id = client.uploadAtLast(PhotoClient.photo("PNG", 700, 300));
      assertEquals("done", client.awaitEnd(id).getString("state"));
      client.assertWholeThumbnail(id, true);
      assertEquals(200, client.status(web.managementPort(), "/readyz"));
      assertEquals(0, web.stop());
    }
  }

  private void kill(RunningService service, int rounds) throws Exception {
    Random random = new Random(rounds);
    Set<String> accepted = new ConcurrentSkipListSet<>();
    CountDownLatch killed = new CountDownLatch(1);
    accepted.add(client.uploadAtLast(PhotoClient.photo("PNG", 900, 700)));
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> uploads = clients.submit(() -> uploadUntil(killed, accepted));
      Future<?> looks = clients.submit(() -> lookUntil(killed, accepted));
      try {
        for (int round = 0; round < rounds; round++) {
          service.killOne(random);
        }
      } finally {
        killed.countDown();
      }
      assertEquals(null, uploads.get(60, TimeUnit.SECONDS));
      assertEquals(null, looks.get(60, TimeUnit.SECONDS));
    }
    for (String id : accepted) {
      Config photo = client.awaitEnd(id);
      if (photo.getString("state").equals("failed")) {
        // Killed five times in the middle of the same photo: kept, and the reason says so.
        assertTrue(photo.getString("reason").startsWith("handed out "), photo.toString());
      }
      client.assertWholeThumbnail(id, photo.getString("state").equals("done"));
    }
    assertTrue(service.stop().stream().allMatch(code -> code == 0));
  }

  private Void uploadUntil(CountDownLatch end, Set<String> accepted) throws Exception {
    List<byte[]> photos =
        List.of(
            PhotoClient.photo("JPEG", 1600, 1200),
            PhotoClient.photo("PNG", 64, 48),
            PhotoClient.photo("PNG", 900, 700));
    for (int n = 0; n < MOST_PHOTOS && !end.await(50, TimeUnit.MILLISECONDS); n++) {
      try {
        client.upload(photos.get(n % photos.size())).ifPresent(accepted::add);
      } catch (IOException e) {
        // the web was killed: not accepted as far as we know
      }
    }
    return null;
  }

  private Void lookUntil(CountDownLatch end, Set<String> accepted) throws Exception {
    while (!end.await(10, TimeUnit.MILLISECONDS)) {
      for (String id : accepted) {
        try {
          client.assertWholeThumbnail(id, false);
        } catch (IOException e) {
          break; // the web was killed
        }
      }
    }
    return null;
  }
}
