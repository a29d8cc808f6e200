package io.rolehost.jobs.files;

import io.rolehost.jobs.FileEvent;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;

/**
 * What tells one version of a file from another.
 *
 * @param size in bytes
 * @param modified its time stamp
 */
record Version(long size, Instant modified) {

  static Version of(BasicFileAttributes attributes) {
    return new Version(attributes.size(), attributes.lastModifiedTime().toInstant());
  }

  static Version of(FileEvent event) {
    return new Version(event.size(), event.modified());
  }

  /** Returns the version as a receipt says it. */
  String text() {
    return size + "@" + modified;
  }
}
