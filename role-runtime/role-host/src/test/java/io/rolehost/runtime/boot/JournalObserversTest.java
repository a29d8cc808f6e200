package io.rolehost.runtime.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.runtime.journal.Journal;
import io.rolehost.runtime.journal.JournalEntry;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalObserversTest {

  @TempDir Path folder;

  @Test
  void observer_thatComesLate_isToldAllOfThisStartOnceAndInOrder() {
    try (Journal journal =
        Journal.open(folder, "web_IN_0", 7, InstantSource.fixed(Instant.EPOCH), () -> 0)) {
      JournalEntry before = append(journal, "before");
      JournalEntry _ = append(journal, "one");
      List<String> told = new ArrayList<>();
      new JournalObservers.Telling(
              entry -> {
                told.add(entry.cause());
                if (entry.cause().equals("one")) {
                  JournalEntry _ = append(journal, "made meanwhile");
                }
              })
          .begin(journal, before.sequence());
      JournalEntry _ = append(journal, "two");
      assertEquals(List.of("one", "made meanwhile", "two"), told);
    }
  }

  private static JournalEntry append(Journal journal, String cause) {
    return journal.append("task", "READY", "READY", cause, Map.of());
  }
}
