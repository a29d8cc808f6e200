package io.rolehost.node.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.node.azure.DocumentSplitter;
import io.rolehost.node.azure.GoalState;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The named pipes by which the processes of one incarnation have their role environment. Needs
 * {@code mkfifo}.
 *
 * <p>Clients open paths as plain files and read. So the path that all of them know is a pipe: who
 * opens it gets a document with the path of a pipe of its own, and the next one finds another pipe
 * under the known path already. Two that open it within the same few microseconds share one; the
 * document reaches one of them whole, the other reads nothing and asks again.
 *
 * <p>One thread waits for clients, and one for each of them for what it writes; they wait in the
 * kernel. Nothing that a client does or leaves undone makes a writer wait.
 */
public final class RuntimePipes implements AutoCloseable {

  /** The variable that tells clients the path. */
  static final String VARIABLE = "WaRuntimeEndpoint";

  private static final int MOST_UNREAD = 8 * 1024;
  private static final long BETWEEN_DOCUMENTS_MILLIS = 20;
  private static final long AFTER_FAILURE_MILLIS = 1_000;
  private static final FileAttribute<Set<PosixFilePermission>> OWNERS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path folder;
  private final Path known;
  private final @Nullable UserAccount owner;
  private final Around around;
  private final AtomicLong numbers = new AtomicLong();
  private final ConcurrentLinkedQueue<Stream> streams = new ConcurrentLinkedQueue<>();
  private final Object waking = new Object();
  private @Nullable RandomAccessFile wake; // guarded by waking
  private boolean over; // guarded by waking
  private volatile boolean closed;

  /** What clients do, told on threads of the pipes. */
  public interface Around {

    /**
     * A client came.
     *
     * @return whether it is served
     */
    boolean came(Stream client);

    /** Nobody can be served at the moment; it is tried again. */
    void failed(String why);

    /** A client wrote a document; the next one is read when this returns. */
    void said(Stream client, byte[] document);
  }

  private RuntimePipes(Path folder, @Nullable UserAccount owner, Around around) {
    this.folder = folder;
    this.known = folder.resolve("runtime");
    this.owner = owner;
    this.around = around;
  }

  private static Path folder(Path stateDir, String instanceId) {
    return stateDir.toAbsolutePath().resolve("azure").resolve(instanceId);
  }

  static String of(Path stateDir, String instanceId) {
    return folder(stateDir, instanceId).resolve("runtime").toString();
  }

  /** The folder stays the node's, so that a user can't put something else in place of a pipe. */
  static RuntimePipes open(
      Path stateDir, String instanceId, @Nullable UserAccount owner, Around around)
      throws IOException {
    Path folder = folder(stateDir, instanceId);
    Files.createDirectories(folder);
    // The one above is everybody's way, whoever comes last; nobody can list it.
    Files.setPosixFilePermissions(
        folder.resolveSibling(""), PosixFilePermissions.fromString("rwx--x--x"));
    Files.setPosixFilePermissions(
        folder, PosixFilePermissions.fromString(owner == null ? "rwx------" : "rwx--x--x"));
    RuntimePipes pipes = new RuntimePipes(folder, owner, around);
    pipes.clear();
    pipes.make(List.of(pipes.known));
    Thread.ofPlatform().daemon().name("runtime-" + instanceId).start(pipes::meet);
    return pipes;
  }

