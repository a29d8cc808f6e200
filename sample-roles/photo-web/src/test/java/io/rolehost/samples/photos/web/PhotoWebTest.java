package io.rolehost.samples.photos.web;

import static io.rolehost.samples.photos.web.TestSite.assertProblem;
import static io.rolehost.samples.photos.web.TestSite.body;
import static io.rolehost.samples.photos.web.TestSite.photo;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.HealthCheck;
import io.rolehost.api.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoWebTest {
  private static final long LIMIT = 25L << 20;

  @TempDir Path temp;

  @Test
  void thumbnails_inWeb_sameHandlersMakeThem() throws Exception {
    TestSite web = TestSite.withThumbnails(temp);
    String id = web.upload(photo("JPEG", 800, 600));
    web.jobs.work();
    web.assertDone(id, "image/jpeg", 256, 192);
  }

  @Test
  void thumbnails_inWorker_webOnlySends() throws Exception {
    TestSite web = new TestSite(temp, Map.of());
    assertEquals(List.of(), web.jobs.declared);
    String id = web.upload(photo("PNG", 300, 900));
    web.jobs.work();
    assertEquals("{\"attempts\":0,\"id\":\"" + id + "\",\"state\":\"waiting\"}", web.status(id));
    assertProblem(404, web.get("/photos/" + id + "/thumbnail"));
  }

  @Test
  void upload_whatIsNoPhoto_problemAndNothingLeftBehind() throws Exception {
    TestSite web = new TestSite(temp, Map.of());
    byte[] png = photo("PNG", 64, 64);
    assertProblem(415, web.post("just a text, and not a short one".getBytes(UTF_8)));
    assertProblem(415, web.post(photo("GIF", 8, 8)));
    assertProblem(422, web.post(new byte[0]));
    assertProblem(422, web.post(bomb()));
    assertProblem(422, web.post(Arrays.copyOf(png, png.length / 2)));
    assertProblem(413, web.post(endless(200L << 20), OptionalLong.of(200L << 20)));
    assertProblem(413, web.post(endless(200L << 20), OptionalLong.empty()));
    assertEquals(List.of(), web.files());
    assertEquals(Map.of(), web.jobs.jobs);
  }

  @Test
  void upload_asManyWaitAsMay_503AndWhenToComeAgain() throws Exception {
    TestSite web = new TestSite(temp, Map.of("photos.backlog.photos", 1));
    web.upload(photo("PNG", 8, 8));
    HttpResponse answer = web.post(photo("PNG", 8, 8));
    assertProblem(503, answer);
    assertEquals("5", answer.headers().get("Retry-After"));
  }

  @Test
  void upload_whatWaitsHasFailed_roomForMore() throws Exception {
    TestSite web = TestSite.withThumbnails(temp);
    web.upload(TestSite.poisonedPhoto());
    web.jobs.work();
    TestSite next = new TestSite(temp, Map.of("photos.backlog.photos", 1));
    next.jobs.jobs.putAll(web.jobs.jobs);
    next.upload(photo("PNG", 8, 8));
  }

  @Test
  void upload_brokerAway_503AndNothingLeftBehind() throws Exception {
    TestSite web = new TestSite(temp, Map.of());
    web.jobs.room = 0;
    HttpResponse answer = web.post(photo("PNG", 8, 8));
    assertProblem(503, answer);
    assertEquals("5", answer.headers().get("Retry-After"));
    assertEquals(List.of(), web.files());
  }

  @Test
  void upload_clientGone_noPhotoAccepted() throws Exception {
    TestSite web = new TestSite(temp, Map.of());
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
    assertThrows(IOException.class, () -> web.post(gone, OptionalLong.empty()));
    assertEquals(List.of(), web.files());
  }

  @Test
  void otherRequests_answeredWithoutEcho() throws Exception {
    TestSite web = new TestSite(temp, Map.of());
    assertProblem(404, web.get("/photos/" + "0".repeat(32)));
    assertProblem(404, web.get("/photos/" + "0".repeat(32) + "/thumbnail"));
    assertProblem(404, web.get("/photos/../../etc/passwd"));
    HttpResponse odd = web.get("/photos/<script>");
    assertProblem(404, odd);
    assertTrue(!body(odd).contains("<script>"));
    assertProblem(405, web.get("/photos"));
    assertEquals("GET, HEAD", web.ask("DELETE", "/").headers().get("Allow"));
    for (String page : List.of("/", "/page.css", "/page.js")) {
      assertEquals(200, web.get(page).status());
      assertEquals("nosniff", web.get(page).headers().get("X-Content-Type-Options"));
    }
  }

  @Test
  void health_storeGone_unhealthy() throws Exception {
    TestSite web = new TestSite(temp, Map.of());
    HealthCheck check = requireNonNull(web.context.healthChecks.get("photos"));
    assertEquals(HealthCheck.Result.ok(), check.check());
    Files.delete(temp.resolve("incoming"));
    assertThrows(IOException.class, check::check);
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
}
