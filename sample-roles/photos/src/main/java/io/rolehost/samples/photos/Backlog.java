package io.rolehost.samples.photos;

import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobStatus;
import io.rolehost.jobs.Jobs;
import io.rolehost.jobs.JobsUnavailableException;
import io.rolehost.samples.photos.PhotoSettings.Bound;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Bounds what waits for its thumbnail. The folders are counted once a second at most, and what this
 * process takes in meanwhile is added: several processes can pass the bound by what they take in
 * within that second. May be used from any thread.
 */
final class Backlog {
  private static final Duration COUNT_AGAIN = Duration.ofSeconds(1);

  private final PhotoStore store;
  private final Jobs jobs;
  private final Bound bound;
  private final InstantSource clock;
  private Instant counted = Instant.MIN;
  private long photos;
  private long bytes;

  Backlog(PhotoStore store, Jobs jobs, Bound bound, InstantSource clock) {
    this.store = store;
    this.jobs = jobs;
    this.bound = bound;
    this.clock = clock;
  }

  /**
   * Lets one more in.
   *
   * @throws StoreFullException if as much waits as may
   */
  synchronized void check() throws IOException {
    Instant now = clock.instant();
    if (counted.isBefore(now.minus(COUNT_AGAIN)) || counted.isAfter(now)) {
      count();
      counted = now;
    }
    if (isFull()) {
      throw new StoreFullException(
          "%d photos of %d bytes wait, and %s is what may".formatted(photos, bytes, bound));
    }
  }

  synchronized void added(long size) {
    photos++;
    bytes += size;
  }

  private boolean isFull() {
    return photos >= bound.photos() || bytes >= bound.bytes();
  }

  private void count() throws IOException {
    List<PhotoStore.Original> waiting = withoutThumbnail(store);
    add(waiting);
    if (isFull()) {
      // Only then is it worth to ask which of them wait for nothing any more.
      add(waiting.stream().filter(original -> !hasEnded(original)).toList());
    }
  }

  private void add(List<PhotoStore.Original> waiting) throws IOException {
    photos = waiting.size();
    bytes = 0;
    for (PhotoStore.Original original : waiting) {
      bytes += original.bytes();
    }
  }

  private boolean hasEnded(PhotoStore.Original original) {
    try {
      Optional<JobStatus> job = jobs.status(new JobId(original.id()));
      return job.isPresent() && job.get().state().ended();
    } catch (JobsUnavailableException e) {
      return false;
    }
  }

  /** In the order of arrival. */
  static List<PhotoStore.Original> withoutThumbnail(PhotoStore store) throws IOException {
    List<PhotoStore.Original> originals = store.originals(); // first: what gets done now has one
    Set<String> done = new HashSet<>();
    for (PhotoStore.Original thumbnail : store.thumbnails()) {
      done.add(thumbnail.id());
    }
    return originals.stream().filter(original -> !done.contains(original.id())).toList();
  }
}
