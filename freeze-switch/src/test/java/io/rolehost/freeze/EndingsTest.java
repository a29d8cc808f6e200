package io.rolehost.freeze;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who ended a freeze is kept beside those that are left. */
final class EndingsTest {

  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

  @TempDir private Path folder;

  @Test
  void freeze_thatSomebodyEnds_isKnownToEveryReaderOfTheFile() throws IOException {
    try (FileSource one = new FileSource(file());
        FileSource two = new FileSource(file())) {
      one.put(Freeze.of("f1", new Scope.All(), "anna", "INC-7", NOON));
      one.put(Freeze.of("f2", new Scope.Role("web"), "anna", "INC-7", NOON));

      assertEquals(
          1, one.removeIf(freeze -> freeze.id().equals("f1"), "bob \"the\"\nbuilder").size());

      Ending ending = two.ending("f1").orElseThrow();
      assertEquals("bob \"the\" builder", ending.by());
      assertEquals(new Scope.All(), ending.scope());
      assertEquals(Optional.empty(), two.ending("f2"));
      assertEquals(List.of("f2"), two.answer().freezes().stream().map(Freeze::id).toList());
    }
  }

  @Test
  void freeze_thatIsReplaced_orEndedByNobodyKnown_hasNoEnding() throws IOException {
    try (FileSource source = new FileSource(file())) {
      source.put(Freeze.of("f1", new Scope.All(), "anna", "INC-7", NOON));
      source.put(Freeze.of("f2", new Scope.All(), "anna", "INC-8", NOON));
      var _ = source.removeIf(_ -> true, "");

      assertEquals(Optional.empty(), source.ending("f1"));
      assertEquals(Optional.empty(), source.ending("f2"));
    }
  }

  @Test
  void endings_areBounded_andWhatIsWrongWithThemFreezesNothing() throws IOException {
    try (FileSource source = new FileSource(file())) {
      for (int n = 0; n < 30; n++) {
        source.put(Freeze.of("f" + n, new Scope.All(), "anna", "INC-7", NOON));
        var _ = source.removeIf(_ -> true, "bob");
      }
      assertEquals(Optional.empty(), source.ending("f9"));
      assertTrue(source.ending("f10").isPresent());

      Files.writeString(file(), "freezes = []\nended = [ { id = 7 }, who knows ]\n");
      assertEquals(SourceAnswer.known(List.of()), source.answer());
      assertEquals(Optional.empty(), source.ending("7"));
    }
  }

  private Path file() {
    return folder.resolve("freeze.conf");
  }
}
