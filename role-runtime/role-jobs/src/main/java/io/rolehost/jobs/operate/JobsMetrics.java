package io.rolehost.jobs.operate;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import io.rolehost.jobs.ledger.Ticks;
import io.rolehost.jobs.queue.Counts;
import io.rolehost.jobs.queue.JobQueues;
import io.rolehost.jobs.queue.QueueWatch;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Background work in a Dropwizard registry; {@code docs/metrics.md} lists names and units. A job
 * costs one update of a timer: all else is read from what is counted anyway, or was sampled, when
 * somebody asks.
 */
public final class JobsMetrics implements QueueWatch {

  /** So many queues are told apart; a role that declares more has the rest under one name. */
  static final int MAX_LABELS = 200;

  static final String OTHER = "other";

  private static final String ROOT = "rolehost.jobs.";

  private static final Map<String, ToLongFunction<Counts>> OUTCOMES =
      Map.of(
          "done", Counts::done,
          "dead", Counts::dead,
          "cancelled", Counts::cancelled,
          "parked", Counts::parked,
          "given_back", Counts::givenBack);

  private record Measured(String queue, Counts counts) {}

  private final MetricRegistry registry;
  private final InstantSource clock;
  private final Map<String, List<Measured>> byLabel = new ConcurrentHashMap<>();
  private final Timer lateness;
  private volatile @Nullable Sampler sampler;
  private volatile @Nullable JobQueues queues;

  /** Registers what is there without a queue. */
  public JobsMetrics(MetricRegistry registry, InstantSource clock) {
    this.registry = registry;
    this.clock = clock;
    this.lateness = registry.timer(ROOT + "tick.lateness.seconds");
    for (Ticks.Outcome outcome : Set.of(Ticks.Outcome.SENT, Ticks.Outcome.MISSED)) {
      registry.counter(name(outcome)).inc(0);
    }
    gauge(ROOT + "sample.age.seconds", this::sampleAge);
  }

  /** Reads gauges from these, from now on. */
  void read(Sampler from, JobQueues paused) {
    sampler = from;
    queues = paused;
  }

  @Override
  public LongConsumer handled(String label) {
    Timer timer = registry.timer(ROOT + "handling.seconds." + part(labelled(label)));
    return nanos -> timer.update(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void declared(String queue, String label, Counts counts) {
    List<Measured> measured = byLabel.get(labelled(label));
    if (measured != null) {
      measured.add(new Measured(queue, counts));
    }
  }

  /** Counts a planned tick. */
  public void decided(Ticks.Entry tick) {
    registry.counter(name(tick.outcome())).inc();
    if (tick.outcome() == Ticks.Outcome.SENT) {
      Duration late = Duration.between(tick.planned(), tick.decided());
      lateness.update(late.isNegative() ? Duration.ZERO : late);
    }
  }

  private static String name(Ticks.Outcome outcome) {
    return ROOT + "ticks." + outcome.name().toLowerCase(Locale.ROOT);
  }

  /** Returns the label that counts for a queue, and has it registered. */
  private synchronized String labelled(String wanted) {
    String label = byLabel.containsKey(wanted) || byLabel.size() < MAX_LABELS ? wanted : OTHER;
    if (!byLabel.containsKey(label)) {
      List<Measured> measured = new CopyOnWriteArrayList<>();
      byLabel.put(label, measured);
      register(part(label), measured);
    }
    return label;
  }

  private void register(String part, List<Measured> measured) {
    OUTCOMES.forEach(
        (outcome, read) -> counter(ROOT + "ended." + part + "." + outcome, measured, read));
    counter(ROOT + "begun." + part, measured, Counts::begun);
    counter(ROOT + "wait.milliseconds." + part, measured, Counts::waitMillis);
    counter(ROOT + "retries." + part, measured, Counts::retried);
    gauge(ROOT + "in.flight." + part, () -> sum(measured, Counts::running));
    gauge(ROOT + "depth." + part, () -> sampled(measured, QueueFacts::waiting));
    gauge(ROOT + "scheduled." + part, () -> sampled(measured, QueueFacts::scheduled));
    gauge(ROOT + "dead.letters." + part, () -> sampled(measured, QueueFacts::dead));
    gauge(ROOT + "oldest.seconds." + part, () -> oldest(measured));
    gauge(ROOT + "paused." + part, () -> paused(measured));
  }

  private static long sum(List<Measured> measured, ToLongFunction<Counts> read) {
    return measured.stream().mapToLong(each -> read.applyAsLong(each.counts())).sum();
  }

  /** Returns a sum over the queues of a label, not a number as long as nobody knows. */
  private double sampled(List<Measured> measured, ToDoubleFunction<QueueFacts> read) {
    Sample sample = sample();
    return sample.at().isEmpty()
        ? Double.NaN
        : measured.stream()
            .flatMap(each -> sample.queue(each.queue()).stream())
            .mapToDouble(read)
            .sum();
  }

  private double oldest(List<Measured> measured) {
    Sample sample = sample();
    return sample.at().isEmpty()
        ? Double.NaN
        : measured.stream()
            .flatMap(each -> sample.queue(each.queue()).stream())
            .flatMap(facts -> facts.oldest().stream())
            .mapToDouble(age -> age.toMillis() / 1000.0)
            .max()
            .orElse(0);
  }

  private int paused(List<Measured> measured) {
    JobQueues all = queues;
    return all != null && measured.stream().anyMatch(each -> !all.paused(each.queue()).isEmpty())
        ? 1
        : 0;
  }

  private double sampleAge() {
    return sample()
        .at()
        .map(at -> Duration.between(at, clock.instant()).toMillis() / 1000.0)
        .orElse(Double.NaN);
  }

  private Sample sample() {
    Sampler from = sampler;
    return from == null ? Sample.NONE : from.last();
  }

  private void counter(String name, List<Measured> measured, ToLongFunction<Counts> read) {
    add(name, new CountedElsewhere(() -> sum(measured, read)));
  }

  private void gauge(String name, Gauge<Number> gauge) {
    add(name, gauge);
  }

  /** Another that was opened with the same registry, as by tests, measures first. */
  private void add(String name, Metric metric) {
    if (!registry.getNames().contains(name)) {
      Metric _ = registry.register(name, metric);
    }
  }

  /** No queue has a slash in its name; a dot would end the part. */
  private static String part(String label) {
    return label.replace('.', '/');
  }

  /** A counter whose count is kept for other ends too. */
  private static final class CountedElsewhere extends Counter {

    private final Supplier<Long> count;

    CountedElsewhere(Supplier<Long> count) {
      this.count = count;
    }

    @Override
    public long getCount() {
      return count.get();
    }
  }
}
