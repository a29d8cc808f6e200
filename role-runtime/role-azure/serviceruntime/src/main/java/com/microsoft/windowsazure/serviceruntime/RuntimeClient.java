package com.microsoft.windowsazure.serviceruntime;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Speaks with the runtime by protocol {@code 2011-03-08}. One thread reads goal states, another
 * calls the listeners, a third writes; so a slow listener keeps nobody from reading, and a path
 * that nobody serves any more keeps no caller for ever. What the getters give changes at one place
 * only: between the Changing and the Changed listeners. All methods may be called from any thread.
 */
final class RuntimeClient {
  private static final String VERSION = "2011-03-08";
  private static final int DISCOVERY_ATTEMPTS = 20;
  private static final long BETWEEN_DISCOVERIES_MILLIS = 20;
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  /** How paths are opened; as a file by default. */
  interface Channels {

    /** Opens a path to read from it. */
    InputStream read(String path) throws IOException;

    /** Opens a path to write to it. */
    OutputStream write(String path) throws IOException;
  }

  private static final class Lease {
    private final String status;
    private final Instant expiration;

    private Lease(String status, Instant expiration) {
      this.status = status;
      this.expiration = expiration;
    }
  }

  final List<RoleEnvironmentChangingListener> changing = new CopyOnWriteArrayList<>();
  final List<RoleEnvironmentChangedListener> changed = new CopyOnWriteArrayList<>();
  final List<RoleEnvironmentStoppingListener> stopping = new CopyOnWriteArrayList<>();

  private final String endpoint;
  private final Channels channels;
  private final long patienceMillis;
  private final String clientId = UUID.randomUUID().toString();
  private final Mailbox mailbox = new Mailbox();
  private final ThreadPoolExecutor writer =
      new ThreadPoolExecutor(
          1, 1, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(1_000), task -> daemon(task, "out"));
  private final Object lock = new Object();

  private volatile @Nullable Environment environment; // written under the lock
  private volatile @Nullable GoalState accepted;
  private volatile @Nullable GoalState newest;
  private volatile @Nullable Lease lease;
  private @Nullable IOException failure; // guarded by the lock
  private boolean started; // guarded by the lock

  /**
   * Creates a client that has not begun yet.
   *
   * @param patienceMillis how long the first answer is waited for, and each write
   */
  RuntimeClient(String endpoint, Channels channels, long patienceMillis) {
    this.endpoint = endpoint;
    this.channels = channels;
    this.patienceMillis = patienceMillis;
    writer.allowCoreThreadTimeOut(true);
  }

  /** Opens paths as files, which a named pipe is too. */
  static Channels files() {
    return new Channels() {
      @Override
      public InputStream read(String path) throws IOException {
        return new FileInputStream(path);
      }

      @Override
      public OutputStream write(String path) throws IOException {
        if (!new File(path).exists()) { // else a plain file of that name would be made
          throw new FileNotFoundException("the runtime serves " + path + " no more");
        }
        return new FileOutputStream(path);
      }
    };
  }

