package io.rolehost.jobs.http;

import io.rolehost.jobs.JobType;
import java.time.Duration;
import java.time.Instant;

/**
 * Whose end somebody waits for.
 *
 * @param url who is to be called; empty where the end is announced
 * @param looks so far
 */
@JobType("rolehost.followed-job")
record FollowedJob(String job, String url, int looks, Instant since) {

  FollowedJob lookedAt() {
    return new FollowedJob(job, url, looks + 1, since);
  }

  /** Returns when to look again: 1 s at first, then later and later, up to 15 s. */
  Duration pause() {
    return Duration.ofSeconds(Math.min(15, 1 + looks / 2));
  }
}
