package io.rolehost.freeze;

import java.util.List;

/**
 * Whether an instance is frozen, by what, and what its sources know.
 *
 * @param covering the freezes that cover it now, in the order of the sources; none = not frozen
 * @param problems one sentence for each source that is stale or was never read, with its name
 */
public record FreezeVerdict(List<Freeze> covering, List<String> problems) {

  /** Copies the lists. */
  public FreezeVerdict {
    covering = List.copyOf(covering);
    problems = List.copyOf(problems);
  }

  /** Returns whether the instance must not start. */
  public boolean frozen() {
    return !covering.isEmpty();
  }

  /** Returns whether it must also stop what it does and be held. */
  public boolean hold() {
    for (Freeze freeze : covering) {
      if (freeze.hold()) {
        return true;
      }
    }
    return false;
  }

  /** Returns {@code <reason> by <owner>}, joined by semicolons; empty if not frozen. */
  public String summary() {
    StringBuilder text = new StringBuilder();
    for (Freeze freeze : covering) {
      text.append(text.isEmpty() ? "" : "; ")
          .append(freeze.reason())
          .append(" by ")
          .append(freeze.owner());
    }
    return text.toString();
  }
}
