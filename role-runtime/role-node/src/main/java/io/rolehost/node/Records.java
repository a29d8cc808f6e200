package io.rolehost.node;

import io.rolehost.node.journal.NodeJournal;
import io.rolehost.node.machine.Effect;
import io.rolehost.node.machine.InstanceEvent;
import io.rolehost.node.machine.InstanceState;
import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.process.Ticks;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes down what happens to the instances, and tells those who listen: each step of the table
 * that changed something is one line in the journal of its instance and one event. For the node's
 * thread, but for reading events.
 */
final class Records implements AutoCloseable {
  private final InstantSource clock;
  private final NodeEvents events;
  private final Endings endings;
  private final OrderRecords orders;

  Records(Path stateDir, InstantSource clock, Ticks ticks) {
    this.clock = clock;
    this.events = new NodeEvents(clock.instant());
    this.endings = new Endings(stateDir);
    this.orders = new OrderRecords(stateDir, clock, ticks, events);
  }

  /** Returns what writes down the orders of operators. */
  OrderRecords orders() {
    return orders;
  }

  /** Looks at a process that has just ended, while the instance still knows it. */
  Endings.Ending ending(
      Supervised instance, long incarnation, int code, Duration lived, boolean limit) {
    return endings.of(instance, incarnation, code, lived, limit, clock.instant());
  }

  /** Returns what is known of a process that could not be started. */
  Endings.Ending notStarted(Supervised instance, long incarnation, String message) {
    return endings.notStarted(instance, incarnation, message, clock.instant());
  }

  /**
   * Takes note of an end, which {@link #stepped} does besides.
   *
   * @param from the state before, as people are told
   */
  void ended(
      Supervised instance,
      NodeJournal.Taken taken,
      List<Effect> effects,
      String from,
      Endings.Ending ending) {
    Map<String, Object> facts = new LinkedHashMap<>(ending.facts());
    next(taken).ifPresent(next -> facts.put(Ends.NEXT, next));
    JournalEntry entry = write(instance, taken, from, sentence(effects), facts);
    instance.ends().add(entry);
    endings.leave(ending, instance.journal().last());
  }

  private Optional<String> next(NodeJournal.Taken taken) {
    return switch (taken.after().state()) {
      case InstanceState.BackingOff(long due) -> {
        Instant at = clock.instant().plusNanos(due - taken.nanos());
        yield Optional.of(at.toString());
      }
      case InstanceState.Starting _ -> Optional.of("at once");
      default -> Optional.empty();
    };
  }

  /** Takes note of a step, unless nothing came of it. */
  void stepped(Supervised instance, NodeJournal.Taken taken, List<Effect> effects, String from) {
    if (taken.after().equals(taken.before()) && effects.isEmpty()) {
      if (!from.equals(instance.stateName())) {
        JournalEntry entry =
            instance.journal().reported(taken.after().incarnation(), from, instance.stateName());
        events.add(entry, instance, Map.of());
      }
      return;
    }
    write(instance, taken, from, sentence(effects), facts(taken.event(), instance));
  }

  private static Map<String, Object> facts(InstanceEvent event, Supervised instance) {
    return switch (event) {
      case InstanceEvent.StopAsked _, InstanceEvent.RestartAsked _ ->
          Map.of("by", instance.askedBy());
      default -> Map.of();
    };
  }

  private JournalEntry write(
      Supervised instance,
      NodeJournal.Taken taken,
      String from,
      String cause,
      Map<String, Object> facts) {
    JournalEntry entry =
        instance.journal().step(taken, instance.rules(), from, instance.stateName(), cause, facts);
    if (!from.equals(instance.stateName()) || !cause.isEmpty() || !facts.isEmpty()) {
      events.add(entry, instance, facts);
    }
    return entry;
  }

  /** Returns what is told of a step, as one text. */
  private static String sentence(List<Effect> effects) {
    StringBuilder told = new StringBuilder();
    for (Effect effect : effects) {
      if (effect instanceof Effect.Tell(String sentence, _)) {
        told.append(told.isEmpty() ? "" : "; ").append(sentence);
      }
    }
    return told.toString();
  }

  long beforeFirstEvent() {
    return events.beforeFirst();
  }

  List<JournalEntry> eventsAfter(long sequence) {
    return events.after(sequence);
  }

  AutoCloseable onEvent(Consumer<JournalEntry> listener) {
    return events.listen(listener);
  }

  @Override
  public void close() {
    orders.close();
    endings.close();
  }
}
