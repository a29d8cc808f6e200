package io.rolehost.jobs.artemis;

import static io.rolehost.jobs.Triggers.files;
import static io.rolehost.jobs.Triggers.http;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.http.HttpRequest;
import io.rolehost.api.http.HttpResponse;
import io.rolehost.jobs.HttpTrigger;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobStatus;
import io.rolehost.jobs.Jobs;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A folder and a request, with the real broker and the real ledger. */
@Timeout(120)
final class FileAndRequestTest {

  /** What the path takes. */
  record Reindex(String index) {}

  @TempDir private Path place;

  @Test
  void file_ofEachVersion_isHandledOnceAlsoByTwoRoles() throws Exception {
    Path uploads = Files.createDirectory(place.resolve("uploads"));
    List<String> seen = new CopyOnWriteArrayList<>();
    try (TestRole first = new TestRole(place.resolve("state"));
        TestRole second = new TestRole(place.resolve("state"))) {
      for (TestRole role : List.of(first, second)) {
        role.open()
            .on(
                files(uploads.toString())
                    .settle(Duration.ofMillis(200))
                    .rescan(Duration.ofMillis(300)),
                (file, job) -> seen.add(file.path().getFileName() + " " + file.size()));
      }
      Files.writeString(uploads.resolve("a.txt"), "one");
      TestRole.await("it is handled", () -> seen.contains("a.txt 3"));
      Files.writeString(uploads.resolve("a.txt"), "two!");
      TestRole.await("the new version is handled", () -> seen.contains("a.txt 4"));
      Files.writeString(uploads.resolve("b.txt"), "three");
      TestRole.await("another one is handled", () -> seen.contains("b.txt 5"));
    }
    assertEquals(List.of("a.txt 3", "a.txt 4", "b.txt 5"), seen);
  }

  @Test
  void request_accepted_isDoneAndItsResultIsTold() throws Exception {
    try (TestRole role = new TestRole(place.resolve("state"))) {
      Jobs jobs = role.open();
      jobs.on(
          http(HttpTrigger.Method.POST, "/reindex"),
          Reindex.class,
          (order, job) -> job.result(Map.of("index", order.index())));
      var handler = jobs.http(_ -> HttpResponse.of(204));
      HttpResponse taken = handler.handle(new Asked("POST", "/reindex", "{\"index\":\"a\"}"));
      assertEquals(202, taken.status());
      String where = String.valueOf(taken.headers().get("Location"));
      JobId id = new JobId(where.substring("/jobs/".length()));
      TestRole.await(
          "it is done",
          () ->
              jobs.status(id)
                  .map(JobStatus::state)
                  .filter(JobStatus.State.DONE::equals)
                  .isPresent());
      HttpResponse told = handler.handle(new Asked("GET", where, ""));
      assertEquals(200, told.status());
      assertTrue(text(told).contains("\"result\":{\"index\":\"a\"}"), text(told));
    }
  }

  private static String text(HttpResponse response) {
    return response.body() instanceof HttpResponse.Body.Bytes(byte[] bytes)
        ? new String(bytes, StandardCharsets.UTF_8)
        : "";
  }

  /** A request of JSON. */
  private record Asked(String method, String path, String text) implements HttpRequest {
    @Override
    public Optional<String> query(String name) {
      return Optional.empty();
    }

    @Override
    public Optional<String> header(String name) {
      return name.equals("Content-Type") ? Optional.of("application/json") : Optional.empty();
    }

    @Override
    public OptionalLong contentLength() {
      return OptionalLong.of(text.length());
    }

    @Override
    public InputStream body() {
      return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
