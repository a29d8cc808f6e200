package io.rolehost.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** How late ticks are among many schedules, and who sends them when their process is killed. */
final class SchedulesBenchmark {

  private static final Duration LONGEST_TAKE_OVER = Duration.ofSeconds(60);

  /** No more than a timer has threads, since each of them holds one for ever. */
  private static final int HELD = 4;

  private SchedulesBenchmark() {}

  /** Returns how many milliseconds after their time ticks were messages. */
  static Samples lateness(Asked timer, Duration window) throws IOException, InterruptedException {
    Tick first = tick(timer);
    Samples late = new Samples();
    // What was due while ten thousand rows were written is not what is asked for.
    long from = first.sentAt() + 1_000;
    for (Tick next = first; next.sentAt() < from + window.toMillis(); next = tick(timer)) {
      if (next.planned() >= from) {
        late.add((double) (next.sentAt() - next.planned()));
      }
    }
    return late;
  }

  /**
   * Kills a process in the middle of sending ticks.
   *
   * @return milliseconds from the kill to when the heir had sent the last of them
   */
  static double takeOver(Asked killed, Asked heir) throws IOException, InterruptedException {
    killed.ask("hold");
    Set<String> held = new HashSet<>();
    while (held.size() < HELD) {
      held.add(killed.answer(line -> line.startsWith("held ")).split(" ", -1)[1]);
    }
    killed.close();
    long killedAt = System.currentTimeMillis();
    long last = killedAt;
    int all = held.size();
    while (!held.isEmpty()) {
      Tick next = tick(heir);
      if (held.remove(next.name())) {
        last = next.sentAt();
      }
      if (next.sentAt() > killedAt + LONGEST_TAKE_OVER.toMillis()) {
        throw new IOException(
            held.size() + " of " + all + " ticks were not taken over in " + LONGEST_TAKE_OVER);
      }
    }
    return (double) (last - killedAt);
  }

  private record Tick(String name, long planned, long sentAt) {}

  private static Tick tick(Asked timer) throws IOException, InterruptedException {
    String[] words = timer.answer(line -> line.startsWith("tick ")).split(" ", -1);
    long planned = Long.parseLong(words[1].substring(words[1].indexOf('@') + 1));
    return new Tick(words[1], planned, Long.parseLong(words[2]));
  }
}
