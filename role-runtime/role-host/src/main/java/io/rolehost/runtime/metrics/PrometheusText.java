package io.rolehost.runtime.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricFilter;
import com.codahale.metrics.MetricRegistry;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.dropwizard.DropwizardExports;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import io.rolehost.runtime.metrics.GaugeReads.Reading;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** A Dropwizard registry and the JVM as Prometheus text. Slow to load: made at the first scrape. */
final class PrometheusText {

  private static final Logger LOG = System.getLogger(PrometheusText.class.getName());

  private final MetricRegistry metrics;
  private final HostNames names = new HostNames();
  private final GaugeReads gauges;
  private final Map<String, MetricMetadata> described = new ConcurrentHashMap<>();
  private final Set<String> reported = ConcurrentHashMap.newKeySet();

  PrometheusText(MetricRegistry metrics, Duration gaugePatience) {
    this.metrics = metrics;
    this.gauges = new GaugeReads(gaugePatience);
  }

  /**
   * Returns all of it.
   *
   * @param identity what the instance is, for labels
   */
  String render(Map<String, String> identity, ProbeTimes probes) {
    Map<String, Family> families = new TreeMap<>();
    Map<String, Metric> all = metrics.getMetrics();
    Map<String, Reading> readings = gauges.read(all);
    all.forEach((name, metric) -> {
      try {
        switch (readings.get(name)) {
          case Reading.Value(Number value) -> add(families, name, gauge(name, value.doubleValue()));
          case Reading.Value(var value) -> addByBridge(families, name, (Gauge<?>) () -> value);
          case Reading.Missing(var why) -> leftOut(name, why);
          case null -> {
            if (metric instanceof Counter counter) {
              add(families, name, counter(name, (double) counter.getCount()));
            } else {
              addByBridge(families, name, metric);
            }
          }
        }
      } catch (RuntimeException e) {
        leftOut(name, e.toString());
      }
    });
    List<MetricSnapshot> snapshots = new ArrayList<>();
    snapshots.add(HostFamilies.info(identity));
    snapshots.add(HostFamilies.probes(probes));
    families.values().forEach(family -> snapshots.add(family.snapshot()));
    return text(new MetricSnapshots(snapshots)) + text(JvmFigures.read());
  }

  /** What most metrics are is one value, for which the bridge takes longer than a scrape has. */
  private MetricSnapshot gauge(String name, double value) {
    return new GaugeSnapshot(
        described("gauge", name),
        List.of(GaugeDataPointSnapshot.builder().labels(labels(name)).value(value).build()));
  }

  private MetricSnapshot counter(String name, double value) {
    return new CounterSnapshot(
        described("counter", name),
        List.of(CounterDataPointSnapshot.builder().labels(labels(name)).value(value).build()));
  }

  private Labels labels(String name) {
    return names.getLabels(name, List.of(), List.of());
  }

  private MetricMetadata described(String kind, String name) {
    if (described.size() >= HostNames.MAX_KNOWN) {
      described.clear();
    }
    return described.computeIfAbsent(
        name,
        _ ->
            new MetricMetadata(
                PrometheusNaming.sanitizeMetricName(names.getName(name)),
                "The " + kind + " " + name + "."));
  }

  /**
   * Adds one metric, by itself: the bridge makes two snapshots of two metrics that map to one name,
   * and then refuses them both and everything with them; and one that throws must not take the
   * others along.
   */
  private void addByBridge(Map<String, Family> families, String name, Metric metric) {
    MetricRegistry alone = new MetricRegistry();
    var _ = alone.register(name, metric);
    for (MetricSnapshot snapshot :
        new DropwizardExports(alone, MetricFilter.ALL, names).collect()) {
      add(families, name, snapshot);
    }
  }

  private void add(Map<String, Family> families, String name, MetricSnapshot snapshot) {
    String ofPrometheus = snapshot.getMetadata().getPrometheusName();
    Family known = families.get(ofPrometheus);
    if (known == null) {
      families.put(ofPrometheus, new Family(snapshot, names.getName(name)));
    } else {
      known.add(snapshot);
    }
  }

  /** Once: a scrape comes every few seconds. Bounded, as names are the role's. */
  private void leftOut(String name, String why) {
    if (reported.size() < HostMetrics.MAX_LABELS && reported.add(name)) {
      LOG.log(Level.WARNING, "The metric '" + name + "' can't be read and is left out: " + why);
    }
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
