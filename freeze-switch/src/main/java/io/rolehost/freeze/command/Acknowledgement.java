package io.rolehost.freeze.command;

import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.Identity;
import java.util.List;
import java.util.Optional;

/**
 * Whether an instance has taken note of a freeze, or of its end. Pure.
 *
 * @param done whether it has
 * @param how what it does now, or what it has not done yet; one phrase for a person
 */
record Acknowledgement(String instance, boolean done, String how) {

  private static final List<String> HELD = List.of("HELD", "FROZEN");

  /** Judges a freeze; empty if it does not cover the instance. */
  static Optional<Acknowledgement> ofFreeze(Freeze freeze, Sighting sighting) {
    if (!covers(freeze, sighting.who())) {
      return Optional.empty();
    }
    return Optional.of(
        switch (sighting) {
          case Sighting.NoProcess _ -> yes(sighting, "does not run; its next start is held");
          case Sighting.Silent(_, String why) -> no(sighting, why);
          case Sighting.Answers seen -> {
            if (!sees(freeze, seen)) {
              yield no(seen, "is " + seen.state() + " and has not seen it" + remark(seen));
            }
            if (HELD.contains(seen.state())) {
              yield yes(seen, "is " + seen.state());
            }
            yield freeze.hold()
                ? no(seen, "has seen it, is " + seen.state() + " and not held yet" + remark(seen))
                : yes(seen, "is " + seen.state() + "; its next start is held");
          }
        });
  }

  /**
   * Judges the end of freezes; empty if none of them covers the instance.
   *
   * @param ended those that are no longer stored
   * @param left those that still are
   */
  static Optional<Acknowledgement> ofEnd(List<Freeze> ended, List<Freeze> left, Sighting sighting) {
    List<Freeze> gone = ended.stream().filter(f -> covers(f, sighting.who())).toList();
    if (gone.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (sighting) {
          case Sighting.NoProcess _ -> yes(sighting, "does not run");
          case Sighting.Silent(_, String why) -> no(sighting, why);
          case Sighting.Answers seen -> {
            List<Freeze> still = left.stream().filter(f -> sees(f, seen)).toList();
            if (gone.stream().anyMatch(f -> sees(f, seen) && !saidBy(still, f))) {
              yield no(seen, "is " + seen.state() + " and still sees it" + remark(seen));
            }
            if (!HELD.contains(seen.state())) {
              yield yes(seen, "is " + seen.state());
            }
            yield seen.freezes().isEmpty()
                ? no(seen, "has seen it and is still " + seen.state())
                : yes(seen, "is " + seen.state() + " by another freeze");
          }
        });
  }

  private static boolean covers(Freeze freeze, Identity who) {
    return freeze.scope().covers(who.deployment(), who.role(), who.instanceId());
  }

  private static boolean sees(Freeze freeze, Sighting.Answers seen) {
    return seen.freezes().contains(freeze.id()) || seen.freezes().contains(words(freeze));
  }

  /** A node tells freezes by their words, which two may share. */
  private static boolean saidBy(List<Freeze> others, Freeze freeze) {
    return others.stream().anyMatch(other -> words(other).equals(words(freeze)));
  }

  private static String words(Freeze freeze) {
    return freeze.reason() + " by " + freeze.owner();
  }

  private static String remark(Sighting.Answers seen) {
    return seen.remark().isEmpty() ? "" : "; " + seen.remark();
  }

  private static Acknowledgement yes(Sighting sighting, String how) {
    return new Acknowledgement(sighting.who().instanceId(), true, how);
  }

  private static Acknowledgement no(Sighting sighting, String how) {
    return new Acknowledgement(sighting.who().instanceId(), false, how);
  }
}
