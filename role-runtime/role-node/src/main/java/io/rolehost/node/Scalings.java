package io.rolehost.node;

import io.rolehost.node.deploy.Scaling;
import io.rolehost.node.deploy.Standing;
import io.rolehost.node.journal.OrderJournal.Outcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Sees scalings through to their end: at most one a role. For the node's thread. */
final class Scalings {
  private final OrderRecords records;
  private final Map<String, Running> running = new HashMap<>();

  Scalings(OrderRecords records) {
    this.records = records;
  }

  /**
   * One that is under way.
   *
   * @param told what was told last
   */
  private record Running(Scaling scaling, Course course, String told) {}

  /** Begins one; another of the same role is over by that. */
  void begin(Scaling scaling, int from, Course course) {
    Running before = running.put(scaling.role(), new Running(scaling, course, ""));
    records.asked(course, scaling.role(), from, scaling.count());
    if (before != null) {
      String sentence = scaling.role() + " was scaled to " + scaling.count() + " meanwhile";
      records.ended(before.course(), Outcome.REPLACED, sentence);
    }
  }

  /** Something else counts from now on. */
  void clear(Outcome outcome, String why) {
    running.values().forEach(one -> records.ended(one.course(), outcome, why));
    running.clear();
  }

  /** Looks how far they are. */
  void look(Map<String, Standing> now) {
    for (Running one : List.copyOf(running.values())) {
      Scaling scaling = one.scaling();
      switch (scaling.look(now)) {
        case Scaling.Outcome.Running(String told) -> {
          if (!told.equals(one.told())) {
            one.course().tell(told);
            running.put(scaling.role(), new Running(scaling, one.course(), told));
          }
        }
        case Scaling.Outcome.Done() ->
            end(one, Outcome.DONE, scaling.role() + " has " + count(scaling.count()));
        case Scaling.Outcome.Broken(String instance, String why) ->
            end(
                one,
                Outcome.FAILED,
                scaling.role()
                    + " does not come to "
                    + count(scaling.count())
                    + ": "
                    + instance
                    + " "
                    + why);
      }
    }
  }

  private void end(Running one, Outcome outcome, String sentence) {
    records.ended(one.course(), outcome, sentence);
    Objects.requireNonNull(running.remove(one.scaling().role()));
  }

  private static String count(int instances) {
    return instances == 1 ? "1 instance" : instances + " instances";
  }

  boolean none() {
    return running.isEmpty();
  }
}
