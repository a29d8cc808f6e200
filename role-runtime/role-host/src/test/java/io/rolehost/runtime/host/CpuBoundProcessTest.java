package io.rolehost.runtime.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.RoleContext;
import io.rolehost.api.Task;
import io.rolehost.api.WebRole;
import io.rolehost.api.http.HttpResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that take all cores leave enough of them to answer with. */
final class CpuBoundProcessTest {

  private static final int REQUESTS = 500;

  /**
   * For a machine that others load too; the bound that the contract gives is measured elsewhere.
   */
  private static final Duration GENEROUS = Duration.ofSeconds(1);

  @TempDir Path folder;

  /** Spins on every core, and becomes ready once all tasks do. */
  public static final class Saturating implements WebRole {
    private static volatile long sink;

    @Override
    public boolean onStart(RoleContext context) throws Exception {
      int cores = Runtime.getRuntime().availableProcessors();
      CountDownLatch spinning = new CountDownLatch(cores);
      for (int core = 0; core < cores; core++) {
        var _ =
            context
                .tasks()
                .start(
                    Task.named("spin-" + core)
                        .body(task -> {
                          spinning.countDown();
                          while (!task.stopToken().isStopRequested()) {
                            sink = sink * 31 + 7;
                          }
                        })
                        .cpuBound());
      }
      spinning.await();
      context.endpoint("http").serve(_ -> HttpResponse.text(200, "hello"));
      return true;
    }
  }

  @Test
  void saturatedCores_endpointAndProbesKeepAnswering() throws Exception {
    try (HostProcess host =
        HostProcess.of(Saturating.class, folder).set("rolehost.endpoints.http.port", "0").start()) {
      host.awaitReady();
      for (int port : List.of(host.endpointPort(), host.port())) {
        Duration p99 = p99("http://127.0.0.1:" + port + (port == host.port() ? "/livez" : "/"));
        assertTrue(p99.compareTo(GENEROUS) < 0, "p99 at port " + port + " was " + p99);
      }
      assertEquals(0, host.signal("TERM").exitCode(), host.output());
    }
  }

  private static Duration p99(String address) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address)).timeout(HostProcess.PATIENCE).build();
    List<Duration> took = new ArrayList<>();
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int n = 0; n < REQUESTS; n++) {
        long start = System.nanoTime();
        assertEquals(200, client.send(request, BodyHandlers.ofString()).statusCode());
        took.add(Duration.ofNanos(System.nanoTime() - start));
      }
    }
    Collections.sort(took);
    return took.get(REQUESTS * 99 / 100);
  }
}
