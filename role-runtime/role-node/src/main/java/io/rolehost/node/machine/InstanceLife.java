package io.rolehost.node.machine;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * All that a node remembers of one instance.
 *
 * @param state where it stands
 * @param incarnation which start this is, from 1; 0 before the first
 * @param failures unclean ends in a row; forgotten after the stable window
 * @param lastStart when the last process was started, in monotonic nanoseconds
 * @param lastEnd how the last process ended
 * @param freezes what freezes it, as {@code <reason> by <owner>}; empty = nothing
 */
public record InstanceLife(
    InstanceState state,
    long incarnation,
    int failures,
    long lastStart,
    Optional<End> lastEnd,
    List<String> freezes) {

  /** Takes a copy of the list. */
  public InstanceLife {
    freezes = List.copyOf(freezes);
  }

  /**
   * An instance that was never started by this node.
   *
   * @param incarnation how often it was started before, by others
   */
  public static InstanceLife created(long incarnation) {
    return new InstanceLife(
        new InstanceState.Created(), incarnation, 0, 0, Optional.empty(), List.of());
  }

  /** Returns when {@link InstanceEvent.Tick} has something to do, in monotonic nanoseconds. */
  public OptionalLong due(Rules rules) {
    return switch (state) {
      case InstanceState.BackingOff(long due) -> OptionalLong.of(due);
      case InstanceState.Stopping(long killAt, _) -> OptionalLong.of(killAt);
      case InstanceState.Up(_, long firstReady, boolean stable) ->
          stable
              ? OptionalLong.empty()
              : OptionalLong.of(firstReady + rules.stableWindow().toNanos());
      case InstanceState.Created _,
          InstanceState.Starting _,
          InstanceState.Frozen _,
          InstanceState.Stopped _,
          InstanceState.Gone _ ->
          OptionalLong.empty();
    };
  }

  InstanceLife in(InstanceState next) {
    return new InstanceLife(next, incarnation, failures, lastStart, lastEnd, freezes);
  }

  InstanceLife failures(int count) {
    return new InstanceLife(state, incarnation, count, lastStart, lastEnd, freezes);
  }

  InstanceLife frozenBy(List<String> reasons) {
    return new InstanceLife(state, incarnation, failures, lastStart, lastEnd, reasons);
  }

  InstanceLife ended(End end) {
    return new InstanceLife(state, incarnation, failures, lastStart, Optional.of(end), freezes);
  }

  InstanceLife started(long nanos) {
    return new InstanceLife(
        new InstanceState.Starting(), incarnation + 1, failures, nanos, lastEnd, freezes);
  }
}
