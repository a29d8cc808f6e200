package io.rolehost.freeze;

import java.time.Instant;
import java.util.Optional;

/**
 * One freeze: it blocks the starts and restarts of every instance in its scope.
 *
 * @param id unique within its source
 * @param scope {@code *}, {@code deployment:NAME}, {@code role:NAME} or {@code instance:ID}
 * @param owner who set it; {@code unknown} where a hand edit left it out
 * @param reason why, in one sentence
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

  /**
   * What an automatic freeze was counted on: a new build or configuration ends it.
   *
   * @param build hash of the jar
   * @param config hash of the configuration
   */
  public record Auto(String build, String config) {}
}
