package io.rolehost.runtime.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricFilter;
import com.codahale.metrics.MetricRegistry;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.dropwizard.DropwizardExports;
import io.prometheus.metrics.instrumentation.dropwizard5.labels.CustomLabelMapper;
import io.prometheus.metrics.instrumentation.dropwizard5.labels.MapperConfig;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.rolehost.runtime.metrics.GaugeReads.Reading;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A Dropwizard registry and the JVM as Prometheus text. Slow to load: made at the first scrape. */
final class PrometheusText {

  private static final Logger LOG = System.getLogger(PrometheusText.class.getName());

  /** Which part of a name in the registry is which label. */
  private static final List<MapperConfig> LABELS =
      List.of(
          new MapperConfig(
              "rolehost.transitions.*.*",
              "rolehost.transitions",
              Map.of("from", "${0}", "to", "${1}")),
          new MapperConfig(
              "rolehost.responses.*.*",
              "rolehost.responses",
              Map.of("endpoint", "${0}", "status", "${1}")),
          new MapperConfig(
              "rolehost.task.restarts.*", "rolehost.task.restarts", Map.of("task", "${0}")),
          new MapperConfig("rolehost.tasks.*", "rolehost.tasks", Map.of("state", "${0}")),
          new MapperConfig(
              "rolehost.freeze.active.*", "rolehost.freeze.active", Map.of("scope", "${0}")),
          new MapperConfig("rolehost.state.*", "rolehost.state", Map.of("state", "${0}")),
          new MapperConfig("rolehost.health.*", "rolehost.health.up", Map.of("check", "${0}")),
          new MapperConfig(
              "rolehost.jobs.ended.*.*",
              "rolehost.jobs.ended",
              Map.of("queue", "${0}", "outcome", "${1}")),
          new MapperConfig(
              "rolehost.jobs.ticks.*", "rolehost.jobs.ticks", Map.of("outcome", "${0}")),
          ofQueue("rolehost.jobs.handling.seconds"),
          ofQueue("rolehost.jobs.begun"),
          ofQueue("rolehost.jobs.wait.milliseconds"),
          ofQueue("rolehost.jobs.retries"),
          ofQueue("rolehost.jobs.in.flight"),
          ofQueue("rolehost.jobs.depth"),
          ofQueue("rolehost.jobs.scheduled"),
          ofQueue("rolehost.jobs.oldest.seconds"),
          ofQueue("rolehost.jobs.dead.letters"),
          ofQueue("rolehost.jobs.paused"));

  private static MapperConfig ofQueue(String name) {
    return new MapperConfig(name + ".*", name, Map.of("queue", "${0}"));
  }

  private final MetricRegistry metrics;
  private final CustomLabelMapper mapper = new QueueNames(LABELS);
  private final GaugeReads gauges;
  private final Set<String> reported = ConcurrentHashMap.newKeySet();

  PrometheusText(MetricRegistry metrics, Duration gaugePatience) {
    this.metrics = metrics;
    this.gauges = new GaugeReads(gaugePatience);
  }

  String render() {
    Map<String, MetricSnapshot> byName = new TreeMap<>();
    Map<String, Metric> all = metrics.getMetrics();
    Map<String, Reading> readings = gauges.read(all);
    all.forEach((name, metric) -> {
      switch (readings.get(name)) {
        case Reading.Value(var value) -> add(byName, name, (Gauge<?>) () -> value);
        case Reading.Missing(var why) -> leftOut(name, why);
        case null -> add(byName, name, metric);
      }
    });
    return text(new MetricSnapshots(byName.values())) + text(JvmFigures.read());
  }

  /**
   * Adds one metric, by itself: the bridge makes two snapshots of two metrics that map to one name,
   * and then refuses them both and everything with them; and one that throws must not take the
   * others along.
   */
  private void add(Map<String, MetricSnapshot> byName, String name, Metric metric) {
    try {
      MetricRegistry alone = new MetricRegistry();
      var _ = alone.register(name, metric);
      for (MetricSnapshot snapshot :
          new DropwizardExports(alone, MetricFilter.ALL, mapper).collect()) {
        var _ =
            byName.merge(
                snapshot.getMetadata().getPrometheusName(), snapshot, PrometheusText::joined);
      }
    } catch (RuntimeException e) {
      leftOut(name, e.toString());
    }
  }

  /** Once: a scrape comes every few seconds. Bounded, as names are the role's. */
  private void leftOut(String name, String why) {
    if (reported.size() < HostMetrics.MAX_LABELS && reported.add(name)) {
      LOG.log(Level.WARNING, "The metric '" + name + "' can't be read and is left out: " + why);
    }
  }

  private static MetricSnapshot joined(MetricSnapshot one, MetricSnapshot other) {
    if (one instanceof CounterSnapshot first && other instanceof CounterSnapshot second) {
      return new CounterSnapshot(
          first.getMetadata(), both(first.getDataPoints(), second.getDataPoints()));
    }
    if (one instanceof GaugeSnapshot first && other instanceof GaugeSnapshot second) {
      return new GaugeSnapshot(
          first.getMetadata(), both(first.getDataPoints(), second.getDataPoints()));
    }
    if (one instanceof SummarySnapshot first && other instanceof SummarySnapshot second) {
      return new SummarySnapshot(
          first.getMetadata(), both(first.getDataPoints(), second.getDataPoints()));
    }
    throw new IllegalArgumentException(
        "Prometheus takes it for '"
            + one.getMetadata().getPrometheusName()
            + "', which another metric of the registry has. Rename one.");
  }

  private static <T> List<T> both(List<T> first, List<T> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  private static String text(MetricSnapshots snapshots) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(out, snapshots);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(UTF_8);
  }
}
