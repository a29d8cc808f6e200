package io.rolehost.jobs.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rolehost.jobs.FileEvent;
import io.rolehost.jobs.JobsUnavailableException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real folder with real writers; messages and receipts are in memory. */
@Timeout(60)
final class FolderTaskTest {

  private static final Duration SETTLE = Duration.ofMillis(150);

  /** Far away: what is found sooner was heard. */
  private static final Duration NEVER = Duration.ofMinutes(10);

  private static final Duration SOON = Duration.ofMillis(100);

  @TempDir Path folder;

  private final RecordingReceipts receipts = new RecordingReceipts();
  private final List<FileEvent> sent = new CopyOnWriteArrayList<>();
  private final Set<String> keys = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean paused = new AtomicBoolean();
  private final AtomicBoolean away = new AtomicBoolean();

  @Test
  void file_thatIsThere_isSentOnceAlsoOverARestart() throws IOException {
    write("a.txt", "one");
    Files.createDirectory(folder.resolve("deep"));
    write("deep/b.txt", "two");
    try (var _ = HandTask.begin(task(SOON))) {
      await("both are sent", () -> sent.size() == 2);
    }
    assertEquals(2, receipts.versions.size());
    try (var _ = HandTask.begin(task(SOON))) {
      write("c.txt", "three");
      await("the new one is sent", () -> sent.size() == 3);
    }
    assertEquals(List.of("a.txt", "b.txt", "c.txt"), names().stream().sorted().toList());
    assertEquals(3, keys.size());
  }

  @Test
  void file_created_isHeardLongBeforeTheRescan() throws IOException {
    FolderTask task = task(NEVER);
    try (var _ = HandTask.begin(task)) {
      await("it listens", () -> task.facts().listening());
      write("a.txt", "one");
      await("it is sent", () -> sent.size() == 1);
      Files.createDirectories(folder.resolve("new/er"));
      write("new/er/b.txt", "two");
      await("that of a new subfolder is sent", () -> sent.size() == 2);
    }
  }

  @Test
  void file_overwrittenTruncatedOrReplaced_isSentAgain() throws IOException {
    write("a.txt", "one");
    try (var _ = HandTask.begin(task(SOON))) {
      await("it is sent", () -> sent.size() == 1);
      write("a.txt", "two!");
      await("overwritten, it is sent again", () -> sent.size() == 2);
      write("a.txt", "");
      await("truncated, it is sent again", () -> sent.size() == 3);
      write("b.part", "three");
      Files.move(
          folder.resolve("b.part"), folder.resolve("a.txt"), StandardCopyOption.REPLACE_EXISTING);
      await("replaced, it is sent again", () -> sent.size() == 4);
    }
    assertEquals(List.of(3L, 4L, 0L, 5L), sent.stream().map(FileEvent::size).toList());
    assertEquals(4, keys.size());
  }

  @Test
  void file_openForWriting_isNotSentBeforeItIsClosed() throws IOException {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fdinfo")));
    FolderTask task = task(SOON);
    OutputStream writer = Files.newOutputStream(folder.resolve("slow.txt"));
    try (var _ = HandTask.begin(task)) {
      try (writer) {
        writer.write("half".getBytes(UTF_8));
        write("whole.txt", "whole");
        await("the other one is sent", () -> sent.size() == 1);
        write("later.txt", "later");
        await("and a later one", () -> sent.size() == 2);
        assertFalse(names().contains("slow.txt"), names()::toString);
        writer.write(" and half".getBytes(UTF_8));
      }
      await("closed, it is sent", () -> sent.size() == 3);
    }
    assertEquals(13, sent.getLast().size());
  }

  @Test
  void links_andWhatIsNotWhole_areNotTaken(@TempDir Path elsewhere) throws IOException {
    Files.writeString(elsewhere.resolve("secret.txt"), "secret");
    Files.createSymbolicLink(folder.resolve("link.txt"), elsewhere.resolve("secret.txt"));
    Files.createSymbolicLink(folder.resolve("linked"), elsewhere);
    write("a.txt.part", "half");
    write(".hidden", "hidden");
    write("b.jpg", "no text");
    write("z.txt", "last");
    try (var _ = HandTask.begin(task(SOON))) {
      await("what is wanted is sent", () -> !sent.isEmpty());
      Files.move(folder.resolve("a.txt.part"), folder.resolve("a.txt"));
      await("renamed, it is sent", () -> sent.size() == 2);
    }
    assertEquals(List.of("z.txt", "a.txt"), names());
  }

  @Test
  void broker_thatIsAway_makesItLaterAndLosesNothing() throws IOException {
    away.set(true);
    write("a.txt", "one");
    FolderTask task = task(SOON);
    try (var _ = HandTask.begin(task)) {
      await("it says so", () -> task.facts().problem().equals("no broker"));
      assertEquals(1, task.facts().waiting());
      away.set(false);
      await("it is sent", () -> sent.size() == 1);
      await("it says so", () -> task.facts().problem().isEmpty());
    }
  }

  @Test
  void pause_holdsFilesBack() throws IOException {
    paused.set(true);
    write("a.txt", "one");
    FolderTask task = task(SOON);
    try (var _ = HandTask.begin(task)) {
      await("it is seen", () -> task.facts().waiting() == 1);
      paused.set(false);
      await("it is sent", () -> sent.size() == 1);
    }
  }

  @Test
  void folder_thatIsNotThere_isWaitedFor() throws IOException {
    Path late = folder.resolve("late");
    FolderTask task = task(late, SOON);
    try (var _ = HandTask.begin(task)) {
      await("it says so", () -> !task.facts().problem().isEmpty());
      Files.createDirectory(late);
      Files.writeString(late.resolve("a.txt"), "one");
      await("it is sent", () -> sent.size() == 1);
    }
  }

  @Test
  void files_aHundredThousandTaken_leaveANewOneFast() throws IOException {
    Instant then = Instant.parse("2026-01-01T00:00:00Z");
    for (int i = 0; i < 100_000; i++) {
      Path file = folder.resolve(i + ".txt");
      Files.createFile(file);
      Files.setLastModifiedTime(file, FileTime.from(then));
      receipts.write("", i + ".txt", new Version(0, then).text());
    }
    FolderTask task = task(NEVER);
    try (var _ = HandTask.begin(task)) {
      await("all are known", () -> task.facts().known() == 100_000);
      write("new.txt", "new");
      await("the new one is sent", () -> sent.size() == 1);
    }
    assertTrue(sent.getFirst().path().endsWith("new.txt"));
    assertEquals(100_000, receipts.retained.size());
  }

  private FolderTask task(Duration rescan) {
    return task(folder, rescan);
  }

  private FolderTask task(Path root, Duration rescan) {
    return new FolderTask(
        new FolderTask.Parts(
            "files.test",
            root,
            new FileRule("*.txt"),
            SETTLE,
            rescan,
            Duration.ofDays(1),
            receipts,
            this::send,
            paused::get,
            System::nanoTime));
  }

  private boolean send(FileEvent event, String key) {
    if (away.get()) {
      throw new JobsUnavailableException("no broker", new IOException("refused"));
    }
    keys.add(key);
    sent.add(event);
    return true;
  }

  private List<String> names() {
    return sent.stream().map(event -> event.path().getFileName().toString()).toList();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(
        folder.resolve(name),
        text,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE);
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited in vain until " + what);
      }
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }
}