  private void clear() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
  }

  private void make(List<Path> fifos) throws IOException {
    ReadyFifo.make(fifos);
    if (owner != null) {
      for (Path fifo : fifos) {
        owner.give(fifo);
      }
    }
  }

  /**
   * Writes an environment document.
   *
   * @param incarnation of the goal state that names it
   * @return its absolute path
   */
  public String writeEnvironment(long incarnation, String xml) throws IOException {
    Path file = folder.resolve("environment-" + incarnation + ".xml");
    Path draft = Files.createTempFile(folder, ".writing", "", OWNERS);
    try {
      Files.write(draft, xml.getBytes(UTF_8));
      if (owner != null) {
        owner.give(draft);
      }
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
    return file.toString();
  }

  /** Removes an environment document that nobody is told of any more. */
  public void removeEnvironment(long incarnation) {
    try {
      Files.deleteIfExists(folder.resolve("environment-" + incarnation + ".xml"));
    } catch (IOException e) {
      // it goes with the next start
    }
  }

  private void meet() {
    try {
      while (!closed) {
        try {
          meetOne();
        } catch (IOException e) {
          if (!closed) {
            around.failed(String.valueOf(e.getMessage()));
            pause(AFTER_FAILURE_MILLIS); // no descriptors or no space: not for ever
          }
        }
      }
    } finally {
      synchronized (waking) {
        over = true;
        closeQuietly(wake);
      }
    }
  }

  private void meetOne() throws IOException {
    long number = numbers.incrementAndGet();
    Path next = folder.resolve("next-" + number);
    Path goals = folder.resolve("goals-" + number);
    Path state = folder.resolve("state-" + number);
    make(List.of(next, goals, state));
    try (OutputStream out = new FileOutputStream(known.toFile())) { // until somebody reads
      if (closed) {
        return;
      }
      Files.move(next, known, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      Stream client = new Stream(goals, state);
      streams.add(client);
      client.start();
      if (!closed && around.came(client)) {
        out.write(GoalState.discovery(goals.toString()));
      } else {
        client.close();
        pause(AFTER_FAILURE_MILLIS); // who is refused asks again, but not at once
      }
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeQuietly(@Nullable AutoCloseable open) {
    try {
      if (open != null) {
        open.close();
      }
    } catch (Exception e) {
      // nothing is lost with it
    }
  }

  /** Ends all streams, and serves nobody any more. */
  @Override
  public void close() {
    closed = true;
    streams.forEach(Stream::close);
    synchronized (waking) {
      if (!over && wake == null) {
        try {
          // Both ends, so that it waits for nobody; open until the thread has seen it.
          wake = new RandomAccessFile(known.toFile(), "rw");
        } catch (IOException e) {
          // there is no pipe, so nobody waits at it
        }
      }
    }
  }

  /** The pipes of one client. To be written to by one thread. */
  public final class Stream implements AutoCloseable {
    private final Path goals;
    private final Path state;
    private final RandomAccessFile said;
    private final OutputStream out;
    private @Nullable FileInputStream unread; // until the client has read something
    private boolean written;
    private volatile boolean done;

    private Stream(Path goals, Path state) throws IOException {
      this.goals = goals;
      this.state = state;
      // A pipe that is opened for both waits for nobody, and the others do not wait beside it.
      this.said = new RandomAccessFile(state.toFile(), "rw");
      try (RandomAccessFile _ = new RandomAccessFile(goals.toFile(), "rw")) {
        this.unread = new FileInputStream(goals.toFile());
        this.out = new FileOutputStream(goals.toFile());
      } catch (IOException e) {
        said.close();
        throw e;
      }
    }

    /** Returns where the client is to write how it is. */
    public String currentState() {
      return state.toString();
    }

    private void start() {
      Thread.ofPlatform().daemon().name(state.getFileName().toString()).start(this::listen);
    }

    private void listen() {
      DocumentSplitter splitter = new DocumentSplitter();
      byte[] buffer = new byte[4 * 1024];
      try (said) {
        int read = said.read(buffer);
        while (read >= 0 && !done) {
          for (byte[] document : splitter.accept(buffer, read)) {
            around.said(this, document);
            pause(BETWEEN_DOCUMENTS_MILLIS); // who writes without end is heard at this pace
          }
          read = said.read(buffer);
        }
      } catch (IOException e) {
        // its end
      }
    }

    /**
     * Writes to the client.
     *
     * @return false if it is gone, or reads nothing for long: then it is to be closed
     */
    public boolean write(byte[] frame) {
      try {
        int waiting = waiting();
        if (waiting + frame.length > MOST_UNREAD) {
          return false;
        }
        written = true;
        out.write(frame);
        return true;
      } catch (IOException e) {
        return false;
      }
    }

    /** Returns whether it has read all that was written. */
    public boolean hasReadAll() {
      try {
        return written && waiting() == 0;
      } catch (IOException e) {
        return false;
      }
    }

    private int waiting() throws IOException {
      if (unread != null) {
        int waiting = unread.available();
        if (waiting == 0 && written) {
          unread.close(); // from now on its end is seen by the next write
          unread = null;
        }
        return waiting;
      }
      try (FileInputStream look = new FileInputStream(goals.toFile())) {
        return look.available();
      }
    }

    private void wakeReader() {
      try {
        said.write('\n');
      } catch (IOException e) {
        // it has closed it already
      }
    }

    /** Ends the streams in both directions. */
    @Override
    public void close() {
      if (done) {
        return;
      }
      done = true;
      streams.remove(this);
      closeQuietly(out);
      closeQuietly(unread);
      // Wakes the reader, which closes it. Where a client has filled the pipe that may take a
      // while.
      Thread.ofPlatform().daemon().name("wake-" + state.getFileName()).start(this::wakeReader);
      for (Path fifo : List.of(goals, state)) {
        try {
          Files.deleteIfExists(fifo);
        } catch (IOException e) {
          // it goes with the next start
        }
      }
    }
  }
}
