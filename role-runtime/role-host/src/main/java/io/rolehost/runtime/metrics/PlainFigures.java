package io.rolehost.runtime.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * PlainFigures that are read at each scrape, as Prometheus text: for a process that keeps no
 * registry. Any thread.
 */
public final class PlainFigures {

  private PlainFigures() {}

  /**
   * All values of one name.
   *
   * @param name without {@code _total}, which a counter gets
   * @param counter whether it only grows, else a gauge
   * @param points each with other labels
   */
  public record Figure(String name, String help, boolean counter, List<Point> points) {
    /** Takes a copy of the list. */
    public Figure {
      points = List.copyOf(points);
    }
  }

  /** One value and its labels. */
  public record Point(Map<String, String> labels, double value) {
    /** Takes a copy of the map. */
    public Point {
      labels = Map.copyOf(labels);
    }
  }

  /** Returns them and the figures of the JVM in the text format of Prometheus. */
  public static String text(List<Figure> figures) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
      writer.write(out, new MetricSnapshots(figures.stream().map(PlainFigures::snapshot).toList()));
      writer.write(out, JvmFigures.read());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(UTF_8);
  }

  private static MetricSnapshot snapshot(Figure figure) {
    if (figure.counter()) {
      CounterSnapshot.Builder counter =
          CounterSnapshot.builder().name(figure.name()).help(figure.help());
      for (Point point : figure.points()) {
        counter.dataPoint(
            CounterDataPointSnapshot.builder().labels(labels(point)).value(point.value()).build());
      }
      return counter.build();
    }
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(figure.name()).help(figure.help());
    for (Point point : figure.points()) {
      gauge.dataPoint(
          GaugeDataPointSnapshot.builder().labels(labels(point)).value(point.value()).build());
    }
    return gauge.build();
  }

  private static Labels labels(Point point) {
    Labels.Builder labels = Labels.builder();
    point.labels().forEach(labels::label);
    return labels.build();
  }
}
