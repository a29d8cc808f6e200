package io.rolehost.node;

import io.rolehost.node.deploy.Rollout;
import io.rolehost.node.deploy.Standing;
import io.rolehost.node.deploy.Wave;
import io.rolehost.node.journal.OrderJournal.Outcome;
import io.rolehost.node.process.Release;
import io.rolehost.runtime.lifecycle.HoldTurn;
import io.rolehost.runtime.process.Ticks;
import io.rolehost.runtime.process.TurnFile;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Carries out orders, one after another, while it has the turn of the state directory: so that what
 * leaves by itself, for a changed setting or a freeze with hold, waits meanwhile, and the other way
 * round. For the node's thread, but where it says otherwise.
 */
final class Rollouts {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
  // On top of what the instances may take to stop; Kubernetes gives a deployment as long.
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration TURN_PATIENCE = Duration.ofMinutes(11);

  /** What the node does. */
  interface Fleet {

    /** Returns how every instance is. */
    Map<String, Standing> standings();

    /**
     * Has an instance run a release, from a new process on.
     *
     * @param waits whether one that was never started waits for what it depends on
     */
    void renew(String instance, Release release, boolean waits);

    /** Has an instance leave for good. */
    void leave(String instance);

    /** The roles of an order have what they were to have. */
    void settled(Order order);

    /** An order was taken back: the roles have what they had before. */
    void takenBack(Order order);

    void tell(String sentence);
  }

  private final Fleet fleet;
  private final TurnFile turn;
  private final OrderRecords records;
  private final Ticks ticks;
  private final InstantSource clock;
  private final Deque<Order> waiting = new ArrayDeque<>();
  private @Nullable HoldTurn seen;
  private boolean ours;
  private final Queue<Order> accepted = new ConcurrentLinkedQueue<>(); // until it has ended
  private volatile @Nullable Running running;

  /** One that is under way. */
  private record Running(
      Order order,
      Rollout rollout,
      Map<String, Release> to,
      Optional<Rollout.Outcome.Broken> goesBackFrom) {
    Running with(Rollout next) {
      return new Running(order, next, to, goesBackFrom);
    }
  }

  Rollouts(Fleet fleet, TurnFile turn, OrderRecords records, Ticks ticks, InstantSource clock) {
    this.fleet = fleet;
    this.records = records;
    this.turn = turn;
    this.ticks = ticks;
    this.clock = clock;
  }

  /** Returns what is under way, for people, from any thread; empty if nothing is. */
  Optional<String> underWay() {
    Running now = running;
    return now == null
        ? Optional.ofNullable(accepted.peek()).map(order -> order.what() + " waits for its turn")
        : Optional.of(
            (now.goesBackFrom().isPresent() ? "taking back " : "")
                + now.order().what()
                + ": "
                + now.rollout().renewed()
                + " of "
                + now.rollout().instances().size()
                + " instances");
  }

  /** Takes an order on, to be added; from any thread. */
  void accept(Order order) {
    accepted.add(order);
  }

  /** Adds an order. Another restart of the same takes the place of the one before. */
  void add(Order order) {
    records.asked(order);
    waiting.removeIf(other -> replaced(other, order));
    Running now = running;
    if (now != null && replaced(now.order(), order)) {
      // Who asks again means the newest build: those that are new already go once more.
      running = null;
    }
    waiting.add(order);
  }

  private boolean replaced(Order before, Order by) {
    boolean same =
        !before.rollsBack() && !by.rollsBack() && before.instances().equals(by.instances());
    if (same) {
      end(before, Outcome.REPLACED, before.what() + " was asked again");
    }
    return same;
  }

  /** The node stops. */
  void clear() {
    Running now = running;
    if (now != null) {
      end(now.order(), Outcome.BROKEN_OFF, "the node stops");
    }
    waiting.forEach(order -> end(order, Outcome.BROKEN_OFF, "the node stops"));
    waiting.clear();
    running = null;
    giveTurnBack();
  }

  /** Returns when {@link #step} has something to do though nothing happened. */
  OptionalLong due() {
    Running now = running;
    if (now == null && waiting.isEmpty()) {
      return OptionalLong.empty();
    }
    return ours && now != null
        ? OptionalLong.of(now.rollout().brokenOffAt())
        : OptionalLong.of(ticks.nanos() + LOOK_AGAIN.toNanos());
  }

  private void end(Order order, Outcome outcome, String sentence) {
    accepted.remove(order);
    records.ended(order.course(), outcome, sentence);
  }

  /** Goes on as far as it can. */
  void step() {
    while (running != null || !waiting.isEmpty()) {
      if (!hasTurn() && !takesNobodyDown()) {
        return;
      }
      Running now = running;
      if (now == null) {
        now = begin(waiting.remove());
        running = now;
      }
      if (!advance(now)) {
        return;
      }
    }
    giveTurnBack();
  }

