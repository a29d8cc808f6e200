package io.rolehost.runtime.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.io.File;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class HostMetricsTest {

  private final HostMetrics metrics = new HostMetrics(new Fixed());

  @Test
  void prometheus_ofTheHost_hasEveryFigureWithItsLabels() {
    metrics.transition("READY", "DRAINING");
    metrics.transition("READY", "DRAINING");
    metrics.transition("STARTING", "READY");
    metrics.taskRestarted("resize.small", "hung", Duration.ofMillis(1500));
    metrics.taskRestarted("resize.small", "failed", Duration.ofMillis(500));
    metrics.taskLeft("resize.small", Duration.ofMillis(250));
    metrics.taskHung("resize.small");
    metrics.taskAbandoned("resize.small");
    metrics.stopStep("ON_STOP", Duration.ofMillis(750));
    metrics.probeAnswered("readyz", 200_000);
    metrics.probeAnswered("status", 1);
    metrics.illegalEvent();
    IntConsumer answered = metrics.answered("http.api");
    IntStream.of(200, 202, 404, 503).forEach(answered);
    assertEquals(
        List.of(
            "rolehost_carriers_held_total 0.0",
            "rolehost_deadlocks_total 0.0",
            "rolehost_freeze_active{scope=\"all\"} 0.0",
            "rolehost_freeze_active{scope=\"deployment\"} 0.0",
            "rolehost_freeze_active{scope=\"instance\"} 1.0",
            "rolehost_freeze_active{scope=\"role\"} 0.0",
            "rolehost_freeze_seconds 2.5",
            "rolehost_health_up{check=\"db\"} 1.0",
            "rolehost_health_up{check=\"mail_out\"} 0.0",
            "rolehost_illegal_events_total 1.0",
            "rolehost_incarnation 7.0",
            "rolehost_info{build=\"b1\",deployment=\"production\",instance=\"web_IN_0\",role=\"web\"}"
                + " 1",
            "rolehost_last_exit_code 84.0",
            "rolehost_last_stop_seconds 12.0",
            "rolehost_leases_open 2.0",
            "rolehost_ready 1.0",
            "rolehost_requests_in_flight 5.0",
            "rolehost_responses_total{endpoint=\"http_api\",status=\"1xx\"} 0.0",
            "rolehost_responses_total{endpoint=\"http_api\",status=\"2xx\"} 2.0",
            "rolehost_responses_total{endpoint=\"http_api\",status=\"3xx\"} 0.0",
            "rolehost_responses_total{endpoint=\"http_api\",status=\"4xx\"} 1.0",
            "rolehost_responses_total{endpoint=\"http_api\",status=\"5xx\"} 1.0",
            "rolehost_state{state=\"READY\"} 1.0",
            "rolehost_stop_requested 0.0",
            "rolehost_stop_seconds 0.0",
            "rolehost_stop_step_seconds{step=\"ON_STOP\"} 0.75",
            "rolehost_task_abandoned_total{task=\"resize_small\"} 1.0",
            "rolehost_task_backoff_seconds_total{task=\"resize_small\"} 2.0",
            "rolehost_task_hangs_total{task=\"resize_small\"} 1.0",
            "rolehost_task_leave_seconds_count{task=\"resize_small\"} 1",
            "rolehost_task_restarts_total{reason=\"failed\",task=\"resize_small\"} 1.0",
            "rolehost_task_restarts_total{reason=\"hung\",task=\"resize_small\"} 1.0",
            "rolehost_tasks{state=\"RUNNING\"} 3.0",
            "rolehost_transitions_total{from=\"READY\",to=\"DRAINING\"} 2.0",
            "rolehost_transitions_total{from=\"STARTING\",to=\"READY\"} 1.0",
            "rolehost_uptime_seconds 1.5"),
        samples().stream()
            .filter(line -> line.startsWith("rolehost"))
            .filter(line -> !line.startsWith("rolehost_state") || line.endsWith(" 1.0"))
            .filter(line -> !line.contains("quantile") && !line.startsWith("rolehost_probe"))
            .sorted()
            .toList());
  }

  @Test
  void prometheus_ofTheProbes_countsAnswersByTheirTime() {
    metrics.probeAnswered("readyz", 100_000);
    metrics.probeAnswered("readyz", 100_001);
    metrics.probeAnswered("readyz", 9_000_000_000L);
    List<String> ofReadyz =
        samples().stream()
            .filter(line -> line.startsWith("rolehost_probe") && line.contains("readyz"))
            .toList();
    assertEquals(
        List.of(
            "rolehost_probe_seconds_bucket{probe=\"readyz\",le=\"1.0E-4\"} 1",
            "rolehost_probe_seconds_bucket{probe=\"readyz\",le=\"5.0E-4\"} 2"),
        ofReadyz.subList(0, 2));
    assertEquals(
        List.of(
            "rolehost_probe_seconds_bucket{probe=\"readyz\",le=\"5.0\"} 2",
            "rolehost_probe_seconds_bucket{probe=\"readyz\",le=\"+Inf\"} 3",
            "rolehost_probe_seconds_count{probe=\"readyz\"} 3",
            "rolehost_probe_seconds_sum{probe=\"readyz\"} 9.000200001"),
        ofReadyz.subList(ofReadyz.size() - 4, ofReadyz.size()));
  }

  @Test
  void prometheus_namesOfTheHost_sayWhatTheyMean() {
    metrics.taskRestarted("resize", "failed", Duration.ZERO);
    assertTrue(
        metrics.prometheus().contains("# HELP rolehost_task_restarts_total Restarts of a task.\n"),
        metrics::prometheus);
    assertEquals(
        List.of(),
        metrics
            .prometheus()
            .lines()
            .filter(line -> line.startsWith("# HELP rolehost_") && line.contains("Dropwizard"))
            .toList());
  }

  @Test
  void prometheus_anyScrape_hasTheJvm() {
    List<String> samples = samples();
    for (String start :
        List.of(
            "jvm_memory_used_bytes{area=\"heap\"} ",
            "jvm_memory_max_bytes{area=\"heap\"} ",
            "jvm_threads_current ",
            "jvm_gc_collection_seconds_total{gc=",
            "jvm_classes_currently_loaded ",
            "process_cpu_seconds_total ",
            "process_resident_memory_bytes ",
            "process_open_fds ",
            "process_max_fds ",
            "process_uptime_seconds ")) {
      assertTrue(samples.stream().anyMatch(line -> line.startsWith(start)), start);
    }
  }

  @Test
  void prometheus_ofBackgroundWork_hasQueuesByTheirOwnNames() {
    metrics.registry().timer("rolehost.jobs.handling.seconds.photos").update(Duration.ofSeconds(2));
    metrics
        .registry()
        .timer("rolehost.jobs.handling.seconds.schedule/nightly")
        .update(Duration.ofSeconds(3));
    metrics.registry().counter("rolehost.jobs.ended.tenant-*.done").inc(7);
    metrics.registry().counter("rolehost.jobs.ended.photos.dead").inc();
    Gauge<Double> unknown = () -> Double.NaN;
    Gauge<Double> _ = metrics.registry().registerGauge("rolehost.jobs.depth.photos", unknown);
    assertEquals(
        List.of(
            "rolehost_jobs_depth{queue=\"photos\"} NaN",
            "rolehost_jobs_ended_total{outcome=\"dead\",queue=\"photos\"} 1.0",
            "rolehost_jobs_ended_total{outcome=\"done\",queue=\"tenant-*\"} 7.0",
            "rolehost_jobs_handling_seconds{queue=\"photos\",quantile=\"0.5\"} 2.0",
            "rolehost_jobs_handling_seconds_count{queue=\"photos\"} 1",
            "rolehost_jobs_handling_seconds{queue=\"schedule.nightly\",quantile=\"0.5\"} 3.0",
            "rolehost_jobs_handling_seconds_count{queue=\"schedule.nightly\"} 1"),
        samples().stream()
            .filter(line -> line.startsWith("rolehost_jobs"))
            .filter(line -> !line.contains("quantile") || line.contains("\"0.5\""))
            .toList());
  }

  @Test
  void prometheus_gaugesOfTheRoleThatThrowOrClash_breakNothing() {
    Gauge<Integer> broken =
        () -> {
          throw new IllegalStateException("expected by this test");
        };
    Gauge<String> text = () -> "a text";
    Gauge<Integer> one = () -> 1;
    Gauge<Integer> _ = metrics.registry().registerGauge("photos.broken", broken);
    Gauge<String> _ = metrics.registry().registerGauge("photos.text", text);
    metrics.registry().counter("photos.made").inc(4);
    assertTrue(samples().contains("photos_made_total 4.0"), metrics::prometheus);
    assertFalse(metrics.prometheus().contains("photos_broken"));

    metrics.registry().counter("clash.one").inc();
    metrics.registry().meter("clash_one").mark();
    metrics.registry().timer("clash.two").update(Duration.ofMillis(5));
    Gauge<Integer> _ = metrics.registry().registerGauge("clash_two", one);
    assertTrue(samples().contains("rolehost_ready 1.0"));
  }

  @Test
  void prometheus_gaugesThatHang_areLeftOutUntilTheyAnswer() throws Exception {
    HostMetrics impatient =
        new HostMetrics(new Fixed(), new MetricRegistry(), Duration.ofMillis(50));
    int gauges = GaugeReads.MAX_STUCK + 2;
    List<CountDownLatch> hanging = new ArrayList<>();
    AtomicInteger asked = new AtomicInteger();
    for (int i = 0; i < gauges; i++) {
      CountDownLatch released = new CountDownLatch(1);
      hanging.add(released);
      Gauge<Integer> gauge =
          () -> {
            asked.incrementAndGet();
            awaitUninterruptibly(released);
            return 1;
          };
      Gauge<Integer> _ = impatient.registry().registerGauge("photos.hangs." + i, gauge);
    }
    impatient.registry().counter("photos.made").inc(4);
    String text = impatient.prometheus();
    assertTrue(text.contains("photos_made_total 4.0"), text);
    assertFalse(text.contains("photos_hangs"), text);
    assertEquals(GaugeReads.MAX_STUCK, asked.get());
    text = impatient.prometheus();
    assertTrue(text.contains("photos_made_total 4.0") && text.contains("rolehost_ready 1.0"), text);
    assertEquals(GaugeReads.MAX_STUCK, asked.get(), "no gauge is asked while so many hang");

    hanging.forEach(CountDownLatch::countDown);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (gauges > impatient.prometheus().lines().filter(l -> l.startsWith("photos_h")).count()) {
      assertTrue(System.nanoTime() - end < 0, "the gauges answer now, and are not read");
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void taskRestarted_moreNamesThanAllowed_countsTheRestTogether() {
    IntStream.range(0, HostMetrics.MAX_LABELS + 50)
        .forEach(i -> metrics.taskRestarted("t" + i, "failed", Duration.ZERO));
    metrics.taskRestarted("t0", "failed", Duration.ZERO);
    assertEquals(2, metrics.registry().counter("rolehost.task.restarts.t0.failed").getCount());
    assertEquals(50, metrics.registry().counter("rolehost.task.restarts.other.failed").getCount());
  }

  @Test
  void construction_beforeTheFirstScrape_loadsNothingOfPrometheus() throws Exception {
    try (Recording loader = new Recording()) {
      Class<?> type = loader.loadClass(HostMetrics.class.getName());
      Class<?> figures = loader.loadClass(HostFigures.class.getName());
      Object proxy =
          Proxy.newProxyInstance(loader, new Class<?>[] {figures}, (_, _, _) -> "unused");
      Object fresh = type.getConstructor(figures).newInstance(proxy);
      Object _ = type.getMethod("transition", String.class, String.class).invoke(fresh, "A", "B");
      assertTrue(loader.loaded.contains(HostMetrics.class.getName()));
      assertEquals(
          List.of(),
          loader.loaded.stream()
              .filter(name -> name.startsWith("io.prometheus") || name.contains("PrometheusText"))
              .toList());
    }
  }

  private List<String> samples() {
    return metrics.prometheus().lines().filter(line -> !line.startsWith("#")).toList();
  }

  /** Loads everything anew and remembers what. */
  private static final class Recording extends URLClassLoader {

    private final Set<String> loaded = ConcurrentHashMap.newKeySet();

    Recording() {
      super(classPath(), ClassLoader.getPlatformClassLoader());
    }

    private static URL[] classPath() {
      // Surefire may put the class path into the manifest of one jar.
      String given = System.getProperty("surefire.test.class.path", "");
      String path = given.isEmpty() ? System.getProperty("java.class.path") : given;
      return Arrays.stream(path.split(File.pathSeparator, -1))
          .map(Recording::url)
          .toArray(URL[]::new);
    }

    private static URL url(String entry) {
      try {
        return new File(entry).toURI().toURL();
      } catch (MalformedURLException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      loaded.add(name);
      return super.findClass(name);
    }
  }

  private record Fixed() implements HostFigures {
    @Override
    public String state() {
      return "READY";
    }

    @Override
    public boolean ready() {
      return true;
    }

    @Override
    public long incarnation() {
      return 7;
    }

    @Override
    public int openLeases() {
      return 2;
    }

    @Override
    public int inFlight() {
      return 5;
    }

    @Override
    public Map<String, Integer> tasksByState() {
      return Map.of("RUNNING", 3);
    }

    @Override
    public Map<String, Boolean> checksUp() {
      return Map.of("db", true, "mail.out", false);
    }

    @Override
    public Map<String, Integer> freezesByScope() {
      return Map.of("instance", 1);
    }

    @Override
    public Duration frozen() {
      return Duration.ofMillis(2500);
    }

    @Override
    public Duration uptime() {
      return Duration.ofMillis(1500);
    }

    @Override
    public boolean stopRequested() {
      return false;
    }

    @Override
    public Duration stopping() {
      return Duration.ZERO;
    }

    @Override
    public Optional<Duration> lastStop() {
      return Optional.of(Duration.ofSeconds(12));
    }

    @Override
    public OptionalInt lastExitCode() {
      return OptionalInt.of(84);
    }

    @Override
    public Map<String, String> identity() {
      return Map.of(
          "deployment", "production", "role", "web", "instance", "web_IN_0", "build", "b1");
    }
  }
}
