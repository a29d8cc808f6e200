package io.rolehost.node.azure;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Which instances of a role are told its new settings next: one update domain after another, so
 * that settings that are no good reach one domain alone. Pure.
 *
 * <p>Who likes what it is told says nothing; who does not asks for a recycle, is busy, or ends. So
 * a domain has taken them when, a while later, all of it is ready and nobody has asked.
 *
 * @param domains into how many the instances are dealt
 */
public record SettingsWalk(int domains, List<Member> members) {
  private static final long PAUSE_NANOS = Duration.ofSeconds(2).toNanos();

  /** Takes a copy. */
  public SettingsWalk {
    members = List.copyOf(members);
  }

  /**
   * An instance of the role.
   *
   * @param behind whether its processes know other settings than the role has now
   * @param well whether it is ready, and has not asked for a recycle
   * @param toldAt when it was told new ones in this walk, in monotonic nanoseconds
   */
  public record Member(String id, int number, boolean behind, boolean well, OptionalLong toldAt) {
    private boolean isAhead() {
      return toldAt.isPresent() && !behind;
    }
  }

  /** Returns whether somebody is still to be told. */
  public boolean isUnderWay() {
    return members.stream().anyMatch(Member::behind);
  }

  /** Returns the domain whose turn is next; empty if all are told. */
  public OptionalInt domain() {
    return members.stream().filter(Member::behind).mapToInt(this::domainOf).min();
  }

  private int domainOf(Member member) {
    return member.number() % domains;
  }

  /** Returns who is to be told now; none while those before have not taken it. */
  public List<String> next(long nanos) {
    OptionalInt domain = domain();
    OptionalLong due = due();
    boolean may = (due.isEmpty() || due.getAsLong() - nanos <= 0) && unwell().isEmpty();
    return domain.isEmpty() || !may
        ? List.of()
        : members.stream()
            .filter(member -> member.behind() && domainOf(member) == domain.getAsInt())
            .map(Member::id)
            .toList();
  }

  /** Returns who was told and is not well; the others wait for it. */
  public List<String> unwell() {
    return members.stream()
        .filter(member -> member.isAhead() && !member.well())
        .map(Member::id)
        .toList();
  }

  /**
   * Returns until when those who were told last may object, in monotonic nanoseconds; empty if
   * nobody is still to be told, or nobody was yet.
   */
  public OptionalLong due() {
    OptionalLong due = OptionalLong.empty();
    for (Member member : members) {
      if (isUnderWay() && member.isAhead()) {
        long end = member.toldAt().getAsLong() + PAUSE_NANOS;
        due = due.isEmpty() || end - due.getAsLong() > 0 ? OptionalLong.of(end) : due;
      }
    }
    return due;
  }
}
