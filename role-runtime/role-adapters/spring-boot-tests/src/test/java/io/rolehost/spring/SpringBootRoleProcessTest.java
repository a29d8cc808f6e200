package io.rolehost.spring;

import static io.rolehost.spring.BootProcess.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.spring.BootProcess.Application;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real applications that know nothing of roles but one dependency, from start to end. */
class SpringBootRoleProcessTest {
  private static final String BEAN = "The bean with the photos is made";

  @TempDir Path home;

  @ParameterizedTest
  @EnumSource
  void application_frozenThenStarted_thenStoppedMidRequest_isHeldServesAndEndsInOrder(
      Application application) throws Exception {
    Path conf = home.resolve("role.conf");
    freeze(conf, true);
    try (BootProcess process =
        BootProcess.start(
            application,
            home,
            "config.file=" + conf,
            "rolehost.stop.grace=60 s",
            "rolehost.stop.drain.min=1 s",
            "rolehost.stop.drain.quiet=200 ms")) {
      int plane = process.managementPort();
      // Held at check 1: the plane answers, and no bean has been made.
      HttpResponse<String> held =
          process.await(plane, "/readyz", answer -> answer.body().contains("frozen"));
      assertEquals(503, held.statusCode());
      assertEquals(200, get(plane, "/livez").statusCode());
      assertEquals(200, get(plane, "/startupz").statusCode());
      assertFalse(process.output().contains(BEAN), process::output);

      freeze(conf, false);
      int http = process.httpPort();
      assertTrue(process.output().contains(BEAN), process::output);
      var _ = process.await(plane, "/readyz", answer -> answer.statusCode() == 200);
      assertEquals("photos of photos_IN_0", get(http, "/").body());
      assertEquals(200, get(http, "/actuator/health/readiness").statusCode());
      String checks = get(plane, "/readyz?verbose").body();
      assertTrue(checks.contains("spring"), checks);
      String status = get(plane, "/status").body();
      assertTrue(status.contains("\"actuator\""), status);
      // By the Prometheus client of each version of Spring Boot.
      HttpResponse<String> metrics = get(plane, "/metrics");
      assertEquals(200, metrics.statusCode(), metrics.body());
      assertTrue(metrics.body().contains("\nrolehost_"), metrics.body());

      // The application's own word counts.
      var _ = get(http, "/refuse");
      HttpResponse<String> refused =
          process.await(plane, "/readyz", answer -> answer.statusCode() == 503);
      assertTrue(refused.body().contains("REFUSING_TRAFFIC"), refused.body());
      var _ = get(http, "/accept");
      var _ = process.await(plane, "/readyz", answer -> answer.statusCode() == 200);

      CompletableFuture<HttpResponse<String>> slow =
          CompletableFuture.supplyAsync(() -> slow(http, 3000));
      process.awaitOutput("A slow request has begun");
      process.terminate();
      // Not ready at once, in both places, while it still serves.
      var _ = process.await(plane, "/readyz", answer -> answer.statusCode() == 503);
      HttpResponse<String> down =
          process.await(http, "/actuator/health/readiness", answer -> answer.statusCode() == 503);
      assertTrue(down.body().contains("OUT_OF_SERVICE"), down.body());
      HttpResponse<String> late = get(http, "/");
      assertEquals(200, late.statusCode());
      assertEquals("close", late.headers().firstValue("connection").orElse(""));

      HttpResponse<String> answer = slow.get(60, TimeUnit.SECONDS);
      assertEquals("200 slow, but answered", answer.statusCode() + " " + answer.body());
      assertEquals(0, process.exitCode(), process::output);
      List<String> lines = process.output().lines().toList();
      assertTrue(lines.getLast().contains("Stopped with exit code 0"), process::output);
    }
  }

  private static HttpResponse<String> slow(int port, int millis) {
    try {
      return get(port, "/slow?millis=" + millis);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void freeze(Path conf, boolean frozen) throws Exception {
    Files.writeString(conf, "rolehost.freeze.enabled = " + frozen + "\n");
  }

  @ParameterizedTest
  @EnumSource
  void failingContext_ends70_andTheNextExplainNamesTheBean(Application application)
      throws Exception {
    try (BootProcess process = BootProcess.start(application, home, "photos.broken=true")) {
      assertEquals(70, process.exitCode(), process::output);
      assertTrue(process.output().contains("there is no gallery"), process::output);
    }
    // The next start is held before anything of the application is loaded, and tells.
    try (BootProcess next = BootProcess.start(application, home, "rolehost.freeze.enabled=true")) {
      String told =
          next.await(next.managementPort(), "/explain", answer -> answer.statusCode() == 200)
              .body();
      assertTrue(told.contains("brokenGallery"), told);
      next.terminate();
      assertEquals(0, next.exitCode());
    }
  }

  @Test
  void systemExit_whileServing_isAStopInOrderWithItsCode() throws Exception {
    try (BootProcess process =
        BootProcess.start(Application.BOOT_4, home, "rolehost.stop.drain.min=100 ms")) {
      int http = process.httpPort();
      var _ = get(http, "/exit?code=5");
      assertEquals(5, process.exitCode(), process::output);
      assertTrue(
          process.output().contains("because: the role called System.exit(5)"), process::output);
    }
  }
}
