package io.rolehost.runtime.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.runtime.config.Json;
import io.rolehost.runtime.journal.IncidentLimits.Folder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IncidentsTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.250Z");

  @TempDir Path stateDir;

  @Test
  void write_whole_leavesEachFile() throws IOException {
    JournalEntry event =
        new JournalEntry(9, NOON, 5, 4, "end", "STOPPING", "FAILED", "a task failed", Map.of());
    Fingerprint fingerprint = new Fingerprint("java.io.IOException", "resize", List.of("a.B.c"));
    Optional<Path> folder =
        Incidents.write(
            stateDir,
            "photo_IN_0",
            4,
            new Incident(
                NOON,
                "TASK_FATAL",
                70,
                "a task failed",
                fingerprint,
                List.of(event),
                "{\"threads\":[]}",
                List.of("first", "last"),
                Map.of("heapUsed", 5)));
    Path expected = stateDir.resolve("incidents").resolve("20260301T120000.250Z-photo_IN_0-4");
    assertEquals(Optional.of(expected), folder);
    assertEquals(
        Map.of(
            "at",
            "2026-03-01T12:00:00.250Z",
            "instance",
            "photo_IN_0",
            "incarnation",
            4,
            "reason",
            "TASK_FATAL",
            "code",
            70,
            "why",
            "a task failed",
            "fingerprint",
            fingerprint.id(),
            "facts",
            Map.of("heapUsed", 5)),
        Json.parse(Files.readString(expected.resolve("exit.json"))));
    assertEquals(
        List.of(fingerprint.id(), "java.io.IOException", "in task resize", "at a.B.c"),
        Files.readAllLines(expected.resolve("fingerprint")));
    assertEquals(
        List.of(Optional.of(event)),
        Files.readAllLines(expected.resolve("events.jsonl")).stream()
            .map(JournalLine::parse)
            .toList());
    assertEquals(List.of("first", "last"), Files.readAllLines(expected.resolve("log.txt")));
    assertEquals("{\"threads\":[]}", Files.readString(expected.resolve("threads.json")));
  }

  @Test
  void write_moreThanAreKept_removesTheOldestAndNothingElse() throws IOException {
    IncidentLimits limits = new IncidentLimits(3, 99, 1_000_000, Duration.ofDays(30));
    Path notes = stateDir.resolve("incidents").resolve("notes of anna");
    Files.createDirectories(notes);
    for (int i = 0; i < 5; i++) {
      assertEquals(
          true,
          Incidents.write(stateDir, "r_IN_0", i, plain(NOON.plusSeconds(i)), limits).isPresent());
    }
    try (Stream<Path> kept = Files.list(stateDir.resolve("incidents"))) {
      assertEquals(
          List.of(
              "20260301T120002.250Z-r_IN_0-2",
              "20260301T120003.250Z-r_IN_0-3",
              "20260301T120004.250Z-r_IN_0-4",
              "notes of anna"),
          kept.map(path -> path.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void write_folderCantBeMade_isEmptyAndThrowsNothing() throws IOException {
    Files.writeString(stateDir.resolve("incidents"), "");
    assertEquals(Optional.empty(), Incidents.write(stateDir, "r_IN_0", 1, plain(NOON)));
  }

  @Test
  void surplus_byCountBytesAndAge_isTheOldest() {
    List<Folder> days =
        IntStream.range(0, 6)
            .mapToObj(day -> folder(NOON.minus(Duration.ofDays(day)), 10))
            .toList();
    Duration month = Duration.ofDays(30);
    assertEquals(names(days, 4, 6), new IncidentLimits(4, 99, 1000, month).surplus(days, NOON));
    assertEquals(names(days, 2, 6), new IncidentLimits(9, 99, 29, month).surplus(days, NOON));
    assertEquals(
        names(days, 3, 6), new IncidentLimits(9, 99, 1000, Duration.ofDays(2)).surplus(days, NOON));
    assertEquals(
        names(days, 3, 6), new IncidentLimits(9, 3, 1000, month).surplus(days, NOON), "alike");
    assertEquals(
        List.of(),
        new IncidentLimits(1, 1, 1, month).surplus(List.of(folder(NOON, 10)), NOON),
        "the newest stays");
  }

  private static Folder folder(Instant at, long bytes) {
    return new Folder(IncidentLimits.folderName(at, "r_IN_0", 1), "same", bytes);
  }

  private static List<String> names(List<Folder> folders, int from, int to) {
    return folders.subList(from, to).stream().map(Folder::name).toList();
  }

  private static Incident plain(Instant at) {
    return new Incident(
        at,
        "HANG",
        81,
        "stands still",
        Fingerprint.ofReason("HANG", "t"),
        List.of(),
        "",
        List.of(),
        Map.of());
  }
}
