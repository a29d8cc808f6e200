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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A Dropwizard registry and the JVM as Prometheus text. Slow to load: made at the first scrape. */
final class PrometheusText {

  private static final Logger LOG = System.getLogger(PrometheusText.class.getName());

  private final MetricRegistry metrics;
  private final HostNames names = new HostNames();
  private final GaugeReads gauges;
  private final Map<String, Described> described = new ConcurrentHashMap<>();
  private final Set<String> reported = ConcurrentHashMap.newKeySet();

  /** The families of the last scrape in their order, which are those of the next one as a rule. */
  private volatile List<String> order = List.of();

  /** How long the text of the last scrape was. */
  private volatile int length = 8192;

  /** What a name in the registry is for Prometheus, found once for all scrapes. */
  private record Described(String mapped, MetricMetadata metadata, Labels labels) {}

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
    Map<String, Metric> all = metrics.getMetrics();
    Map<String, Reading> readings = gauges.read(all);
    Map<String, Family> families = HashMap.newHashMap(all.size());
    all.forEach((name, metric) -> {
      try {
        switch (readings.get(name)) {
          case Reading.Value(Number value) -> addGauge(families, name, value.doubleValue());
          case Reading.Value(var value) -> addByBridge(families, name, (Gauge<?>) () -> value);
          case Reading.Missing(var why) -> leftOut(name, why);
          case null -> {
            if (metric instanceof Counter counter) {
              addCounter(families, name, (double) counter.getCount());
            } else {
              addByBridge(families, name, metric);
            }
          }
        }
      } catch (RuntimeException e) {
        leftOut(name, e.toString());
      }
    });
    List<MetricSnapshot> snapshots = new ArrayList<>(families.size() + 2);
    snapshots.add(HostFamilies.info(identity));
    snapshots.add(HostFamilies.probes(probes));
    for (String name : inOrder(families)) {
      snapshots.add(Objects.requireNonNull(families.get(name)).snapshot());
    }
    return text(new MetricSnapshots(snapshots), JvmFigures.read());
  }

  /** Sorting thousands of names takes longer than to see that they are those of the last time. */
  private List<String> inOrder(Map<String, Family> families) {
    List<String> last = order;
    if (last.size() == families.size() && families.keySet().containsAll(last)) {
      return last;
    }
    List<String> now = families.keySet().stream().sorted().toList();
    order = now;
    return now;
  }

  /** What most metrics are is one value, for which the bridge takes longer than a scrape has. */
  private void addGauge(Map<String, Family> families, String name, double value) {
    Described known = described("gauge", name);
    var point = GaugeDataPointSnapshot.builder().labels(known.labels()).value(value).build();
    add(families, known.mapped(), new GaugeSnapshot(known.metadata(), List.of(point)));
  }

  private void addCounter(Map<String, Family> families, String name, double value) {
    Described known = described("counter", name);
    var point = CounterDataPointSnapshot.builder().labels(known.labels()).value(value).build();
    add(families, known.mapped(), new CounterSnapshot(known.metadata(), List.of(point)));
  }

  private Described described(String kind, String name) {
    Described known = described.get(name);
    if (known == null) {
      if (described.size() >= HostNames.MAX_KNOWN) {
        described.clear();
      }
      String mapped = names.getName(name);
      known =
          new Described(
              mapped,
              new MetricMetadata(
                  PrometheusNaming.sanitizeMetricName(mapped), "The " + kind + " " + name + "."),
              names.getLabels(name, List.of(), List.of()));
      described.put(name, known);
    }
    return known;
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
      add(families, names.getName(name), snapshot);
    }
  }

  private static void add(Map<String, Family> families, String mapped, MetricSnapshot snapshot) {
    String ofPrometheus = snapshot.getMetadata().getPrometheusName();
    Family known = families.get(ofPrometheus);
    if (known == null) {
      families.put(ofPrometheus, new Family(snapshot, mapped));
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

  private String text(MetricSnapshots... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + length / 8);
    try {
      PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
      for (MetricSnapshots part : parts) {
        writer.write(out, part);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    length = out.size();
    return out.toString(UTF_8);
  }
}
