package io.rolehost.bench.micro;

import com.codahale.metrics.MetricRegistry;
import io.rolehost.runtime.metrics.HostFigures;
import io.rolehost.runtime.metrics.HostMetrics;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The text of a scrape with 10,000 series of a role's own: counters, gauges and timers. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class ScrapeBenchmark {

  private static final int SERIES = 10_000;

  private final MetricRegistry registry = new MetricRegistry();
  private final HostMetrics metrics = new HostMetrics(new Idle(), registry);

  /** Fills the registry: a timer is seven series. */
  @Setup
  public void fill() {
    for (int i = 0; i < SERIES * 4 / 10; i++) {
      registry.counter("role.counter." + i).inc(i);
      int value = i;
      Object _ = registry.gauge("role.gauge." + i, () -> () -> value);
    }
    for (int i = 0; i < SERIES * 2 / 10 / 7; i++) {
      registry.timer("role.timer." + i).update(Duration.ofMillis(i));
    }
  }

  /** One scrape; what it returns is sent as it is. */
  @Benchmark
  public String scrape() {
    return metrics.prometheus();
  }

  private record Idle() implements HostFigures {

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
      return 1;
    }

    @Override
    public int openLeases() {
      return 0;
    }

    @Override
    public int inFlight() {
      return 0;
    }

    @Override
    public Map<String, Integer> tasksByState() {
      return Map.of();
    }

    @Override
    public Map<String, Boolean> checksUp() {
      return Map.of();
    }

    @Override
    public Map<String, Integer> freezesByScope() {
      return Map.of();
    }

    @Override
    public Duration frozen() {
      return Duration.ZERO;
    }

    @Override
    public Duration uptime() {
      return Duration.ofSeconds(1);
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
      return Optional.empty();
    }

    @Override
    public OptionalInt lastExitCode() {
      return OptionalInt.empty();
    }

    @Override
    public Map<String, String> identity() {
      return Map.of("role", "bench");
    }
  }
}
