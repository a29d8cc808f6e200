package io.rolehost.freeze;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches files, all of a process's on one daemon thread that exists while there is one to watch.
 *
 * <p>The kernel tells of changes. What it may forget to tell (an exchanged folder, a lost event) is
 * found by a look each second. Where it can't tell at all (a network file system, no inotify
 * instance left, another system than Linux) the file's stamp is looked at every 50 ms; that costs
 * about a thousandth of a core, too much to do it always.
 */
final class PathWatch implements Runnable {

  static final Duration SLOW = Duration.ofSeconds(1);
  static final Duration FAST = Duration.ofMillis(50);

  private static final Object GATE = new Object();
  private static @Nullable PathWatch running;

  /** Looks whether something changed. */
  @FunctionalInterface
  interface Check {

    /** Looks, and returns in how many nanoseconds it wants to look again at the latest. */
    long look();
  }

  private final @Nullable WatchService service;
  private final Map<Path, Folder> folders = new HashMap<>(); // the thread's own
  private final List<Entry> entries = new ArrayList<>(); // guarded by GATE
  private @Nullable Thread parked; // guarded by GATE
  private boolean woken; // guarded by GATE

  private PathWatch() {
    this.service = newService();
  }

  /** Looks at {@code file} when it may have changed, once soon to begin with, until closed. */
  static FreezeSource.Watch add(Path file, Check check) {
    Entry entry = new Entry(file, check);
    synchronized (GATE) {
      PathWatch watch = running;
      if (watch == null) {
        watch = new PathWatch();
        running = watch;
        Thread.ofPlatform().daemon().name("freeze-watch").start(watch);
      }
      watch.entries.add(entry);
      watch.wake();
      PathWatch keeper = watch;
      return () -> {
        synchronized (GATE) {
          keeper.entries.remove(entry);
          keeper.wake();
        }
      };
    }
  }

  @Override
  public void run() {
    try {
      for (List<Entry> watched = watched(); !watched.isEmpty(); watched = watched()) {
        List<Entry> due = due(watched);
        if (!due.isEmpty()) {
          route(watched); // before the look, which so closes the gap between the two
          for (Entry entry : due) {
            entry.look(System.nanoTime());
          }
        }
        await(watched);
      }
    } finally {
      closeService();
    }
  }

  /** Returns what to watch; with nothing left, the next {@link #add} starts another thread. */
  private List<Entry> watched() {
    synchronized (GATE) {
      if (entries.isEmpty()) {
        running = null;
      }
      return List.copyOf(entries);
    }
  }

  /** Walks each path anew and registers the folders on its way. */
  private void route(List<Entry> watched) {
    Map<Path, Boolean> wanted = new HashMap<>();
    for (Entry entry : watched) {
      entry.covered = service != null;
      try {
        entry.route = PathRoute.of(entry.file);
      } catch (IOException | RuntimeException noWay) {
        entry.route = new PathRoute(List.of());
        entry.covered = false;
      }
      for (PathRoute.Step step : entry.route.steps()) {
        wanted.merge(step.folder(), step.content(), Boolean::logicalOr);
      }
    }
    folders
        .entrySet()
        .removeIf(known -> {
          boolean gone = !wanted.containsKey(known.getKey());
          if (gone) {
            known.getValue().cancel();
          }
          return gone;
        });
    for (Map.Entry<Path, Boolean> want : wanted.entrySet()) {
      Folder known = folders.get(want.getKey());
      if (known == null || known.content != want.getValue() || !known.stillThere()) {
        folders.put(want.getKey(), register(want.getKey(), want.getValue()));
      }
    }
    for (Entry entry : watched) {
      for (PathRoute.Step step : entry.route.steps()) {
        Folder folder = folders.get(step.folder());
        entry.covered &= folder != null && folder.tells;
      }
    }
  }

  private List<Entry> due(List<Entry> watched) {
    long now = System.nanoTime();
    boolean moved = false;
    for (Folder folder : folders.values()) {
      moved |= folder.tells && !folder.stillThere();
    }
    List<Entry> due = new ArrayList<>(watched.size());
    for (Entry entry : watched) {
      if (entry.dueAt(now) || moved) {
        due.add(entry);
      }
    }
    return due;
  }

  /** Waits for an event that matters, for the next look that is due, or for a new entry. */
  private void await(List<Entry> watched) {
    while (true) {
      long wait = Long.MAX_VALUE;
      long now = System.nanoTime();
      for (Entry entry : watched) {
        wait = Math.min(wait, entry.nanosToNext(now));
      }
      WatchKey key = poll(Math.max(0, wait));
      if (key == null) {
        return; // due, or woken
      }
      boolean matters = false;
      for (; key != null; key = poll(0)) {
        matters |= matters(key, watched);
      }
      if (matters) {
        return;
      }
    }
  }

