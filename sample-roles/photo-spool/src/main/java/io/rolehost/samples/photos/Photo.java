package io.rolehost.samples.photos;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a photo that was accepted.
 *
 * @param attempts how often a worker took it up
 * @param reason why it failed; null unless it did
 * @param thumbnail a whole file; null until it is done
 */
public record Photo(
    String id,
    Kind kind,
    State state,
    int attempts,
    @Nullable String reason,
    @Nullable Path thumbnail) {

  /** Where a photo is on its way. */
  public enum State {
    /** For a worker, or for the next attempt. */
    WAITING,
    /** A worker has it. */
    WORKING,
    /** It has its thumbnail. */
    DONE,
    /** The attempts are spent; the photo is kept. */
    FAILED
  }
}
