package io.rolehost.samples.photos.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two fat jars as processes that share a folder, killed at random moments. */
class PhotoServiceProcessTest {
  private static final Path WEB = Path.of("target/photo-web.jar");
  private static final Path WORKER = Path.of("../photo-worker/target/photo-worker.jar");
  private static final int MOST_PHOTOS = 400;

  @TempDir Path home;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private Optional<HostProcess> web = Optional.empty();
  private Optional<HostProcess> worker = Optional.empty();
  private volatile int port;

  @AfterEach
  void endProcesses() {
    web.ifPresent(HostProcess::close);
    worker.ifPresent(HostProcess::close);
  }

  @Test
  void twentyKills_atRandomMoments_noAcceptedPhotoLostAndNoHalfThumbnailServed() throws Exception {
    kill(20);
  }

  @Test
  @Tag("long")
  void manyKills_atRandomMoments_noAcceptedPhotoLostAndNoHalfThumbnailServed() throws Exception {
    kill(150);
  }

  @Test
  void thumbnailsInWeb_oneProcess_makesThemAndStopsClean() throws Exception {
    web = Optional.of(startWeb("photos.thumbnails.in-web=true"));
    port = web.get().httpPort();
    String id = upload(photo("PNG", 700, 300)).orElseThrow();
    assertTrue(awaitEnd(id));
    assertWholeThumbnail(id, true);
    HttpResponse<byte[]> ready =
        client.send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + web.get().managementPort() + "/readyz"))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertEquals(200, ready.statusCode());
    assertEquals(0, web.get().stop());
  }

  private void kill(int rounds) throws Exception {
    Random random = new Random(rounds);
    web = Optional.of(startWeb());
    worker = Optional.of(startWorker());
    port = web.get().httpPort();
    Set<String> accepted = new ConcurrentSkipListSet<>();
    CountDownLatch killed = new CountDownLatch(1);
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> uploads = clients.submit(() -> uploadUntil(killed, accepted));
      Future<?> looks = clients.submit(() -> lookUntil(killed, accepted));
      try {
        for (int round = 0; round < rounds; round++) {
          if (random.nextBoolean()) {
            web.get().killAfter(random.nextInt(700));
            web = Optional.of(startWeb());
            port = web.get().httpPort();
          } else {
            worker.get().killAfter(random.nextInt(1500));
            worker = Optional.of(startWorker());
          }
        }
      } finally {
        killed.countDown();
      }
      assertEquals(null, uploads.get(60, TimeUnit.SECONDS));
      assertEquals(null, looks.get(60, TimeUnit.SECONDS));
    }
    assertTrue(!accepted.isEmpty());
    for (String id : accepted) {
      boolean done = awaitEnd(id);
      assertWholeThumbnail(id, done);
    }
    // Also what was accepted when the answer could not be sent any more.
    awaitNothingUnderWay();
    assertEquals(0, web.get().stop());
    assertEquals(0, worker.get().stop());
    assertEquals(List.of(), filesIn("waiting", "working", "incoming"));
  }

  private HostProcess startWeb(String... more) throws IOException {
    String[] settings =
        Stream.concat(Stream.of("rolehost.endpoints.http.port=0"), Stream.of(more))
            .toArray(String[]::new);
    return HostProcess.start(WEB, home, "photo-web", settings);
  }

  private HostProcess startWorker() throws IOException {
    return HostProcess.start(WORKER, home, "photo-worker");
  }

  private Void uploadUntil(CountDownLatch end, Set<String> accepted) throws Exception {
    List<byte[]> photos =
        List.of(photo("JPEG", 1600, 1200), photo("PNG", 64, 48), photo("PNG", 900, 700));
    for (int n = 0; n < MOST_PHOTOS && !end.await(50, TimeUnit.MILLISECONDS); n++) {
      try {
        upload(photos.get(n % photos.size())).ifPresent(accepted::add);
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
          assertWholeThumbnail(id, false);
        } catch (IOException e) {
          break; // the web was killed
        }
      }
    }
    return null;
  }

  private Optional<String> upload(byte[] photo) throws Exception {
    HttpResponse<byte[]> answer =
        client.send(
            request("/photos").POST(HttpRequest.BodyPublishers.ofByteArray(photo)).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 202) {
      assertEquals(503, answer.statusCode(), () -> new String(answer.body(), UTF_8));
      return Optional.empty();
    }
    return answer.headers().firstValue("Location").map(l -> l.substring("/photos/".length()));
  }

  private boolean awaitEnd(String id) throws Exception {
    for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120); System.nanoTime() < end; ) {
      HttpResponse<String> answer =
          client.send(request("/photos/" + id).build(), HttpResponse.BodyHandlers.ofString());
      assertEquals(200, answer.statusCode(), () -> "lost: " + id + " " + answer.body());
      Config status = ConfigFactory.parseString(answer.body());
      if (status.getString("state").equals("done")) {
        return true;
      }
      if (status.getString("state").equals("failed")) {
        // Killed five times in the middle of the same photo: kept, and the reason says so.
        assertEquals("The process that worked on it ended or hung.", status.getString("reason"));
        assertEquals(5, status.getInt("attempts"));
        return false;
      }
      assertTrue(!new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS));
    }
    throw new AssertionError("still not done: " + id);
  }

  private void assertWholeThumbnail(String id, boolean needed) throws Exception {
    HttpResponse<byte[]> answer =
        client.send(
            request("/photos/" + id + "/thumbnail").build(),
            HttpResponse.BodyHandlers.ofByteArray());
    if (needed || answer.statusCode() != 404) {
      assertEquals(200, answer.statusCode());
      BufferedImage small = ImageIO.read(new ByteArrayInputStream(answer.body()));
      assertNotNull(small);
      int longer = Math.max(small.getWidth(), small.getHeight());
      assertTrue(longer == 256 || longer == 64, small.toString());
    }
  }

  private void awaitNothingUnderWay() throws Exception {
    for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        System.nanoTime() < end && !filesIn("waiting", "working", "incoming").isEmpty(); ) {
      assertTrue(!new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS));
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(30));
  }

  private List<String> filesIn(String... folders) throws IOException {
    try (Stream<String> names =
        Stream.of(folders)
            .flatMap(folder -> files(home.resolve(".rolehost/photos").resolve(folder)))) {
      return names.toList();
    }
  }

  private static Stream<String> files(Path folder) {
    String[] names = folder.toFile().list();
    return Stream.of(names == null ? new String[0] : names);
  }

  private static byte[] photo(String format, int width, int height) throws IOException {
    System.setProperty("java.awt.headless", "true");
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setPaint(new GradientPaint(0, 0, Color.ORANGE, width, height, Color.BLUE));
    graphics.fillRect(0, 0, width, height);
    graphics.dispose();
    Random random = new Random(width);
    for (int i = 0; i < width * height / 10; i++) {
      image.setRGB(random.nextInt(width), random.nextInt(height), random.nextInt());
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertTrue(ImageIO.write(image, format, bytes));
    return bytes.toByteArray();
  }
}
