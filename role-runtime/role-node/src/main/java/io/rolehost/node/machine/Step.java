package io.rolehost.node.machine;

import java.util.List;

/** What an event leads to. */
public record Step(InstanceLife life, List<Effect> effects) {

  /** Takes a copy of the list. */
  public Step {
    effects = List.copyOf(effects);
  }

  static Step to(InstanceLife life, Effect... effects) {
    return new Step(life, List.of(effects));
  }
}
