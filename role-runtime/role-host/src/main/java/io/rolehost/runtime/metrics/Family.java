package io.rolehost.runtime.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All metrics of the registry that are one for Prometheus and differ in their labels. */
final class Family {

  private static final String MILLISECONDS = ".milliseconds";

  private final MetricSnapshot first;
  private final String name;

  /** None as long as there is but the first one, as most have no labels to differ in. */
  private @Nullable Map<Labels, DataPointSnapshot> points;

  /**
   * Begins with the first of them.
   *
   * @param name without labels, as in the registry
   */
  Family(MetricSnapshot first, String name) {
    this.first = first;
    this.name = name;
  }

  /**
   * Adds another one.
   *
   * @throws IllegalArgumentException if Prometheus could not tell it from one that is there
   */
  void add(MetricSnapshot more) {
    Map<Labels, DataPointSnapshot> known = points();
    boolean same = first.getClass() == more.getClass();
    for (DataPointSnapshot point : more.getDataPoints()) {
      if (!same || known.putIfAbsent(point.getLabels(), point) != null) {
        throw new IllegalArgumentException(
            "Prometheus takes it for '"
                + first.getMetadata().getPrometheusName()
                + "', which another metric of the registry has. Rename one.");
      }
    }
  }

  /** Returns them as one, with what it means; in seconds what is counted in milliseconds. */
  MetricSnapshot snapshot() {
    if (points == null && !HostNames.isOwn(name)) {
      return first;
    }
    MetricMetadata known = first.getMetadata();
    boolean millis = HostNames.isOwn(name) && name.endsWith(MILLISECONDS);
    MetricMetadata metadata =
        new MetricMetadata(
            millis ? known.getName().replaceAll("milliseconds$", "seconds") : known.getName(),
            HostNames.help(name, String.valueOf(known.getHelp())));
    return switch (first) {
      case CounterSnapshot _ ->
          new CounterSnapshot(
              metadata,
              all(CounterDataPointSnapshot.class).stream()
                  .map(point -> millis ? inSeconds(point) : point)
                  .toList());
      case GaugeSnapshot _ -> new GaugeSnapshot(metadata, all(GaugeDataPointSnapshot.class));
      case SummarySnapshot _ -> new SummarySnapshot(metadata, all(SummaryDataPointSnapshot.class));
      default -> first;
    };
  }

  private <T extends DataPointSnapshot> List<T> all(Class<T> type) {
    return points().values().stream().map(type::cast).toList();
  }

  private Map<Labels, DataPointSnapshot> points() {
    Map<Labels, DataPointSnapshot> all = points;
    if (all == null) {
      all = new LinkedHashMap<>();
      for (DataPointSnapshot point : first.getDataPoints()) {
        all.put(point.getLabels(), point);
      }
      points = all;
    }
    return all;
  }

  private static CounterDataPointSnapshot inSeconds(CounterDataPointSnapshot point) {
    return CounterDataPointSnapshot.builder()
        .labels(point.getLabels())
        .value(point.getValue() / 1000)
        .build();
  }
}
