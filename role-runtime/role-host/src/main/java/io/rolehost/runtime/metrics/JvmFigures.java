package io.rolehost.runtime.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.rolehost.runtime.process.ProcessFacts;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.List;

/** What the JVM says of itself, under the names that the Prometheus client for Java made usual. */
final class JvmFigures {

  private JvmFigures() {}

  static MetricSnapshots read() {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    MemoryUsage other = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
    CounterSnapshot.Builder collections =
        CounterSnapshot.builder().name("jvm_gc_collections").help("Collections made.");
    CounterSnapshot.Builder collecting =
        CounterSnapshot.builder().name("jvm_gc_collection_seconds").help("Time spent collecting.");
    for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
      Labels label = Labels.of("gc", gc.getName());
      // Both are -1 where a collector does not know.
      collections.dataPoint(count(label, (double) Math.max(0, gc.getCollectionCount())));
      collecting.dataPoint(count(label, Math.max(0, gc.getCollectionTime()) / 1000.0));
    }
    Duration cpu = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    var runtime = ManagementFactory.getRuntimeMXBean();
    var threads = ManagementFactory.getThreadMXBean();
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    ProcessFacts.residentBytes()
        .ifPresent(bytes ->
            all.metricSnapshot(
                gauge(
                    "process_resident_memory_bytes",
                    "Memory of the machine that the process has.",
                    (double) bytes)));
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      all.metricSnapshot(
          gauge(
              "process_open_fds",
              "Open file descriptors.",
              (double) unix.getOpenFileDescriptorCount()));
      all.metricSnapshot(
          gauge(
              "process_max_fds",
              "How many file descriptors the process may have open.",
              (double) unix.getMaxFileDescriptorCount()));
    }
    for (MetricSnapshot more :
        List.of(
            GaugeSnapshot.builder()
                .name("jvm_memory_used_bytes")
                .help("Memory in use.")
                .dataPoint(value(Labels.of("area", "heap"), (double) heap.getUsed()))
                .dataPoint(value(Labels.of("area", "nonheap"), (double) other.getUsed()))
                .build(),
            GaugeSnapshot.builder()
                .name("jvm_memory_max_bytes")
                .help("Memory at most; -1 is no limit.")
                .dataPoint(value(Labels.of("area", "heap"), (double) heap.getMax()))
                .dataPoint(value(Labels.of("area", "nonheap"), (double) other.getMax()))
                .build(),
            gauge("jvm_threads_current", "Live platform threads.", threads.getThreadCount()),
            gauge(
                "jvm_threads_peak", "Most platform threads at once.", threads.getPeakThreadCount()),
            collections.build(),
            collecting.build(),
            gauge(
                "jvm_classes_currently_loaded",
                "Classes loaded now.",
                ManagementFactory.getClassLoadingMXBean().getLoadedClassCount()),
            CounterSnapshot.builder()
                .name("process_cpu_seconds")
                .help("CPU time of the process.")
                .dataPoint(count(Labels.EMPTY, cpu.toMillis() / 1000.0))
                .build(),
            gauge(
                "process_start_time_seconds",
                "When the process began, in seconds since 1970.",
                runtime.getStartTime() / 1000.0),
            gauge(
                "process_uptime_seconds",
                "Time since the process began.",
                runtime.getUptime() / 1000.0))) {
      all.metricSnapshot(more);
    }
    return all.build();
  }

  private static GaugeSnapshot gauge(String name, String help, double value) {
    return GaugeSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(value(Labels.EMPTY, value))
        .build();
  }

  private static GaugeDataPointSnapshot value(Labels labels, double value) {
    return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }

  private static CounterDataPointSnapshot count(Labels labels, double value) {
    return CounterDataPointSnapshot.builder().labels(labels).value(value).build();
  }
}
