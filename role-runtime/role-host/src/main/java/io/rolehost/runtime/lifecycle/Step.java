package io.rolehost.runtime.lifecycle;

import java.util.ArrayList;
import java.util.List;

/**
 * What follows from an event.
 *
 * @param state the state from now on
 * @param effects what the shell has to do, in this order
 */
public record Step(HostState state, List<Effect> effects) {

  /** Takes a copy of the list. */
  public Step {
    effects = List.copyOf(effects);
  }

  static Step to(HostState state, Effect... effects) {
    return new Step(state, List.of(effects));
  }

  /** Returns the same step with {@code first} before all its effects. */
  Step after(Effect first) {
    List<Effect> all = new ArrayList<>();
    all.add(first);
    all.addAll(effects);
    return new Step(state, all);
  }
}