  private Running begin(Order order) {
    Map<String, Standing> standings = fleet.standings();
    List<Wave> waves = new ArrayList<>();
    Map<String, Release> to = new HashMap<>();
    Duration patience = PATIENCE;
    for (Order.Group group : order.groups()) {
      List<Wave.Member> members = new ArrayList<>();
      for (Order.Target target : group.targets()) {
        Standing standing = standings.get(target.instance());
        members.add(
            new Wave.Member(
                target.instance(),
                target.number(),
                standing != null && isDown(standing) && target.from().isPresent()));
        to.put(target.instance(), target.to());
      }
      waves.addAll(
          Wave.of(
              group.role().name(),
              group.role().update().domains(),
              group.role().update().maxUnavailable(),
              members));
    }
    return new Running(order, Rollout.of(waves, patience, ticks.nanos()), to, Optional.empty());
  }

  private static boolean isDown(Standing standing) {
    return !standing.serves();
  }

  /** Returns whether it came to its end. */
  private boolean advance(Running now) {
    Rollout.Step step = now.rollout().next(fleet.standings(), ticks.nanos());
    running = now.with(step.rollout());
    int renewed = step.rollout().renewed();
    if (renewed > now.rollout().renewed()) {
      int all = step.rollout().instances().size();
      now.order().course().tell(renewed + " of " + all + " instances are renewed");
    }
    for (String instance : step.renew()) {
      Release release = now.to().get(instance);
      if (release == null) {
        fleet.leave(instance); // it was new, and goes back to not being there
      } else {
        now.order().course().tell(instance + " is renewed: " + release.name());
        fleet.renew(instance, release, now.order().plan().isPresent());
      }
    }
    return switch (step.outcome()) {
      case Rollout.Outcome.Running() -> false;
      case Rollout.Outcome.Done() -> {
        running = null;
        done(now);
        yield true;
      }
      case Rollout.Outcome.Broken broken -> {
        running = null;
        broken(now, broken);
        yield true;
      }
    };
  }

  private void done(Running now) {
    Optional<Rollout.Outcome.Broken> from = now.goesBackFrom();
    Order order = now.order();
    if (from.isEmpty()) {
      if (order.settles()) {
        fleet.settled(order);
      }
      fleet.tell(order.what() + " is done");
      end(order, Outcome.DONE, order.what() + " is done");
      return;
    }
    fleet.takenBack(order);
    String sentence =
        order.what() + " ended at " + at(from.get()) + ". It was taken back; all is as before";
    fleet.tell("! " + sentence);
    end(order, Outcome.TAKEN_BACK, sentence);
  }

  private void broken(Running now, Rollout.Outcome.Broken broken) {
    Order order = now.order();
    if (now.goesBackFrom().isPresent()) {
      fleet.takenBack(order);
      String sentence =
          order.what()
              + " ended at "
              + at(now.goesBackFrom().get())
              + ", and could not be taken back: that ended at "
              + at(broken)
              + left(broken);
      fleet.tell("! " + sentence);
      end(order, Outcome.FAILED, sentence);
      return;
    }
    String sentence = order.what() + " ends at " + at(broken) + left(broken);
    fleet.tell("! " + sentence);
    if (!order.rollsBack()) {
      end(order, Outcome.FAILED, sentence);
      return;
    }
    order.course().tell(sentence);
    order.course().tell("going back with " + String.join(", ", broken.renewed()));
    Map<String, Release> back = new HashMap<>();
    order
        .targets()
        .forEach((id, target) -> target.from().ifPresent(release -> back.put(id, release)));
    for (String id : broken.untouched()) {
      if (!back.containsKey(id)) {
        fleet.leave(id); // it was to be added, and never was
      }
    }
    running =
        new Running(
            order,
            now.rollout().back(broken.renewed(), fleet.standings(), ticks.nanos()),
            back,
            Optional.of(broken));
  }

  private static String at(Rollout.Outcome.Broken broken) {
    return broken.instance() + ", which " + broken.why();
  }

  private static String left(Rollout.Outcome.Broken broken) {
    return broken.untouched().isEmpty()
        ? ""
        : "; left as they are: " + String.join(", ", broken.untouched());
  }

  /** An operator's start of what is down waits for nobody. */
  private boolean takesNobodyDown() {
    Running now = running;
    Order order = now == null ? waiting.element() : now.order();
    Map<String, Standing> standings = fleet.standings();
    return order.instances().stream()
        .map(standings::get)
        .noneMatch(standing -> standing != null && standing.serves());
  }

  private boolean hasTurn() {
    if (ours) {
      return true;
    }
    long nanos = ticks.nanos();
    HoldTurn.Sight sight = turn.look();
    HoldTurn looked = seen == null ? HoldTurn.first(sight, nanos) : seen.seeing(sight, nanos);
    seen = looked;
    // Who has left and is not back is down, and counted as such: only a turn is waited for.
    HoldTurn.Limits limits = new HoldTurn.Limits(TURN_PATIENCE, Duration.ZERO, Duration.ZERO);
    ours = looked.decide(nanos, clock.instant(), limits) instanceof HoldTurn.Decision.Go;
    if (ours) {
      turn.note(clock.instant(), false);
    }
    return ours;
  }

  private void giveTurnBack() {
    if (ours) {
      ours = false;
      turn.noteNobody();
      turn.giveBack();
    }
    seen = null;
  }
}
