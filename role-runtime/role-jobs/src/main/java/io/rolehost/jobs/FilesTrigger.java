package io.rolehost.jobs;

import java.time.Duration;

/**
 * Which files of a folder make a job. Immutable.
 *
 * @param folder the name of a local resource of the role, else a path
 * @param glob which names; subfolders are looked into
 * @param settle how long size and time of a file must stand still before it counts as whole
 * @param rescan how often the whole folder is read, which finds what a watcher missed
 * @param concurrency how many at a time in this process
 */
public record FilesTrigger(
    String folder, String glob, Duration settle, Duration rescan, int concurrency) {

  static FilesTrigger of(String folder) {
    return new FilesTrigger(folder, "*", Duration.ofSeconds(1), Duration.ofSeconds(30), 1);
  }

  /**
   * Takes only names that match, by the rules of {@link java.nio.file.FileSystem#getPathMatcher}.
   */
  public FilesTrigger matching(String pattern) {
    return new FilesTrigger(folder, pattern, settle, rescan, concurrency);
  }

  /** Counts a file as whole after so long without a change; 1 s by default. */
  public FilesTrigger settle(Duration quiet) {
    return new FilesTrigger(folder, glob, quiet, rescan, concurrency);
  }

  /** Reads the whole folder so often; 30 s by default. */
  public FilesTrigger rescan(Duration period) {
    return new FilesTrigger(folder, glob, settle, period, concurrency);
  }

  /** Handles so many at a time in this process; 1 by default. */
  public FilesTrigger concurrency(int most) {
    return new FilesTrigger(folder, glob, settle, rescan, most);
  }
}
