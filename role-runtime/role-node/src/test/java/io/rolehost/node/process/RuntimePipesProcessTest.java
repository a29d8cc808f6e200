package io.rolehost.node.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The pipes of a role environment, with clients that are good, slow, dead and hostile. */
@Timeout(60)
final class RuntimePipesProcessTest {
  private static final long PATIENCE_SECONDS = 30;

  @TempDir Path folder;

  private final BlockingQueue<RuntimePipes.Stream> came = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile boolean serves = true;
  private RuntimePipes pipes;

  @BeforeEach
  void open() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "no mkfifo");
    pipes =
        RuntimePipes.open(
            folder,
            "a_IN_0",
            null,
            new RuntimePipes.Around() {
              @Override
              public boolean came(RuntimePipes.Stream client) {
                if (serves) {
                  came.add(client);
                }
                return serves;
              }

              @Override
              public void failed(String why) {}

              @Override
              public void said(RuntimePipes.Stream client, byte[] document) {
                said.add(new String(document, UTF_8).strip());
              }
            });
  }

  @AfterEach
  void close() throws InterruptedException {
    if (pipes != null) {
      pipes.close();
    }
    threads.shutdownNow();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("runtime-a_IN_0")) {
        assertTrue(thread.join(Duration.ofSeconds(PATIENCE_SECONDS)));
      }
    }
  }

  private String known() {
    return RuntimePipes.of(folder, "a_IN_0");
  }

  /** Asks until it is told, as clients do, and returns the path of the goal states. */
  private String discover() throws IOException {
    String document = "";
    while (document.isEmpty()) {
      try (InputStream in = new FileInputStream(known())) {
        document = new String(in.readAllBytes(), UTF_8);
      }
    }
    Matcher path = Pattern.compile("path=\"([^\"]+)\"").matcher(document);
    assertTrue(path.find(), document);
    return path.group(1);
  }

  private <T> Future<T> later(Callable<T> action) {
    return threads.submit(action);
  }

  private RuntimePipes.Stream next() throws InterruptedException {
    RuntimePipes.Stream stream = came.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertTrue(stream != null, "nobody came");
    return stream;
  }

  @Test
  void clients_thatComeAtOnce_haveAStreamEach() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    List<Future<String>> clients =
        IntStream.range(0, 8)
            .mapToObj(_ ->
                later(() -> {
                  go.await();
                  return discover();
                }))
            .toList();
    go.countDown();
    Set<String> paths = new HashSet<>();
    for (Future<String> client : clients) {
      paths.add(client.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }
    assertEquals(8, paths.size());
    for (String path : paths) {
      assertEquals(
          PosixFilePermissions.fromString("rw-------"),
          Files.getPosixFilePermissions(Path.of(path)));
    }
  }

  @Test
  void frames_forOneClient_reachItWhole_andItsEndIsSeen() throws Exception {
    String path = discover();
    RuntimePipes.Stream stream = next();
    assertTrue(stream.write("first".getBytes(UTF_8)));
    assertFalse(stream.hasReadAll());
    try (InputStream in = new FileInputStream(path)) {
      assertEquals("first", new String(in.readNBytes(5), UTF_8));
      assertTrue(stream.hasReadAll());
      assertTrue(stream.write("second".getBytes(UTF_8)));
      assertEquals("second", new String(in.readNBytes(6), UTF_8));
    }
    // A process that is being started at this moment has its end open too, for an instant.
    int written = 0;
    while (written < 500 && stream.write("third".getBytes(UTF_8))) {
      written++;
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    assertTrue(written < 500, "its end is not seen");
  }

  @Test
  void client_thatReadsNothing_isGivenUpAndHoldsNobodyUp() throws Exception {
    String path = discover();
    RuntimePipes.Stream stream = next();
    byte[] frame = new byte[1_000];
    int written = 0;
    while (stream.write(frame)) {
      written++;
    }
    assertEquals(8, written);
    try (InputStream in = new FileInputStream(path)) {
      stream.close();
      assertEquals(8_000, in.readAllBytes().length); // what was written, and then the end
    }
  }

  @Test
  void writer_ofGarbageWithoutEnd_isHeardInPieces_andTheNextIsHeardToo() throws Exception {
    String path = discover();
    RuntimePipes.Stream stream = next();
    try (OutputStream out = new FileOutputStream(stream.currentState())) {
      out.write(new byte[300_000]);
      out.write("</CurrentState>".getBytes(UTF_8));
    }
    try (OutputStream out = new FileOutputStream(stream.currentState())) {
      out.write("<CurrentState>ok</CurrentState>".getBytes(UTF_8));
    }
    assertTrue(said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS).length() < 20_000);
    assertEquals("<CurrentState>ok</CurrentState>", said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
    assertTrue(Files.exists(Path.of(path)));
  }

  @Test
  void client_thatIsRefused_readsNothing_andTheNextIsServed() throws Exception {
    serves = false;
    try (InputStream in = new FileInputStream(known())) {
      assertEquals(0, in.readAllBytes().length);
    }
    serves = true;
    assertFalse(discover().isEmpty());
  }

  @Test
  void end_closesAllStreams_andTheThreadThatWaits() throws Exception {
    String path = discover();
    RuntimePipes.Stream stream = next();
    assertTrue(stream.write("x".getBytes(UTF_8)));
    try (InputStream in = new FileInputStream(path)) {
      pipes.close();
      assertEquals("x", new String(in.readAllBytes(), UTF_8));
    }
    // That its thread ends too is seen behind each test.
  }

  @Test
  void environmentDocument_isReadableByItsUserAlone_andRemoved() throws Exception {
    Path file = Path.of(pipes.writeEnvironment(3, "<é/>"));
    assertEquals("<é/>", Files.readString(file));
    assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(file));
    pipes.removeEnvironment(3);
    assertFalse(Files.exists(file));
  }
}
