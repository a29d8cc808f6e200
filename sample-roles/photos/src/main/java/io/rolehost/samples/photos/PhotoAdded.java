package io.rolehost.samples.photos;

import io.rolehost.jobs.JobType;

/**
 * The message that has a thumbnail made. What kind of file it is the store tells, when it is looked
 * at.
 *
 * @param id of a photo in the store
 */
@JobType("photo-added")
public record PhotoAdded(String id) {

  /** Checks the form, since the id becomes a part of a path. */
  public PhotoAdded {
    if (!id.matches("[0-9a-f]{32}")) {
      throw new IllegalArgumentException(
          "The id of a photo is 32 hexadecimal digits, was \"" + id + "\"");
    }
  }
}
