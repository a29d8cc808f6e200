package io.rolehost.runtime.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.250Z");

  @TempDir Path stateDir;
  private long nanos = 77;
  private Instant now = NOON;

  @Test
  void append_firstEntry_isWholeInMemoryAndFile() throws IOException {
    JournalEntry expected =
        new JournalEntry(
            1,
            NOON,
            77,
            3,
            "transition",
            "STARTING",
            "READY",
            "onStart returned \"true\"",
            Map.of("check", 3, "held", false));
    try (Journal journal = open(3)) {
      assertEquals(
          expected,
          journal.append(
              "transition",
              "STARTING",
              "READY",
              "onStart returned \"true\"",
              Map.of("check", 3, "held", false)));
      assertEquals(List.of(expected), journal.after(0));
    }
    assertEquals(
        List.of(expected),
        lines().stream().map(line -> JournalLine.parse(line).orElseThrow()).toList());
  }

  @Test
  void open_afterAnEndedIncarnation_continuesAndKnowsTheEnd() {
    JournalEntry end;
    try (Journal first = open(1)) {
      add(first, "transition");
      end = add(first, "end");
    }
    try (Journal second = open(2)) {
      assertEquals(Optional.of(end), second.lastEnd());
      assertEquals(Optional.empty(), second.lastWithoutEnd());
      assertEquals(3, add(second, "transition").sequence());
      assertEquals(List.of(1L, 2L, 3L), sequences(second.after(0)));
      assertEquals(List.of(2L, 3L), sequences(second.after(1)));
      assertEquals(List.of(), second.after(3));
    }
  }

  @Test
  void open_afterAKillWithATornLine_continuesAndSaysWhoWasKilled() throws IOException {
    try (Journal first = open(1)) {
      add(first, "end");
    }
    try (Journal second = open(2)) {
      add(second, "transition");
    }
    Files.writeString(file(), "{\"sequence\":3,\"at\":\"2026-03", StandardOpenOption.APPEND);
    try (Journal third = open(3)) {
      assertEquals(Optional.empty(), third.lastEnd());
      assertEquals(Optional.of(2L), third.lastWithoutEnd());
      assertEquals(3, add(third, "transition").sequence());
      assertEquals(List.of(1L, 2L, 3L), sequences(third.after(0)));
    }
    assertEquals(3, lines().size(), "what was torn is cut");
    assertTrue(JournalLine.parse(lines().get(2)).isPresent());
  }

  @Test
  void open_garbage_isSkipped() throws IOException {
    Files.createDirectories(file().getParent());
    Files.write(file(), new byte[] {(byte) 0xff, 0, '\n', '{', '}', '\n', '{', '"', '}', '\n'});
    try (Journal journal = open(1)) {
      assertEquals(Optional.empty(), journal.lastEnd());
      assertEquals(Optional.empty(), journal.lastWithoutEnd());
      assertEquals(1, add(journal, "transition").sequence());
      assertEquals(List.of(1L), sequences(journal.after(0)));
    }
  }

  @Test
  void append_pastTheSize_rotatesAndStaysBounded() throws IOException {
    long maxBytes = 2_000;
    try (Journal journal = open(1, maxBytes)) {
      for (int i = 0; i < 100; i++) {
        add(journal, "transition");
      }
    }
    try (Stream<Path> files = Files.list(file().getParent())) {
      assertEquals(
          List.of("r_IN_0.jsonl", "r_IN_0.jsonl.1", "r_IN_0.jsonl.2"),
          files.map(path -> path.getFileName().toString()).sorted().toList());
    }
    assertTrue(Files.size(file()) <= maxBytes);
    try (Journal next = open(2, maxBytes)) {
      List<Long> kept = sequences(next.after(0));
      assertEquals(LongStream.rangeClosed(kept.getFirst(), 100).boxed().toList(), kept);
      assertTrue(kept.size() > 20, "older files are read too: " + kept);
    }
  }

  @Test
  void append_afterAMonth_rotatesAndDropsWhatIsOlder() throws IOException {
    try (Journal journal = open(1)) {
      add(journal, "transition");
      now = NOON.plus(Duration.ofDays(30));
      add(journal, "transition");
      assertEquals(2, lines().size());
    }
    try (Journal journal = open(2)) {
      now = NOON.plus(Duration.ofDays(31));
      add(journal, "transition");
      assertEquals(1, lines().size());
    }
    Path before = file().resolveSibling("r_IN_0.jsonl.1");
    assertEquals(2, Files.readAllLines(before).size());
    Files.setLastModifiedTime(before, FileTime.from(NOON.plus(Duration.ofDays(30))));
    Files.setLastModifiedTime(file(), FileTime.from(now));
    try (Journal journal = open(3)) {
      now = NOON.plus(Duration.ofDays(62));
      add(journal, "transition");
    }
    try (Stream<Path> files = Files.list(file().getParent())) {
      assertEquals(List.of(file()), files.toList());
    }
  }

  @Test
  void after_moreThanIsKept_givesTheLastThousand() {
    try (Journal first = open(1)) {
      IntStream.range(0, 700).forEach(i -> add(first, "task"));
    }
    try (Journal second = open(2)) {
      IntStream.range(0, 700).forEach(i -> add(second, "task"));
      assertEquals(LongStream.rangeClosed(401, 1400).boxed().toList(), sequences(second.after(0)));
    }
  }

  @Test
  void append_folderCantBeMade_goesOnInMemoryAndCatchesUp() throws IOException {
    Path inTheWay = stateDir.resolve("journal");
    Files.writeString(inTheWay, "");
    try (Journal journal = open(1)) {
      add(journal, "transition");
      add(journal, "transition");
      assertTrue(
          journal.problem().orElseThrow().startsWith("The journal " + file() + " can't be written"),
          () -> journal.problem().toString());
      Files.delete(inTheWay);
      add(journal, "transition");
      assertTrue(journal.problem().isPresent(), "not tried before its time");
      nanos += 5_000_000_000L;
      add(journal, "transition");
      assertEquals(Optional.empty(), journal.problem());
    }
    assertEquals(
        List.of(1L, 2L, 3L, 4L),
        sequences(lines().stream().map(line -> JournalLine.parse(line).orElseThrow()).toList()));
  }

  @Test
  void append_detailThatIsTooLarge_isReplacedByANote() {
    try (Journal journal = open(1)) {
      JournalEntry large =
          journal.append("task", "READY", "READY", "c", Map.of("text", "x".repeat(100_000)));
      assertEquals(List.of("dropped"), List.copyOf(large.detail().keySet()));
    }
  }

  @Test
  void listeners_oneThrowsOneAppends_areToldInOrderAndTheBadOneIsDropped() throws Exception {
    try (Journal journal = open(1)) {
      List<Long> told = new ArrayList<>();
      List<Long> bad = new ArrayList<>();
      AutoCloseable _ =
          journal.subscribe(entry -> {
            if (entry.sequence() == 1) {
              add(journal, "task");
            }
          });
      AutoCloseable _ =
          journal.subscribe(entry -> {
            bad.add(entry.sequence());
            throw new IllegalStateException("expected by this test");
          });
      AutoCloseable handle = journal.subscribe(entry -> told.add(entry.sequence()));
      add(journal, "transition");
      handle.close();
      add(journal, "transition");
      assertEquals(List.of(1L, 2L), told);
      assertEquals(List.of(1L), bad);
    }
  }

  @Test
  void append_afterClose_isKeptInMemoryAlone() throws IOException {
    Journal journal = open(1);
    add(journal, "end");
    journal.close();
    add(journal, "transition");
    assertEquals(List.of(1L, 2L), sequences(journal.after(0)));
    assertEquals(1, lines().size());
  }

  @Test
  void append_onAnInterruptedThread_writes() throws IOException {
    try (Journal journal = open(1)) {
      Thread.currentThread().interrupt();
      add(journal, "transition");
      add(journal, "end");
      assertEquals(Optional.empty(), journal.problem());
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertEquals(2, lines().size());
  }

  private Journal open(long incarnation) {
    return Journal.open(stateDir, "r_IN_0", incarnation, () -> now, () -> nanos);
  }

  private Journal open(long incarnation, long maxBytes) {
    return Journal.open(stateDir, "r_IN_0", incarnation, () -> now, () -> nanos, maxBytes);
  }

  private Path file() {
    return stateDir.resolve("journal").resolve("r_IN_0.jsonl");
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(file());
  }

  private static JournalEntry add(Journal journal, String type) {
    return journal.append(type, "READY", "READY", "because", Map.of());
  }

  private static List<Long> sequences(List<JournalEntry> entries) {
    return entries.stream().map(JournalEntry::sequence).toList();
  }
}
