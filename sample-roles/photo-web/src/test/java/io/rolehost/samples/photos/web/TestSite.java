package io.rolehost.samples.photos.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.rolehost.api.http.HttpRequest;
import io.rolehost.api.http.HttpResponse;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** A photo-web without a process: its handler is called, its background work waits. */
final class TestSite {
  final FakeContext context;
  final FakeJobs jobs = new FakeJobs();
  private final Path directory;

  /** Starts it with settings that go before the defaults; no two instants of its clock are one. */
  TestSite(Path directory, Map<String, ?> settings) throws Exception {
    this.directory = directory;
    Config config =
        ConfigFactory.parseMap(settings)
            .withFallback(ConfigFactory.parseMap(Map.of("photos.directory", directory.toString())))
            .withFallback(ConfigFactory.parseResources("reference.conf"))
            .resolve();
    context = new FakeContext(config, "photo-web");
    AtomicLong millis = new AtomicLong(System.currentTimeMillis());
    InstantSource clock = () -> Instant.ofEpochMilli(millis.incrementAndGet());
    assertTrue(new PhotoWeb(clock, opened -> jobs).onStart(context));
  }

  /** Starts one that makes the thumbnails itself. */
  static TestSite withThumbnails(Path directory) throws Exception {
    return new TestSite(directory, Map.of("photos.thumbnails.in-web", true));
  }

  HttpResponse post(byte[] bytes) throws Exception {
    return post(new ByteArrayInputStream(bytes), OptionalLong.empty());
  }

  HttpResponse post(InputStream body, OptionalLong length) throws Exception {
    return context.handler.handle(new Request("POST", "/photos", body, length));
  }

  HttpResponse get(String path) throws Exception {
    return ask("GET", path);
  }

  HttpResponse ask(String method, String path) throws Exception {
    return context.handler.handle(
        new Request(method, path, InputStream.nullInputStream(), OptionalLong.empty()));
  }

  /** Returns the id of a photo that was accepted. */
  String upload(byte[] bytes) throws Exception {
    HttpResponse answer = post(bytes);
    assertEquals(202, answer.status(), () -> body(answer));
    return String.valueOf(answer.headers().get("Location")).substring("/photos/".length());
  }

  String status(String id) throws Exception {
    return body(get("/photos/" + id));
  }

  void assertDone(String id, String mediaType, int width, int height) throws Exception {
    String path = "/photos/" + id + "/thumbnail";
    assertEquals(
        "{\"attempts\":1,\"id\":\"%s\",\"state\":\"done\",\"thumbnail\":\"%s\"}"
            .formatted(id, path),
        status(id));
    HttpResponse answer = get(path);
    assertEquals(mediaType, answer.headers().get("Content-Type"));
    BufferedImage small = ImageIO.read(((HttpResponse.Body.File) answer.body()).path().toFile());
    assertEquals(List.of(width, height), List.of(small.getWidth(), small.getHeight()));
  }

  /** Returns all files, as paths below the directory. */
  List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile)
          .map(file -> directory.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  static void assertProblem(int status, HttpResponse answer) {
    assertEquals(status, answer.status(), () -> body(answer));
    assertEquals("application/problem+json", answer.headers().get("Content-Type"));
  }

  static String body(HttpResponse answer) {
    return answer.body() instanceof HttpResponse.Body.Bytes(byte[] bytes)
        ? new String(bytes, UTF_8)
        : answer.body().toString();
  }

  static byte[] photo(String format, int width, int height) throws IOException {
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

  /** Whole in its parts, so that it is accepted; but its pixels can't be decoded. */
  static byte[] poisonedPhoto() throws IOException {
    byte[] png = photo("PNG", 64, 64);
    Arrays.fill(png, png.length / 2, png.length / 2 + 40, (byte) 0x55);
    return png;
  }

  private record Request(String method, String path, InputStream body, OptionalLong contentLength)
      implements HttpRequest {
    @Override
    public Optional<String> query(String name) {
      return Optional.empty();
    }

    @Override
    public Optional<String> header(String name) {
      return Optional.empty();
    }
  }
}
