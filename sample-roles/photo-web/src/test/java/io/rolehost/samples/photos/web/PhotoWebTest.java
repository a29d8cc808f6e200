package io.rolehost.samples.photos.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.rolehost.api.HealthCheck;
import io.rolehost.api.Task;
import io.rolehost.api.http.HttpRequest;
import io.rolehost.api.http.HttpResponse;
import io.rolehost.samples.photos.PhotoSettings;
import io.rolehost.samples.photos.Spool;
import io.rolehost.samples.photos.Thumbnails;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoWebTest {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final long LIMIT = 25L << 20;

  @TempDir Path temp;

  @Test
  void thumbnails_inWeb_sameTasksMakeThem() throws Exception {
    FakeContext web = start(true);
    String location = upload(web, photo("JPEG", 800, 600));
    web.runTasksUntilIdle();
    assertDone(web, location, "image/jpeg", 256, 192);
    assertEquals(
        List.of("thumbnail-1", "thumbnail-2", "photo-sweep"),
        web.tasks.stream().map(Task::name).toList());
  }

  @Test
  void thumbnails_inWorker_webStartsNoneAndTheSameClassMakesThem() throws Exception {
    FakeContext web = start(false);
    assertEquals(List.of(), web.tasks);
    String location = upload(web, photo("PNG", 300, 900));
    FakeContext worker = new FakeContext(config(false), "photo-worker");
    PhotoSettings settings = PhotoSettings.of(worker.config());
    new Thumbnails(new Spool(settings, worker.instance(), CLOCK), settings, worker.side())
        .start(worker);
    assertEquals(
        "{\"attempts\":0,\"id\":\"" + id(location) + "\",\"state\":\"waiting\"}",
        body(get(web, location)));
    worker.runTasksUntilIdle();
    assertDone(web, location, "image/png", 85, 256);
  }

  @Test
  void upload_whatIsNoPhoto_problemAndNothingLeftBehind() throws Exception {
    FakeContext web = start(false);
    byte[] png = photo("PNG", 64, 64);
    assertProblem(415, post(web, "just a text, and not a short one".getBytes(UTF_8)));
    assertProblem(415, post(web, photo("GIF", 8, 8)));
    assertProblem(422, post(web, new byte[0]));
    assertProblem(422, post(web, bomb()));
    assertProblem(422, post(web, Arrays.copyOf(png, png.length / 2)));
    assertProblem(
        413, web.handler.handle(new Request("POST", "/photos", endless(200L << 20), true)));
    assertProblem(
        413, web.handler.handle(new Request("POST", "/photos", endless(200L << 20), false)));
    try (Stream<Path> files = Files.walk(temp)) {
      assertEquals(List.of(), files.filter(Files::isRegularFile).toList());
    }
  }

  @Test
  void upload_spoolFull_503AndWhenToComeAgain() throws Exception {
    Config tight = ConfigFactory.parseMap(Map.of("photos.backlog.photos", 1));
    FakeContext web = start(tight.withFallback(config(false)));
    upload(web, photo("PNG", 8, 8));
    HttpResponse answer = post(web, photo("PNG", 8, 8));
    assertProblem(503, answer);
    assertEquals("5", answer.headers().get("Retry-After"));
  }

  @Test
  void upload_clientGone_noPhotoAccepted() throws Exception {
    FakeContext web = start(false);
    InputStream gone =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("connection reset");
          }

          @Override
          public int read(byte[] into, int from, int length) throws IOException {
            return read();
          }
        };
    assertThrows(
        IOException.class, () -> web.handler.handle(new Request("POST", "/photos", gone, false)));
    try (Stream<Path> files = Files.walk(temp)) {
      assertEquals(List.of(), files.filter(Files::isRegularFile).toList());
    }
  }

  @Test
  void damagedPhoto_firstAttemptFailed_waitsForTheNext() throws Exception {
    FakeContext web = start(true);
    byte[] png = photo("PNG", 64, 64);
    Arrays.fill(png, png.length / 2, png.length / 2 + 40, (byte) 0x55);
    String location = upload(web, png);
    web.runTasksUntilIdle();
    String status = body(get(web, location));
    assertTrue(status.contains("\"attempts\":1,"), status);
    assertTrue(status.contains("\"state\":\"waiting\""), status);
    assertProblem(404, get(web, location + "/thumbnail"));
  }

  @Test
  void otherRequests_answeredWithoutEcho() throws Exception {
    FakeContext web = start(false);
    assertProblem(404, get(web, "/photos/" + "0".repeat(32)));
    assertProblem(404, get(web, "/photos/" + "0".repeat(32) + "/thumbnail"));
    assertProblem(404, get(web, "/photos/../../etc/passwd"));
    HttpResponse odd = get(web, "/photos/<script>");
    assertProblem(404, odd);
    assertTrue(!body(odd).contains("<script>"));
    assertProblem(405, get(web, "/photos"));
    assertEquals(
        "GET, HEAD",
        web.handler
            .handle(new Request("DELETE", "/", InputStream.nullInputStream(), false))
            .headers()
            .get("Allow"));
    for (String page : List.of("/", "/page.css", "/page.js")) {
      assertEquals(200, get(web, page).status());
      assertEquals("nosniff", get(web, page).headers().get("X-Content-Type-Options"));
    }
  }

  @Test
  void health_spoolGone_unhealthy() throws Exception {
    FakeContext web = start(false);
    HealthCheck check = requireNonNull(web.healthChecks.get("spool"));
    assertEquals(HealthCheck.Result.ok(), check.check());
    Files.delete(temp.resolve("incoming"));
    assertThrows(IOException.class, check::check);
  }

  private FakeContext start(boolean inWeb) throws Exception {
    return start(config(inWeb));
  }

  private static FakeContext start(Config config) throws Exception {
    FakeContext web = new FakeContext(config, "photo-web");
    assertTrue(new PhotoWeb(CLOCK).onStart(web));
    return web;
  }

  private Config config(boolean inWeb) {
    return ConfigFactory.parseMap(
            Map.of("photos.spool", temp.toString(), "photos.thumbnails.in-web", inWeb))
        .withFallback(ConfigFactory.parseResources("reference.conf"))
        .resolve();
  }

  private static String upload(FakeContext web, byte[] bytes) throws Exception {
    HttpResponse answer = post(web, bytes);
    assertEquals(202, answer.status(), () -> body(answer));
    return String.valueOf(answer.headers().get("Location"));
  }

  private static void assertDone(
      FakeContext web, String location, String mediaType, int width, int height) throws Exception {
    String path = "/photos/" + id(location) + "/thumbnail";
    assertEquals(
        "{\"attempts\":1,\"id\":\""
            + id(location)
            + "\",\"state\":\"done\",\"thumbnail\":\""
            + path
            + "\"}",
        body(get(web, location)));
    HttpResponse answer = get(web, path);
    assertEquals(mediaType, answer.headers().get("Content-Type"));
    BufferedImage small = ImageIO.read(((HttpResponse.Body.File) answer.body()).path().toFile());
    assertEquals(List.of(width, height), List.of(small.getWidth(), small.getHeight()));
  }

  private static void assertProblem(int status, HttpResponse answer) {
    assertEquals(status, answer.status(), () -> body(answer));
    assertEquals("application/problem+json", answer.headers().get("Content-Type"));
  }

  private static String id(String location) {
    return location.substring("/photos/".length());
  }

  private static HttpResponse post(FakeContext web, byte[] bytes) throws Exception {
    return web.handler.handle(
        new Request("POST", "/photos", new ByteArrayInputStream(bytes), false));
  }

  private static HttpResponse get(FakeContext web, String path) throws Exception {
    return web.handler.handle(new Request("GET", path, InputStream.nullInputStream(), false));
  }

  private static String body(HttpResponse answer) {
    return answer.body() instanceof HttpResponse.Body.Bytes(byte[] bytes)
        ? new String(bytes, UTF_8)
        : answer.body().toString();
  }

  private static byte[] photo(String format, int width, int height) throws IOException {
    System.setProperty("java.awt.headless", "true");
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < width; x++) {
      for (int y = 0; y < height; y++) {
        image.setRGB(x, y, x * 31 + y * 17 * 256);
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertTrue(ImageIO.write(image, format, bytes));
    return bytes.toByteArray();
  }

  /** A whole PNG of a few bytes that claims to be 30,000 x 30,000 pixels. */
  private static byte[] bomb() throws IOException {
    byte[] file = photo("PNG", 8, 8);
    ByteBuffer header = ByteBuffer.wrap(file).putInt(16, 30_000).putInt(20, 30_000);
    CRC32 crc = new CRC32();
    crc.update(file, 12, 17);
    header.putInt(29, (int) crc.getValue());
    return file;
  }

  /** Never held in memory or on disk; fails the test when more is read than the limit allows. */
  private static InputStream endless(long size) {
    return new InputStream() {
      private long read;

      @Override
      public int read() {
        throw new AssertionError("asked for one byte");
      }

      @Override
      public int read(byte[] into, int from, int length) {
        assertTrue(read <= LIMIT, "read on past the limit");
        read += length;
        return read > size ? -1 : length;
      }
    };
  }

  /** With {@code announced}, the length is in the header. */
  private record Request(String method, String path, InputStream body, boolean announced)
      implements HttpRequest {
    @Override
    public Optional<String> query(String name) {
      return Optional.empty();
    }

    @Override
    public Optional<String> header(String name) {
      return Optional.empty();
    }

    @Override
    public OptionalLong contentLength() {
      return announced ? OptionalLong.of(200L << 20) : OptionalLong.empty();
    }
  }
}
