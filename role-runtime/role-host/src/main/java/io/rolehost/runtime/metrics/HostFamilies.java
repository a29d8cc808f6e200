package io.rolehost.runtime.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Map;
import java.util.TreeMap;

/** Figures of the host that the registry has no kind for. */
final class HostFamilies {

  private HostFamilies() {}

  /** Returns what the instance is: always 1, all in the labels. */
  static MetricSnapshot info(Map<String, String> identity) {
    Labels.Builder labels = Labels.builder();
    new TreeMap<>(identity).forEach(labels::label);
    return InfoSnapshot.builder()
        .name("rolehost")
        .help("What runs here.")
        .dataPoint(InfoDataPointSnapshot.builder().labels(labels.build()).build())
        .build();
  }

  /** Returns how long the answers of the probes took. */
  static MetricSnapshot probes(ProbeTimes times) {
    HistogramSnapshot.Builder all =
        HistogramSnapshot.builder()
            .name("rolehost_probe_seconds")
            .help("From a whole request of a probe to its answer.");
    for (String probe : ProbeTimes.PROBES) {
      long[] counts = times.counts(probe);
      ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
      for (int i = 0; i < counts.length; i++) {
        boolean last = i == ProbeTimes.BOUNDS.length;
        buckets.bucket(last ? Double.POSITIVE_INFINITY : ProbeTimes.BOUNDS[i], counts[i]);
      }
      all.dataPoint(
          HistogramDataPointSnapshot.builder()
              .labels(Labels.of("probe", probe))
              .classicHistogramBuckets(buckets.build())
              .sum(times.seconds(probe))
              .build());
    }
    return all.build();
  }
}
