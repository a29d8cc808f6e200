package io.rolehost.samples.photos;

/** How far a photo is. */
public sealed interface Photo {

  /** Returns the photo's id. */
  String id();

  /** Returns how often a worker took it up. */
  int attempts();

  /** It waits for a worker, or for the next attempt. */
  record Waiting(String id, int attempts) implements Photo {}

  /** A worker has it. */
  record Working(String id, int attempts) implements Photo {}

  /** It has its thumbnail. */
  record Done(String id, int attempts) implements Photo {}

  /**
   * The attempts are spent, or no second one would help; the photo is kept.
   *
   * @param reason why the last attempt failed
   */
  record Failed(String id, int attempts, String reason) implements Photo {}
}