  private boolean matters(WatchKey key, List<Entry> watched) {
    Path folder = (Path) key.watchable();
    boolean matters = false;
    for (WatchEvent<?> event : key.pollEvents()) {
      boolean overflow = event.context() == null; // something was lost: it may be ours
      for (Entry entry : watched) {
        if (overflow || entry.route.touchedBy(folder, String.valueOf(event.context()))) {
          entry.touched = true;
          matters = true;
        }
      }
    }
    if (!key.reset()) { // the folder is gone: walk again
      folders.remove(folder);
      for (Entry entry : watched) {
        entry.touched = true;
      }
      return true;
    }
    return matters;
  }

  private @Nullable WatchKey poll(long nanos) {
    synchronized (GATE) {
      if (woken) {
        woken = false;
        return null;
      }
      parked = Thread.currentThread();
    }
    try {
      if (service == null) {
        TimeUnit.NANOSECONDS.sleep(nanos);
        return null;
      }
      return service.poll(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException woken) {
      return null; // wake() interrupts, and only here
    } finally {
      synchronized (GATE) {
        parked = null;
        woken = false;
        var _ = Thread.interrupted();
      }
    }
  }

  private void wake() {
    woken = true;
    if (parked != null) {
      parked.interrupt();
    }
  }

  private Folder register(Path path, boolean content) {
    if (service == null) {
      return new Folder(null, content, false, null);
    }
    try {
      WatchKey key =
          content
              ? path.register(
                  service,
                  StandardWatchEventKinds.ENTRY_CREATE,
                  StandardWatchEventKinds.ENTRY_DELETE,
                  StandardWatchEventKinds.ENTRY_MODIFY)
              : path.register(
                  service,
                  StandardWatchEventKinds.ENTRY_CREATE,
                  StandardWatchEventKinds.ENTRY_DELETE);
      return new Folder(key, content, tellsAll(path), Folder.identity(path));
    } catch (IOException | RuntimeException refused) {
      return new Folder(null, content, false, null);
    }
  }

  /** The kernel knows only of what this machine does: not of writers behind a network. */
  private static boolean tellsAll(Path folder) throws IOException {
    String type = Files.getFileStore(folder).type();
    return switch (type) {
      case "nfs",
          "nfs4",
          "cifs",
          "smb3",
          "smbfs",
          "9p",
          "ceph",
          "virtiofs",
          "glusterfs",
          "lustre" ->
          false;
      default -> !type.startsWith("fuse");
    };
  }

  private static @Nullable WatchService newService() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return null; // elsewhere the JDK's own looks every few seconds
    }
    try {
      return FileSystems.getDefault().newWatchService();
    } catch (IOException | RuntimeException noneLeft) {
      return null;
    }
  }

  private void closeService() {
    if (service != null) {
      try {
        service.close();
      } catch (IOException ignored) {
        // Nothing is written through it: there is nothing to lose.
      }
    }
  }

  /** A registered folder. */
  private record Folder(
      @Nullable WatchKey key, boolean content, boolean tells, @Nullable Object inode) {

    /** A folder that was moved away goes on telling of itself, elsewhere: compare its inode. */
    boolean stillThere() {
      return key != null && key.isValid() && inode != null && inode.equals(identity(path()));
    }

    void cancel() {
      if (key != null) {
        key.cancel();
      }
    }

    private Path path() {
      return key == null ? Path.of("") : (Path) key.watchable();
    }

    static @Nullable Object identity(Path folder) {
      try {
        return Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
      } catch (IOException gone) {
        return null;
      }
    }
  }

  /** One watched file. All but the final fields belong to the thread. */
  private static final class Entry {
    final Path file;
    final Check check;
    PathRoute route = new PathRoute(List.of());
    boolean covered;
    boolean touched = true;
    boolean confirmed; // a second look found the same stamp: time stamps are coarse
    long lookedAt;
    long tickedAt;
    long wish = Long.MAX_VALUE;
    Object stamp = "";

    Entry(Path file, Check check) {
      this.file = file;
      this.check = check;
    }

    boolean dueAt(long now) {
      tickedAt = now;
      long since = now - lookedAt;
      return touched
          || since >= wish
          || (since >= SLOW.toNanos() && !confirmed)
          || !stamp.equals(stampOf(file));
    }

    void look(long now) {
      touched = false;
      lookedAt = now;
      Object fresh = stampOf(file);
      confirmed = fresh.equals(stamp);
      stamp = fresh;
      wish = check.look();
    }

    long nanosToNext(long now) {
      long tick = (covered ? SLOW : FAST).toNanos() - (now - tickedAt);
      return wish == Long.MAX_VALUE ? tick : Math.min(tick, wish - (now - lookedAt));
    }

    private static Object stampOf(Path file) {
      if (!Files.exists(file)) { // which spares the making of an exception each second
        return List.of();
      }
      try {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        return List.of(now.lastModifiedTime(), now.size(), String.valueOf(now.fileKey()));
      } catch (IOException absent) {
        return List.of();
      }
    }
  }
}
