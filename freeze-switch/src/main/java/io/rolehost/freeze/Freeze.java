package io.rolehost.freeze;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One freeze: it blocks the starts and restarts of every instance in its scope. Owner, reason and
 * evidence are kept as one line of at most {@value #LONGEST} characters, because they end up in
 * lines of a probe's answer; a longer one is cut, a control character becomes a space.
 *
 * @param id unique within its source
 * @param scope {@code *}, {@code deployment:NAME}, {@code role:NAME} or {@code instance:ID}
 * @param owner who set it; {@code unknown} where a hand edit left it out
 * @param reason why, in one sentence; never blank
 * @param since when it was set
 * @param until when it ends by itself; empty = when somebody ends it
 * @param hold whether running instances are drained and held too
 * @param evidence where to read more: a ticket, an incident folder
 * @param auto present if the runtime set it by itself
 */
public record Freeze(
    String id,
    Scope scope,
    String owner,
    String reason,
    Instant since,
    Optional<Instant> until,
    boolean hold,
    Optional<String> evidence,
    Optional<Auto> auto) {

  /** The owner of a freeze whose owner nobody wrote down. */
  public static final String UNKNOWN_OWNER = "unknown";

  private static final int LONGEST = 500;

  /**
   * What an automatic freeze was counted on: a new build or configuration ends it.
   *
   * @param build hash of the jar
   * @param config hash of the configuration
   */
  public record Auto(String build, String config) {}

  /**
   * Checks and tidies the texts.
   *
   * @throws IllegalArgumentException if the id or the reason is blank
   */
  public Freeze {
    id = oneLine(id);
    owner = oneLine(owner);
    reason = oneLine(reason);
    evidence = evidence.map(Freeze::oneLine).filter(text -> !text.isEmpty());
    if (id.isEmpty()) {
      throw new IllegalArgumentException("A freeze needs an id");
    }
    if (reason.isEmpty()) {
      throw new IllegalArgumentException(
          "A freeze needs a reason: one sentence for whoever meets it");
    }
    if (owner.isEmpty()) {
      owner = UNKNOWN_OWNER;
    }
  }

  /** Returns a freeze that somebody has to end, which does not hold what runs. */
  public static Freeze of(String id, Scope scope, String owner, String reason, Instant since) {
    return new Freeze(
        id,
        scope,
        owner,
        reason,
        since,
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty());
  }

  /** Returns this freeze with another id. */
  public Freeze withId(String newId) {
    return new Freeze(newId, scope, owner, reason, since, until, hold, evidence, auto);
  }

  /** Returns this freeze, ending by itself at {@code end}. */
  public Freeze withUntil(Instant end) {
    return new Freeze(id, scope, owner, reason, since, Optional.of(end), hold, evidence, auto);
  }

  /** Returns this freeze, holding what runs or not. */
  public Freeze withHold(boolean holding) {
    return new Freeze(id, scope, owner, reason, since, until, holding, evidence, auto);
  }

  /** Returns this freeze with a pointer to more. */
  public Freeze withEvidence(String pointer) {
    return new Freeze(id, scope, owner, reason, since, until, hold, Optional.of(pointer), auto);
  }

  /** Returns this freeze as an automatic one. */
  public Freeze withAuto(Auto counted) {
    return new Freeze(id, scope, owner, reason, since, until, hold, evidence, Optional.of(counted));
  }

  /** Returns whether {@code other} replaces this one: the same owner speaks of the same scope. */
  public boolean sameEntryAs(Freeze other) {
    return scope.equals(other.scope) && owner.equals(other.owner);
  }

  /** Returns whether it has ended by itself: {@code until} is reached or passed. */
  public boolean endedAt(Instant now) {
    return until.isPresent() && !now.isBefore(until.get());
  }

  /** Returns its fields as values that are JSON, in reading order; what is absent is left out. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", id);
    map.put("scope", scope.toString());
    map.put("owner", owner);
    map.put("reason", reason);
    map.put("since", since.toString());
    if (until.isPresent()) {
      map.put("until", until.get().toString());
    }
    map.put("hold", hold);
    if (evidence.isPresent()) {
      map.put("evidence", evidence.get());
    }
    if (auto.isPresent()) {
      map.put("auto", Map.of("build", auto.get().build(), "config", auto.get().config()));
    }
    return map;
  }

  static String oneLine(String text) {
    StringBuilder line = new StringBuilder(Math.min(text.length(), LONGEST));
    for (int i = 0; i < text.length() && line.length() < LONGEST; i++) {
      char c = text.charAt(i);
      line.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? ' ' : c);
    }
    return line.toString().strip();
  }
}
