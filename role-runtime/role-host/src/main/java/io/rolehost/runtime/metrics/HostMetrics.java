package io.rolehost.runtime.metrics;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The registry that the host shares with its role, what the host measures of itself, and the text
 * for Prometheus. Names and units are listed in {@code docs/metrics.md}. Thread-safe.
 *
 * <p>What can be a label is a part of the name in the registry, which knows no labels: {@code
 * rolehost.transitions.READY.DRAINING}. Nothing of Prometheus and of {@code java.lang.management}
 * is loaded before the first scrape, for both take longer than the rest of a start.
 */
public final class HostMetrics {

  /**
   * How many names each kind of label may take; what is past it is counted under {@link #OTHER}.
   */
  static final int MAX_LABELS = 200;

  static final String OTHER = "other";

  /** A scraper waits 10 s, and several may hang. */
  private static final Duration GAUGE_PATIENCE = Duration.ofMillis(500);

  private static final List<String> STATES =
      List.of(
          "STARTING",
          "PREPARING",
          "HELD",
          "STANDBY",
          "READY",
          "BUSY",
          "SUSPECT",
          "DRAINING",
          "STOPPING",
          "KILLING",
          "STOPPED",
          "FAILED");

  private static final List<String> SCOPES = List.of("all", "deployment", "role", "instance");

  private final MetricRegistry registry;
  private final HostFigures figures;
  private final Duration gaugePatience;
  private final Set<String> tasks = ConcurrentHashMap.newKeySet();
  private final Set<String> gauges = ConcurrentHashMap.newKeySet();
  private final ProbeTimes probes = new ProbeTimes();
  private @Nullable PrometheusText text;

  /** Registers the host's own in a registry of its own. */
  public HostMetrics(HostFigures figures) {
    this(figures, new MetricRegistry());
  }

  /**
   * Registers the host's own.
   *
   * @param registry may be known to a role already
   */
  public HostMetrics(HostFigures figures, MetricRegistry registry) {
    this(figures, registry, GAUGE_PATIENCE);
  }

  HostMetrics(HostFigures figures, MetricRegistry registry, Duration gaugePatience) {
    this.registry = registry;
    this.figures = figures;
    this.gaugePatience = gaugePatience;
    for (String state : STATES) {
      gauge("rolehost.state." + state, () -> figures.state().equals(state) ? 1 : 0);
    }
    for (String scope : SCOPES) {
      gauge(
          "rolehost.freeze.active." + scope, () -> figures.freezesByScope().getOrDefault(scope, 0));
    }
    gauge("rolehost.freeze.seconds", () -> seconds(figures.frozen()));
    gauge("rolehost.ready", () -> figures.ready() ? 1 : 0);
    gauge("rolehost.incarnation", figures::incarnation);
    gauge("rolehost.leases.open", figures::openLeases);
    gauge("rolehost.requests.in.flight", figures::inFlight);
    gauge("rolehost.uptime.seconds", () -> seconds(figures.uptime()));
    gauge("rolehost.stop.requested", () -> figures.stopRequested() ? 1 : 0);
    gauge("rolehost.stop.seconds", () -> seconds(figures.stopping()));
    gauge(
        "rolehost.last.stop.seconds",
        () -> figures.lastStop().map(HostMetrics::seconds).orElse(Double.NaN));
    gauge(
        "rolehost.last.exit.code",
        () ->
            figures.lastExitCode().isPresent()
                ? (double) figures.lastExitCode().getAsInt()
                : Double.NaN);
    registry.counter("rolehost.illegal.events").inc(0);
    registry.counter("rolehost.deadlocks").inc(0);
    registry.counter("rolehost.carriers.held").inc(0);
  }

  /** Returns the registry, which the role may add to and report from. */
  public MetricRegistry registry() {
    return registry;
  }

  /** Counts a change of state. */
  public void transition(String from, String to) {
    registry.counter("rolehost.transitions." + part(from) + "." + part(to)).inc();
  }

  /**
   * Counts a restart of a task.
   *
   * @param reason one of a few words
   * @param delay how long the new attempt waits
   */
  public void taskRestarted(String task, String reason, Duration delay) {
    String name = taskPart(task);
    registry.counter("rolehost.task.restarts." + name + "." + part(reason)).inc();
    registry.counter("rolehost.task.backoff.milliseconds." + name).inc(delay.toMillis());
  }

  /** Notes how long an attempt took to leave after it was asked to. */
  public void taskLeft(String task, Duration took) {
    registry.timer("rolehost.task.leave.seconds." + taskPart(task)).update(took);
  }

  /** Counts a look that found a task past a limit of its progress. */
  public void taskHung(String task) {
    registry.counter("rolehost.task.hangs." + taskPart(task)).inc();
  }

  /** Counts an attempt that was left behind. */
  public void taskAbandoned(String task) {
    registry.counter("rolehost.task.abandoned." + taskPart(task)).inc();
  }

  /** Notes how long a step of the stop took. */
  public void stopStep(String step, Duration took) {
    double seconds = seconds(took);
    dynamicGauge("rolehost.stop.step.seconds." + part(step), () -> seconds);
  }

  /** Notes how long the answer of a probe took; by one thread. */
  public void probeAnswered(String probe, long nanos) {
    probes.answered(probe, nanos);
  }

  /** Returns what counts the answers of an endpoint by the first digit of their status. */
  public IntConsumer answered(String endpoint) {
    List<Counter> byClass =
        IntStream.rangeClosed(1, 5)
            .mapToObj(digit ->
                registry.counter("rolehost.responses." + part(endpoint) + "." + digit + "xx"))
            .toList();
    return status -> byClass.get(Math.clamp(status / 100, 1, 5) - 1).inc();
  }

  /** Counts threads that wait for each other. */
  public void deadlockFound() {
    registry.counter("rolehost.deadlocks").inc();
  }

  /** Counts a body that does not give its carrier back. */
  public void carrierHeld() {
    registry.counter("rolehost.carriers.held").inc();
  }

  /** Counts an event that the state it came in has no answer to: a bug of the host. */
  public void illegalEvent() {
    registry.counter("rolehost.illegal.events").inc();
  }

  /**
   * Returns all of the registry and the figures of the JVM in the text format of Prometheus. A
   * gauge that throws, or does not answer in time, is left out. Takes milliseconds, the first time
   * some hundred.
   */
  public String prometheus() {
    for (String state : figures.tasksByState().keySet()) {
      dynamicGauge(
          "rolehost.tasks." + part(state), () -> figures.tasksByState().getOrDefault(state, 0));
    }
    for (String check : figures.checksUp().keySet()) {
      dynamicGauge(
          "rolehost.health." + part(check),
          () -> figures.checksUp().getOrDefault(check, false) ? 1 : 0);
    }
    return text().render(figures.identity(), probes);
  }

  private synchronized PrometheusText text() {
    PrometheusText made = text;
    if (made == null) {
      made = new PrometheusText(registry, gaugePatience);
      text = made;
    }
    return made;
  }

  private void dynamicGauge(String name, Gauge<Number> gauge) {
    if (gauges.size() < 2 * MAX_LABELS && gauges.add(name)) {
      gauge(name, gauge);
    }
  }

  private void gauge(String name, Gauge<Number> gauge) {
    var _ = registry.registerGauge(name, gauge);
  }

  private String taskPart(String task) {
    String name = part(task);
    boolean counted = tasks.contains(name) || (tasks.size() < MAX_LABELS && tasks.add(name));
    return counted ? name : OTHER;
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }

  /** A dot would end the part. */
  private static String part(String name) {
    return name.replace('.', '_');
  }
}
