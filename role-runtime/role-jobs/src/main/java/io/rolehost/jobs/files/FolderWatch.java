package io.rolehost.jobs.files;

import static java.lang.System.Logger.Level.INFO;

import io.methvin.watcher.DirectoryChangeEvent;
import io.methvin.watcher.DirectoryWatcher;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Hears of changes in a folder and below. Nothing depends on it but speed: what it can't say is
 * found by the next rescan. The waiting and closing are for one thread.
 */
final class FolderWatch implements AutoCloseable {

  /** So many changes are kept; with more of them the whole folder is read. */
  private static final int MOST = 10_000;

  private static final System.Logger LOG = System.getLogger(FolderWatch.class.getName());

  private final Path root;
  private final BlockingQueue<Path> heard = new ArrayBlockingQueue<>(MOST);
  private final AtomicBoolean missed = new AtomicBoolean();
  private volatile boolean told;
  private volatile @Nullable DirectoryWatcher watcher;

  FolderWatch(Path root) {
    this.root = root;
  }

  /** Begins to listen unless it does, and returns whether it has; a failure is logged once. */
  boolean open() {
    if (watcher != null) {
      return false;
    }
    try {
      DirectoryWatcher opened =
          DirectoryWatcher.builder()
              .path(root)
              // The platform's own everywhere: the library's for macOS needs a native one.
              .watchService(FileSystems.getDefault().newWatchService())
              // Size and time tell versions apart; no need to read each file.
              .fileHashing(false)
              .listener(this::heard)
              .build();
      watcher = opened;
      Thread.ofPlatform().daemon().name("folder-watch").start(() -> listen(opened));
      return true;
    } catch (IOException | RuntimeException e) {
      failed(e);
      return false;
    }
  }

  private void listen(DirectoryWatcher opened) {
    try {
      opened.watch();
    } catch (RuntimeException e) {
      if (!opened.isClosed()) {
        failed(e);
      }
    } finally {
      close(opened);
    }
  }

  private void failed(Exception e) {
    if (!told) {
      told = true;
      LOG.log(
          INFO,
          "The folder {0} can''t be watched ({1}), so its files are found by the rescan alone;"
              + " on Linux look at fs.inotify.max_user_watches",
          root,
          e);
    }
  }

  private void heard(DirectoryChangeEvent event) {
    switch (event.eventType()) {
      case CREATE, MODIFY, DELETE -> {
        if (!heard.offer(event.path())) {
          missed.set(true);
        }
      }
      case OVERFLOW -> {
        missed.set(true);
        wake();
      }
    }
  }

  boolean listening() {
    return watcher != null;
  }

  /** Returns whether changes were lost since the last call. */
  boolean missed() {
    return missed.getAndSet(false);
  }

  /** Waits for a change or for {@link #wake}, at most so long, and returns what has changed. */
  List<Path> await(long nanos) throws InterruptedException {
    List<Path> changed = new ArrayList<>();
    Path first = heard.poll(nanos, TimeUnit.NANOSECONDS);
    if (first != null) {
      changed.add(first);
      heard.drainTo(changed);
    }
    return changed;
  }

  /** Ends the wait. */
  void wake() {
    var _ = heard.offer(root);
  }

  @Override
  public void close() {
    DirectoryWatcher open = watcher;
    if (open != null) {
      close(open);
    }
  }

  private void close(DirectoryWatcher open) {
    watcher = null;
    try {
      open.close();
    } catch (IOException e) {
      LOG.log(INFO, "The watcher of " + root + " did not close in order", e);
    }
  }
}
