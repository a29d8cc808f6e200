package io.rolehost.runtime.metrics;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.Metric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Reads gauges, which may be code of the role's and hang, on threads that a scrape can do without.
 * One that takes too long is left out until its call has returned; the others are still read.
 * Thread-safe.
 */
final class GaugeReads {

  /** How many may hang, each with its thread. Past them none of the role's is read. */
  static final int MAX_STUCK = 8;

  /** What the host's own names start with; of them only one asks code of the role's. */
  private static final String HOST = "rolehost.";

  /** What a gauge answered. */
  sealed interface Reading {

    /** Its value. */
    record Value(@Nullable Object value) implements Reading {}

    /** It gave none; {@code why} is a part of a sentence. */
    record Missing(String why) implements Reading {}
  }

  private final Duration patience;
  private final Set<String> stuck = ConcurrentHashMap.newKeySet();

  /**
   * Reads nothing yet.
   *
   * @param patience how long one gauge may take; it is noticed within twice that
   */
  GaugeReads(Duration patience) {
    this.patience = patience;
  }

  /** Returns a reading for each gauge among {@code metrics}, by its name. */
  Map<String, Reading> read(Map<String, Metric> metrics) {
    Map<String, Reading> readings = new HashMap<>();
    List<Named> hosts = new ArrayList<>();
    List<Named> roles = new ArrayList<>();
    metrics.forEach((name, metric) -> {
      if (metric instanceof Gauge<?> gauge) {
        if (stuck.contains(name)) {
          readings.put(name, tooLong());
        } else {
          (name.startsWith(HOST) ? hosts : roles).add(new Named(name, gauge));
        }
      }
    });
    read(hosts, Integer.MAX_VALUE, readings);
    read(roles, MAX_STUCK, readings);
    return readings;
  }

  private void read(List<Named> due, int mayHang, Map<String, Reading> readings) {
    List<Named> left = due;
    while (!left.isEmpty() && stuck.size() < mayHang && !Thread.currentThread().isInterrupted()) {
      int read = new Batch(left).read(readings);
      left = left.subList(read, left.size());
    }
    left.forEach(gauge ->
        readings.put(gauge.name(), new Reading.Missing("too many other gauges have not answered")));
  }

  private Reading tooLong() {
    return new Reading.Missing("it has not answered for " + patience.toMillis() + " ms");
  }

  private record Named(String name, Gauge<?> gauge) {}

  /** Gauges that one thread reads one after another, until one hangs. */
  private final class Batch implements Runnable {

    private static final int GIVEN_UP = -1;

    private final List<Named> gauges;
    private final AtomicReferenceArray<@Nullable Reading> answers;
    private final AtomicInteger current = new AtomicInteger();
    private final CountDownLatch done = new CountDownLatch(1);

    Batch(List<Named> gauges) {
      this.gauges = gauges;
      this.answers = new AtomicReferenceArray<>(gauges.size());
    }

    /** Returns how many are through with, the one that hangs among them. */
    int read(Map<String, Reading> readings) {
      Thread _ = Thread.ofPlatform().daemon().name("rolehost-gauges").start(this);
      int answered = await();
      for (int i = 0; i < answered; i++) {
        Reading answer = answers.get(i);
        readings.put(gauges.get(i).name(), answer == null ? tooLong() : answer);
      }
      if (answered == gauges.size()) {
        return answered;
      }
      readings.put(gauges.get(answered).name(), tooLong());
      return answered + 1;
    }

    /** Returns how many answered: all, or those before the one that hangs. */
    private int await() {
      int seen = 0;
      while (true) {
        boolean interrupted = false;
        try {
          if (done.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            return gauges.size();
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          interrupted = true;
        }
        int now = current.get();
        if (now < gauges.size() && (interrupted || now == seen) && giveUp(now)) {
          return now;
        }
        seen = now;
      }
    }

    private boolean giveUp(int hanging) {
      String name = gauges.get(hanging).name();
      stuck.add(name); // before, since the thread forgets it as soon as it sees that it is alone
      boolean givenUp = current.compareAndSet(hanging, GIVEN_UP);
      if (!givenUp) {
        stuck.remove(name);
      }
      return givenUp;
    }

    @Override
    public void run() {
      for (int i = 0; i < gauges.size(); i++) {
        answers.set(i, ask(gauges.get(i).gauge()));
        if (!current.compareAndSet(i, i + 1)) {
          stuck.remove(gauges.get(i).name());
          return;
        }
      }
      done.countDown();
    }

    private static Reading ask(Gauge<?> gauge) {
      try {
        return new Reading.Value(gauge.getValue());
      } catch (Exception | StackOverflowError | LinkageError e) {
        return new Reading.Missing(e.toString());
      }
    }
  }
}
