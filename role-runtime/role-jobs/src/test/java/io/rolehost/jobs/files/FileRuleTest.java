package io.rolehost.jobs.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FileRuleTest {

  @ParameterizedTest
  @CsvSource({
    "*, a.jpg, true",
    "*, deep/er/a.jpg, true",
    "*.jpg, deep/a.jpg, true",
    "*.jpg, a.jpg.part, false",
    "*, a.jpg.part, false",
    "*, a.TMP, false",
    "*, a.txt~, false",
    "*, .a.jpg, false",
    "*, .git/a.jpg, false",
    "*, deep/.cache/a.jpg, false",
    "in/*.csv, in/a.csv, true",
    "in/*.csv, a.csv, false",
    "in/*.csv, in/deep/a.csv, false",
    "**/*.csv, a.csv, true",
    "**/*.csv, in/deep/a.csv, true",
    "'*.{csv,xml}', in/a.xml, true",
  })
  void file_byItsName_isWantedOrNot(String glob, String path, boolean wanted) {
    assertEquals(wanted, new FileRule(glob).wants(Path.of(path)));
  }

  @Test
  void glob_thatIsNone_isNamed() {
    var wrong = assertThrows(IllegalArgumentException.class, () -> new FileRule("{a"));
    assertTrue(String.valueOf(wrong.getMessage()).startsWith("matching(\"{a\") is no glob"));
  }

  @Test
  void trigger_ofFolderAndGlob_isAQueueOfItsOwn() {
    assertEquals("files.uploads", FileKey.trigger("uploads", "*"));
    assertTrue(
        FileKey.trigger("uploads", "*.jpg").matches("files\\.uploads\\.jpg-[0-9a-f]{8}"),
        FileKey.trigger("uploads", "*.jpg"));
    assertTrue(FileKey.trigger("/srv/in", "*").matches("files\\.srv-in-[0-9a-f]{8}"));
    assertNotEquals(FileKey.trigger("a", "*.b"), FileKey.trigger("a", "b"));
    assertTrue(FileKey.trigger("/" + "x/".repeat(500), "*").length() < 120);
  }

  @Test
  void key_ofAnotherVersion_isAnother() {
    Version version = new Version(3, Instant.EPOCH);
    String key = FileKey.of("files.a", "b", version);
    assertEquals(key, FileKey.of("files.a", "b", new Version(3, Instant.EPOCH)));
    assertNotEquals(key, FileKey.of("files.a", "b", new Version(3, Instant.EPOCH.plusNanos(1))));
    assertNotEquals(key, FileKey.of("files.a", "c", version));
    assertNotEquals(key, FileKey.of("files.b", "b", version));
  }
}
