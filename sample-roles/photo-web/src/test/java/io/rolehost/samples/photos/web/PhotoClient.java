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
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.imageio.ImageIO;

/**
 * Somebody who uploads photos and looks at what becomes of them, also while the service is away.
 */
final class PhotoClient {
  private static final long PATIENCE_SECONDS = 120;

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final int port;

  PhotoClient(int port) {
    this.port = port;
  }

  /** Returns a port that nobody listens on just now. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /**
   * Uploads a photo.
   *
   * @return its id, or empty if it was answered with 503
   * @throws IOException if the connection broke: not accepted as far as we know
   */
  Optional<String> upload(byte[] photo) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        client.send(
            request(port, "/photos").POST(HttpRequest.BodyPublishers.ofByteArray(photo)).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 202) {
      assertEquals(503, answer.statusCode(), () -> new String(answer.body(), UTF_8));
      return Optional.empty();
    }
    return answer.headers().firstValue("Location").map(l -> l.substring("/photos/".length()));
  }

  /** Uploads a photo, again and again while the service is away, and returns its id. */
  String uploadAtLast(byte[] photo) throws Exception {
    return await(
        "a photo to be accepted",
        () -> {
          try {
            return upload(photo);
          } catch (IOException e) {
            return Optional.empty();
          }
        });
  }

  /** Waits until a photo is done or failed, and returns its status. */
  Config awaitEnd(String id) throws Exception {
    return awaitStatus("/photos/" + id, status -> !isUnderWay(status));
  }

  private static boolean isUnderWay(Config status) {
    return status.getString("state").equals("waiting")
        || status.getString("state").equals("working");
  }

  /** Waits until a resource that is always there is as it should be, and returns it. */
  Config awaitStatus(String path, Predicate<Config> wanted) throws Exception {
    return await(
        path + " to be as it should be",
        () -> {
          try {
            HttpResponse<String> answer =
                client.send(request(port, path).build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 503) {
              return Optional.empty(); // it can't be told just now
            }
            assertEquals(200, answer.statusCode(), () -> "lost: " + path + " " + answer.body());
            return Optional.of(ConfigFactory.parseString(answer.body())).filter(wanted);
          } catch (IOException e) {
            return Optional.empty(); // killed
          }
        });
  }

  /** Posts and returns where the answer, 202, says that the status is. */
  String post(String path, String body) throws Exception {
    HttpResponse<String> answer =
        client.send(
            request(port, path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(202, answer.statusCode(), answer.body());
    return answer.headers().firstValue("Location").orElseThrow();
  }

  /** Asks a management plane to act. */
  HttpResponse<String> act(int managementPort, String token, String path) throws Exception {
    return client.send(
        request(managementPort, path)
            .header("Authorization", "Bearer " + token)
            .POST(HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  int status(int anyPort, String path) throws Exception {
    return client
        .send(request(anyPort, path).build(), HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }

  /** Checks that the thumbnail is whole, or, unless it is needed, not there. */
  void assertWholeThumbnail(String id, boolean needed) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        client.send(
            request(port, "/photos/" + id + "/thumbnail").build(),
            HttpResponse.BodyHandlers.ofByteArray());
    if (needed || answer.statusCode() != 404) {
      assertEquals(200, answer.statusCode());
      BufferedImage small = ImageIO.read(new ByteArrayInputStream(answer.body()));
      assertNotNull(small);
      int longer = Math.max(small.getWidth(), small.getHeight());
      assertTrue(longer == 256 || longer == 64, small.toString());
    }
  }

  /** What may be there already. */
  interface Look<T> {
    Optional<T> now() throws Exception;
  }

  /** Looks 20 times a second. */
  static <T> T await(String what, Look<T> look) throws Exception {
    for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        System.nanoTime() < end; ) {
      Optional<T> found = look.now();
      if (found.isPresent()) {
        return found.get();
      }
      assertTrue(!new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS));
    }
    throw new AssertionError("Waited " + PATIENCE_SECONDS + " s for " + what);
  }

  private static HttpRequest.Builder request(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(30));
  }

  /** A gradient with noise. */
  static byte[] photo(String format, int width, int height) throws IOException {
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
