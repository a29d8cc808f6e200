package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsTest {

  @TempDir private Path folder = Path.of("");

  @Test
  void newest_ofEachInstance_isThatOfTheHighestNumber() throws IOException {
    for (String name :
        List.of("a_IN_0-9.out", "a_IN_0-10.out", "a_IN_0-10.out.1", "b_IN_1-1.out", "notes.txt")) {
      Files.writeString(folder.resolve(name), "x\n");
    }

    assertEquals(
        Map.of("a_IN_0", folder.resolve("a_IN_0-10.out"), "b_IN_1", folder.resolve("b_IN_1-1.out")),
        LogFiles.newest(folder));
  }

  @Test
  void newest_ofAnInstanceWithOutputAndLog_isTheOutputUnlessTheLogIsMuchYounger()
      throws IOException {
    Path output = Files.writeString(folder.resolve("a_IN_0-2.out"), "x\n");
    Path log = Files.writeString(folder.resolve("a_IN_0-7.log"), "x\n");
    FileTime then = FileTime.fromMillis(1_000_000);
    var _ = Files.setLastModifiedTime(output, then);

    var _ = Files.setLastModifiedTime(log, then);
    assertEquals(Map.of("a_IN_0", output), LogFiles.newest(folder));

    var _ = Files.setLastModifiedTime(log, FileTime.fromMillis(2_000_000));
    assertEquals(Map.of("a_IN_0", log), LogFiles.newest(folder));
  }

  @Test
  void tail_ofAGrowingFile_givesWholeLinesOnce() throws IOException {
    Path file = Files.writeString(folder.resolve("a"), "one\ntw");
    LogTail tail = LogTail.nearEnd(file);

    assertEquals(List.of("one"), tail.next());
    assertEquals(List.of(), tail.next());
    Files.writeString(file, "o\nthree\n", StandardOpenOption.APPEND);
    assertEquals(List.of("two", "three"), tail.next());
  }

  @Test
  void tail_ofAFileThatWasMovedAside_startsWithTheNewOne() throws IOException {
    Path file = Files.writeString(folder.resolve("a"), "one\ntwo\n");
    LogTail tail = LogTail.fromStart(file);
    assertEquals(List.of("one", "two"), tail.next());

    Files.writeString(file, "new\n");

    assertEquals(List.of("new"), tail.next());
  }

  @Test
  void tail_ofALargeFile_beginsWithAWholeLineNearItsEnd() throws IOException {
    Path file = Files.writeString(folder.resolve("a"), "0123456789\n".repeat(200_000) + "last\n");
    List<String> lines = LogTail.nearEnd(file).next();

    assertEquals("0123456789", lines.getFirst());
    assertEquals("last", lines.getLast());
  }

  @Test
  void logs_ofARole_printsTheLastLinesOfItsInstances() throws IOException {
    Path log = Files.createDirectory(folder.resolve("log"));
    Files.writeString(log.resolve("a_IN_0-1.out"), "one\ntwo\nthree\n");
    Files.writeString(log.resolve("ab_IN_0-1.out"), "other\n");

    Said said = Said.by("logs", "a", "-n", "2", "--state-dir", folder.toString());

    assertEquals(new Said(0, "a_IN_0 | two\na_IN_0 | three\n", ""), said);
  }
}
