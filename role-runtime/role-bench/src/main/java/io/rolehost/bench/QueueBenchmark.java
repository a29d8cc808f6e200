package io.rolehost.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Our queue beside another, both at work in processes of their own, by turns: each round has the
 * same number of jobs for both. Jobs of 1 KB are sent, stored, taken, handled by nothing, and ended
 * as one.
 */
final class QueueBenchmark {

  /** Enough for the compiler to be done with most of it. */
  private static final int WARM_UP_JOBS = 6_000;

  private static final int WARM_UP_SENDERS = 16;
  private static final int PROBE_JOBS = 160;
  private static final double ROUND_SECONDS = 1;
  private static final int MOST_JOBS = 20_000;

  /** What one round took of one of them. */
  record Took(double nanos, double cpuNanos, int jobs) {
    double perSecond() {
      return jobs * 1e9 / nanos;
    }

    double cpuMicrosEach() {
      return cpuNanos / 1e3 / jobs;
    }
  }

  /** Both in one round. */
  record Pair(Took ours, Took theirs) {
    double speed() {
      return theirs.nanos() / ours.nanos();
    }

    double cpuMicrosAbove() {
      return ours.cpuMicrosEach() - theirs.cpuMicrosEach();
    }
  }

  private QueueBenchmark() {}

  static void warmUp(Asked queue) throws IOException, InterruptedException {
    Took _ = run(queue, WARM_UP_SENDERS, WARM_UP_JOBS);
  }

  /** Has them take turns; who begins changes from round to round. */
  static List<Pair> pairs(Asked ours, Asked theirs, int slots, int rounds)
      throws IOException, InterruptedException {
    Took _ = run(theirs, slots, PROBE_JOBS);
    Took probe = run(theirs, slots, PROBE_JOBS);
    Took _ = run(ours, slots, PROBE_JOBS);
    int jobs =
        (int) Math.clamp(probe.perSecond() * ROUND_SECONDS, PROBE_JOBS, MOST_JOBS) / slots * slots;
    List<Pair> pairs = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      boolean oursFirst = round % 2 == 0;
      Took first = run(oursFirst ? ours : theirs, slots, jobs);
      Took second = run(oursFirst ? theirs : ours, slots, jobs);
      pairs.add(oursFirst ? new Pair(first, second) : new Pair(second, first));
    }
    return pairs;
  }

  private static Took run(Asked queue, int slots, int jobs)
      throws IOException, InterruptedException {
    queue.ask("run " + slots + " " + jobs);
    String[] words = queue.answer(line -> line.startsWith("took ")).split(" ", -1);
    return new Took(Double.parseDouble(words[1]), Double.parseDouble(words[2]), jobs);
  }
}