  /**
   * Returns what the getters give.
   *
   * @throws RoleEnvironmentNotAvailableException if the runtime did not answer so far
   */
  Environment environment() {
    @Nullable Environment known = environment;
    if (known != null) {
      return known;
    }
    synchronized (lock) {
      if (!started) {
        started = true;
        daemon(this::readForEver, "in").start();
        daemon(this::deliverForEver, "events").start();
      }
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
      while (environment == null && failure == null) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          failure = new IOException(endpoint + " did not answer within " + patienceMillis + " ms");
        } else {
          try {
            lock.wait(left);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(e);
          }
        }
      }
      known = environment;
      if (known != null) {
        return known;
      }
      throw unavailable(failure);
    }
  }

  /** Does nothing if the runtime has answered; else throws as {@link #environment} does. */
  void requireRuntime() {
    Objects.requireNonNull(environment());
  }

  private static RoleEnvironmentNotAvailableException unavailable(@Nullable Exception cause) {
    return new RoleEnvironmentNotAvailableException(
        cause == null ? new IOException("the runtime did not answer") : cause);
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, "role-environment-" + name);
    thread.setDaemon(true);
    return thread;
  }

  private void readForEver() {
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      try {
        if (readUntilEnd()) {
          pause = FIRST_PAUSE_MILLIS;
        }
      } catch (IOException e) {
        failed(e);
      } catch (RuntimeException e) {
        failed(new IOException("the runtime can't be understood: " + e, e));
      }
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        return; // nobody does that but to end it
      }
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
  }

  private void failed(IOException e) {
    synchronized (lock) {
      failure = e;
      lock.notifyAll();
    }
  }

  /** Reads one stream of goal states to its end, and says whether there was any. */
  private boolean readUntilEnd() throws IOException {
    boolean again = environment != null;
    boolean any = false;
    try (InputStream in = channels.read(discover())) {
      Frames frames = new Frames(in);
      byte @Nullable [] document = frames.next();
      while (document != null) {
        take(GoalState.read(document));
        if (again && !any) {
          renewLease(); // who serves this path may not know of it
        }
        any = true;
        document = frames.next();
      }
    }
    if (!any) {
      throw new IOException(endpoint + " names a stream of goal states that has none");
    }
    return any;
  }

  /** Several processes that ask in the same instant may leave one of them with nothing. */
  private String discover() throws IOException {
    IOException last = new IOException(endpoint + " is empty");
    for (int i = 0; i < DISCOVERY_ATTEMPTS; i++) {
      try (InputStream in = channels.read(endpoint)) {
        Xml root = Xml.read(in, "RuntimeServerDiscovery");
        for (Xml server : root.children("RuntimeServerEndpoints", "RuntimeServerEndpoint")) {
          if (server.attribute("version").equals(VERSION)) {
            return server.attribute("path");
          }
        }
        throw new FileNotFoundException(endpoint + " offers no protocol " + VERSION);
      } catch (FileNotFoundException e) {
        throw e; // another attempt does not help
      } catch (IOException e) {
        last = e;
      }
      try {
        Thread.sleep(BETWEEN_DISCOVERIES_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    throw last;
  }

  private void take(GoalState goal) throws IOException {
    newest = goal;
    if (environment == null) {
      Environment first = read(goal);
      synchronized (lock) {
        accepted = goal;
        environment = first;
        failure = null;
        lock.notifyAll();
      }
    }
    mailbox.put(goal);
  }

  private Environment read(GoalState goal) throws IOException {
    try (InputStream in = channels.read(goal.environmentPath)) {
      return Environment.read(in);
    }
  }

  private void deliverForEver() {
    boolean recycles = false;
    while (true) {
      GoalState goal;
      try {
        goal = mailbox.take();
      } catch (InterruptedException e) {
        return; // nobody does that but to end it
      }
      if (goal.stop) {
        for (RoleEnvironmentStoppingListener listener : stopping) {
          call(listener::roleEnvironmentStopping);
        }
        reportFromHere(() -> CurrentState.acquire(clientId, goal.incarnation, "Stopped"));
      } else if (!recycles && isLater(goal)) {
        recycles = !change(goal);
      }
    }
  }

  private boolean isLater(GoalState goal) {
    @Nullable GoalState before = accepted;
    return before == null || goal.incarnation.compareTo(before.incarnation) > 0;
  }

  /** Returns false if a listener wants a recycle in its place. */
  private boolean change(GoalState goal) {
    Environment next;
    try {
      next = read(goal);
    } catch (IOException e) {
      complain(e); // the old values stay
      return true;
    }
    List<RoleEnvironmentChange> changes = environment().changesTo(next);
    if (!changes.isEmpty()) {
      RoleEnvironmentChangingEvent event = new RoleEnvironmentChangingEvent(changes);
      for (RoleEnvironmentChangingListener listener : changing) {
        call(() -> listener.roleEnvironmentChanging(event));
      }
      if (event.isCancelled()) {
        reportFromHere(() -> CurrentState.acquire(clientId, goal.incarnation, "Recycle"));
        return false;
      }
    }
    synchronized (lock) {
      accepted = goal;
      environment = next;
    }
    renewLease();
    if (!changes.isEmpty()) {
      RoleEnvironmentChangedEvent event = new RoleEnvironmentChangedEvent(changes);
      for (RoleEnvironmentChangedListener listener : changed) {
        call(() -> listener.roleEnvironmentChanged(event));
      }
    }
    return true;
  }

  /** One listener's failure is nobody else's; the program hears of it as of any other thread's. */
  private static void call(Runnable listener) {
    try {
      listener.run();
    } catch (Throwable e) {
      complain(e);
    }
  }

  private static void complain(Throwable problem) {
    Thread thread = Thread.currentThread();
    try {
      thread.getUncaughtExceptionHandler().uncaughtException(thread, problem);
    } catch (Throwable e) {
      // the handler's own; there is nobody left to be told
    }
  }

  /** Holds a status until {@code expiration}; the last one that was set counts. */
  void setStatus(String status, Instant expiration) {
    requireRuntime();
    Lease held = new Lease(status, expiration);
    lease = held;
    report(() -> acquire(held));
  }

  /** Gives the status back: how the instance is, is seen by the runtime alone. */
  void clearStatus() {
    requireRuntime();
    lease = null;
    report(() -> CurrentState.release(clientId));
  }

  void requestRecycle() {
    requireRuntime();
    report(() -> CurrentState.acquire(clientId, acceptedGoal().incarnation, "Recycle"));
  }

  private void renewLease() {
    @Nullable Lease held = lease;
    if (held != null && held.expiration.isAfter(Instant.now())) {
      reportFromHere(() -> acquire(held));
    }
  }

  private byte[] acquire(Lease held) {
    return CurrentState.acquire(clientId, acceptedGoal().incarnation, held.status, held.expiration);
  }

  private GoalState acceptedGoal() {
    @Nullable GoalState goal = accepted;
    if (goal == null) {
      throw new IllegalStateException("there is no goal state yet");
    }
    return goal;
  }

  private interface Document {
    byte[] get();
  }

  private void report(Document document) {
    try {
      writer
          .submit(() -> {
            write(document.get());
            return true;
          })
          .get(patienceMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(e);
    } catch (ExecutionException e) {
      throw new RoleEnvironmentNotAvailableException(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw unavailable(new IOException("nobody reads what the process says of itself", e));
    }
  }

  /** As {@link #report}, where nobody waits for it. */
  private void reportFromHere(Document document) {
    try {
      report(document);
    } catch (RoleEnvironmentNotAvailableException e) {
      complain(e);
    }
  }

  private void write(byte[] document) throws IOException {
    @Nullable GoalState goal = newest;
    if (goal == null) {
      throw new IOException("there is no goal state yet");
    }
    try (OutputStream out = channels.write(goal.currentStatePath)) {
      out.write(document);
    }
  }

  /** The newest goal state of each kind that was not looked at; so it can't grow. */
  private static final class Mailbox {
    private @Nullable GoalState started;
    private @Nullable GoalState stopped;
    private boolean stopTaken;

    synchronized void put(GoalState goal) {
      if (!goal.stop) {
        started = goal;
      } else if (!stopTaken) {
        stopped = goal;
      }
      notifyAll();
    }

    /** Changes come before the stop, which comes once. */
    synchronized GoalState take() throws InterruptedException {
      while (true) {
        @Nullable GoalState next = started;
        if (next != null) {
          started = null;
          return next;
        }
        next = stopped;
        if (next != null) {
          stopped = null;
          stopTaken = true;
          return next;
        }
        wait();
      }
    }
  }
}
