package io.rolehost.runtime.config;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Watches one file: also over its deletion, a rename onto it, an exchanged symbolic link anywhere
 * on the way to it (as Kubernetes does with a ConfigMap), and while its folder is missing.
 *
 * <p>The kernel tells of changes, on Linux within milliseconds. What it forgets to tell is found by
 * a look every five seconds; where it can't tell at all (a network file system, no watch left to
 * have) the file's stamp is looked at every 50 ms. One daemon thread.
 */
public final class FileWatch implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(FileWatch.class.getName());

  private static final Duration SLOW = Duration.ofSeconds(5);
  private static final Duration FAST = Duration.ofMillis(50);

  /**
   * A walk to the file costs far more than a look at its stamp. Where neither the kernel nor the
   * stamp told of a change, it finds only that a folder was exchanged that has no such file yet.
   */
  private static final int LOOKS_A_WALK = 10;

  /** As many as the kernel follows before it calls it a loop. */
  private static final int MAX_LINKS = 40;

  private static final int MAX_WALKS = 8;

  /** The kernel knows what this machine writes, not what others write into the same share. */
  private static final Set<String> SHARED =
      Set.of("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "virtiofs", "lustre");

  private final Path file;
  private final Runnable changed;
  private final @Nullable WatchService service;
  private final Thread thread;
  private volatile boolean closed;

  // The thread's own, once it runs.
  private final Map<Path, Folder> folders = new HashMap<>();
  private Set<Path> way = Set.of();
  private Stamp stamp;

  private FileWatch(Path file, Runnable changed) {
    this.file = file.toAbsolutePath().normalize();
    this.changed = changed;
    this.service = newService();
    this.stamp = Stamp.of(this.file);
    this.thread = Thread.ofPlatform().daemon().name("config-watch").unstarted(this::watch);
  }

  /**
   * Starts to watch: what is written after the return is seen.
   *
   * @param file need not be there
   * @param changed called by the watching thread when the content may have changed: at times though
   *     it has not, and once for several writes. What it throws is logged and ends nothing
   */
  public static FileWatch start(Path file, Runnable changed) {
    FileWatch watch = new FileWatch(file, changed);
    watch.thread.start();
    return watch;
  }

  /** Ends the watch; a call that goes on at this moment is not waited for. */
  @Override
  public void close() {
    closed = true;
    if (service != null) {
      try {
        service.close();
      } catch (IOException e) {
        LOG.log(System.Logger.Level.DEBUG, "The watch of " + file + " did not close", e);
      }
    }
    LockSupport.unpark(thread);
  }

  private void watch() {
    boolean told = false;
    boolean covered = false;
    for (int look = 0; !closed; look++) {
      Stamp now = Stamp.of(file);
      boolean changed = told || !now.isLike(stamp);
      if (changed || look % LOOKS_A_WALK == 0) {
        covered = route();
        now =
            Stamp.of(file); // once more behind the walk, so that nothing is missed between the two
      }
      if (changed || !now.isLike(stamp)) {
        stamp = now;
        tell();
      }
      told = await(covered ? SLOW : FAST);
    }
  }

  private void tell() {
    try {
      changed.run();
    } catch (RuntimeException failed) {
      LOG.log(System.Logger.Level.ERROR, "A change of " + file + " was not taken in", failed);
    }
  }

  /** Returns whether the kernel told of something on the way to the file. */
  private boolean await(Duration longest) {
    if (service == null) {
      LockSupport.parkNanos(this, longest.toNanos());
      return false;
    }
    try {
      boolean concerns = false;
      for (@Nullable WatchKey key = service.poll(longest.toNanos(), TimeUnit.NANOSECONDS);
          key != null;
          key = service.poll()) {
        concerns |= concerns(key);
      }
      return concerns;
    } catch (ClosedWatchServiceException | InterruptedException end) {
      closed = true; // nobody else has this thread to interrupt it
      return false;
    }
  }

  private boolean concerns(WatchKey key) {
    boolean concerns = false;
    Path folder = (Path) key.watchable();
    for (WatchEvent<?> event : key.pollEvents()) {
      // Without a name something was lost: it may have been ours.
      concerns |= !(event.context() instanceof Path name) || way.contains(folder.resolve(name));
    }
    if (!key.reset()) {
      folders.remove(folder);
      concerns = true;
    }
    return concerns;
  }

  /**
   * Walks to the file anew and registers the folders; returns whether all of them will tell. What
   * appears between the walk and the registration nobody tells of: so it walks again until nothing
   * is new.
   */
  private boolean route() {
    boolean covered = false;
    for (int walks = 0; walks < MAX_WALKS; walks++) {
      Set<Path> steps = new HashSet<>();
      boolean whole = walk(file, steps);
      if (walks > 0 && steps.equals(way)) {
        return covered && whole;
      }
      way = steps;
      covered = registerAll();
    }
    return false; // it changes faster than one can walk: look again soon
  }

  private boolean registerAll() {
    Set<Path> wanted = new HashSet<>();
    for (Path step : way) {
      wanted.add(step.resolveSibling(""));
    }
    folders
        .entrySet()
        .removeIf(known -> {
          boolean gone =
              !wanted.contains(known.getKey()) || !known.getValue().isStillAt(known.getKey());
          if (gone) {
            known.getValue().key().cancel();
          }
          return gone;
        });
    boolean covered = true;
    for (Path folder : wanted) {
      @Nullable Folder known = folders.get(folder);
      covered &= known == null ? register(folder) : known.tells();
    }
    return covered;
  }

  /**
   * Collects every entry whose change can change what {@code target} means: the links on the way,
   * and the last entry, or the first that is missing. Returns false if the way is a loop.
   */
  private static boolean walk(Path target, Set<Path> steps) {
    Path at = target;
    for (int links = 0; links < MAX_LINKS; links++) {
      @Nullable Path link = firstLink(at, steps);
      if (link == null) {
        return true;
      }
      steps.add(link);
      try {
        Path rest = link.relativize(at);
        Path pointed = link.resolveSibling(Files.readSymbolicLink(link));
        at = (rest.toString().isEmpty() ? pointed : pointed.resolve(rest)).normalize();
      } catch (IOException exchanged) {
        return false; // just now: look again soon
      }
    }
    return false;
  }

  /** Returns the first link on the way; without one, adds the entry at which the way ends. */
  private static @Nullable Path firstLink(Path target, Set<Path> steps) {
    Path at = target.getRoot();
    for (Path name : target) {
      at = at.resolve(name);
      if (Files.isSymbolicLink(at)) {
        return at;
      }
      if (!Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
        break;
      }
    }
    steps.add(at);
    return null;
  }

  private boolean register(Path folder) {
    WatchService events = service;
    if (events == null) {
      return false;
    }
    try {
      WatchKey key =
          folder.register(
              events,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_DELETE,
              StandardWatchEventKinds.ENTRY_MODIFY);
      String type = Files.getFileStore(folder).type();
      boolean tells = !SHARED.contains(type) && !type.startsWith("fuse");
      folders.put(folder, new Folder(key, identity(folder), tells));
      return tells;
    } catch (IOException | RuntimeException refused) {
      return false;
    }
  }

  private static @Nullable WatchService newService() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return null; // the JDK's own looks every few seconds there
    }
    try {
      return FileSystems.getDefault().newWatchService();
    } catch (IOException | RuntimeException noneLeft) {
      return null;
    }
  }

  private static @Nullable Object identity(Path folder) {
    try {
      return Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
    } catch (IOException gone) {
      return null;
    }
  }

  /** A registered folder. One that was moved away still tells, of itself, elsewhere. */
  private record Folder(WatchKey key, @Nullable Object inode, boolean tells) {

    boolean isStillAt(Path path) {
      return key.isValid() && inode != null && inode.equals(identity(path));
    }
  }

  /** What a file looks like from outside; of a missing one, nothing. */
  private record Stamp(@Nullable FileTime modified, long size, @Nullable Object inode) {

    private static final Stamp MISSING = new Stamp(null, -1, null);

    static Stamp of(Path file) {
      if (!Files.exists(file)) { // which spares the making of an exception each time
        return MISSING;
      }
      try {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(now.lastModifiedTime(), now.size(), now.fileKey());
      } catch (IOException missing) {
        return MISSING;
      }
    }

    /** By hand: the JVM makes the equals of a record at its first call, which is at each start. */
    boolean isLike(Stamp other) {
      return size == other.size
          && Objects.equals(modified, other.modified)
          && Objects.equals(inode, other.inode);
    }
  }
}
