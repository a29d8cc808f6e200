package io.rolehost.samples.photos;

import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobStatus;
import io.rolehost.jobs.Jobs;
import io.rolehost.samples.photos.PhotoSettings.Bound;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** Forgets the oldest photos past the bound, and what killed processes left behind. */
final class Retention {
  /** An upload that brought nothing for so long is given up. */
  private static final Duration SILENT = Duration.ofMinutes(15);

  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final PhotoStore store;
  private final Jobs jobs;
  private final Bound keep;
  private final InstantSource clock;
  private final AtomicReference<Instant> last = new AtomicReference<>(Instant.MIN);

  Retention(PhotoStore store, Jobs jobs, Bound keep, InstantSource clock) {
    this.store = store;
    this.jobs = jobs;
    this.keep = keep;
    this.clock = clock;
  }

  /** Applies the bound if that was not done within the last minute: it reads whole folders. */
  void nowAndThen() throws IOException {
    Instant now = clock.instant();
    Instant before = last.get();
    if (before.isBefore(now.minus(PAUSE)) && last.compareAndSet(before, now)) {
      int _ = apply();
    }
  }

  /** Applies the bound and returns how many photos were forgotten. */
  int apply() throws IOException {
    store.tidy(clock.instant().minus(SILENT));
    List<PhotoStore.Original> waiting = Backlog.withoutThumbnail(store);
    Set<PhotoStore.Original> open = new HashSet<>(waiting);
    List<PhotoStore.Original> surplus =
        new ArrayList<>(
            surplus(store.originals().stream().filter(o -> !open.contains(o)).toList()));
    if (!surplus(waiting).isEmpty()) {
      surplus.addAll(surplus(waiting.stream().filter(this::hasFailed).toList()));
    }
    for (PhotoStore.Original original : surplus) {
      store.forget(original);
    }
    return surplus.size();
  }

  private boolean hasFailed(PhotoStore.Original original) {
    return jobs.status(new JobId(original.id()))
        .map(JobStatus::state)
        .filter(state -> state == JobStatus.State.FAILED || state == JobStatus.State.CANCELLED)
        .isPresent();
  }

  /** Returns what is past the bound when counted from the youngest. */
  private List<PhotoStore.Original> surplus(List<PhotoStore.Original> oldestFirst)
      throws IOException {
    long bytes = 0;
    for (int i = oldestFirst.size() - 1; i >= 0; i--) {
      bytes += oldestFirst.get(i).bytes();
      if (oldestFirst.size() - i > keep.photos() || bytes > keep.bytes()) {
        return oldestFirst.subList(0, i + 1);
      }
    }
    return List.of();
  }
}
