package io.rolehost.freeze;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The rule of the freeze: which of many freezes cover an instance now. Pure; any one of them is
 * enough, whichever source it came from.
 */
public final class FreezeRule {

  private FreezeRule() {}

  /** Returns the freezes that cover {@code who} at {@code now}, in the order given. */
  public static List<Freeze> covering(Collection<Freeze> freezes, Identity who, Instant now) {
    List<Freeze> covering = new ArrayList<>();
    for (Freeze freeze : freezes) {
      if (covers(freeze, who) && !freeze.endedAt(now)) {
        covering.add(freeze);
      }
    }
    return List.copyOf(covering);
  }

  /**
   * Returns when {@link #covering} will next give another answer though no source changes: the
   * earliest {@code until} that lies ahead. A clock set back can make it later than it was.
   */
  public static Optional<Instant> nextChange(
      Collection<Freeze> freezes, Identity who, Instant now) {
    Optional<Instant> next = Optional.empty();
    for (Freeze freeze : freezes) {
      if (freeze.until().isPresent()
          && covers(freeze, who)
          && !freeze.endedAt(now)
          && (next.isEmpty() || freeze.until().get().isBefore(next.get()))) {
        next = freeze.until();
      }
    }
    return next;
  }

  private static boolean covers(Freeze freeze, Identity who) {
    return freeze.scope().covers(who.deployment(), who.role(), who.instanceId())
        && (freeze.auto().isEmpty() || stillTheSame(freeze.auto().get(), who));
  }

  /** An automatic freeze is about one build with one configuration: another may try. */
  private static boolean stillTheSame(Freeze.Auto counted, Identity who) {
    return sameOrUnknown(counted.build(), who.build())
        && sameOrUnknown(counted.config(), who.config());
  }

  private static boolean sameOrUnknown(String counted, String present) {
    return counted.isEmpty() || present.isEmpty() || counted.equals(present);
  }
}
