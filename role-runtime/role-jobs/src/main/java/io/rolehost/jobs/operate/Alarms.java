package io.rolehost.jobs.operate;

import io.rolehost.jobs.ledger.Ticks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What an operator wants to be woken for. Pure. */
final class Alarms {

  private static final int NAMED = 5;

  private Alarms() {}

  /** Returns which of these queues have a message that waits too long; else an empty text. */
  static String oldest(Sample sample, Set<String> queues, Duration longest) {
    List<String> late = new ArrayList<>();
    for (QueueFacts facts : sample.queues()) {
      if (queues.contains(facts.queue())
          && facts.oldest().filter(age -> age.compareTo(longest) > 0).isPresent()) {
        late.add(
            "\"%s\": the oldest of %d waits %s"
                .formatted(facts.queue(), facts.waiting(), words(facts.oldest().orElseThrow())));
      }
    }
    return few(late);
  }

  /** Returns which of these queues have so many dead letters; else an empty text. */
  static String deadLetters(Sample sample, Set<String> queues, long most) {
    List<String> found = new ArrayList<>();
    for (QueueFacts facts : sample.queues()) {
      if (queues.contains(facts.queue()) && facts.dead() >= most) {
        found.add(
            "\"%s\" has %d dead %s"
                .formatted(facts.queue(), facts.dead(), facts.dead() == 1 ? "letter" : "letters"));
      }
    }
    return few(found);
  }

  /** Returns which schedules have missed their last tick; else an empty text. */
  static String missed(Map<String, Ticks.Entry> last) {
    List<String> found = new ArrayList<>();
    new TreeMap<>(last)
        .forEach((schedule, tick) -> {
          if (tick.outcome() == Ticks.Outcome.MISSED) {
            found.add("\"" + schedule + "\" has missed " + shown(tick.planned()));
          }
        });
    return few(found);
  }

  private static String shown(Instant instant) {
    return Instant.ofEpochSecond(instant.getEpochSecond()).toString();
  }

  private static String few(List<String> all) {
    return all.size() <= NAMED
        ? String.join("; ", all)
        : String.join("; ", all.subList(0, NAMED)) + "; and " + (all.size() - NAMED) + " more";
  }

  private static String words(Duration age) {
    return age.toMinutes() >= 2 ? age.toMinutes() + " min" : age.toSeconds() + " s";
  }
}
