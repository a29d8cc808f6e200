package io.rolehost.api.fence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rolehost.api.StaleFenceException;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A raised fence leaves the disk as it was. */
final class FencedFilesTest {

  @TempDir Path folder;

  private final HandFence fence = new HandFence();
  private final FencedFiles files = FencedFiles.of(fence);

  @Test
  void write_whileCurrent_replacesTheWholeAndLeavesNothingBeside() throws Exception {
    Path file = folder.resolve("state.json");
    files.writeString(file, "first, which is longer");
    files.writeString(file, "second");
    assertEquals("second", Files.readString(file));
    assertEquals(List.of(file), folderContent());
  }

  @Test
  void write_fenceRaisedBeforeTheRename_keepsTheOldContent() throws Exception {
    Path file = Files.writeString(folder.resolve("state.json"), "old");
    fence.raiseAfter(1); // the check at the beginning passes
    assertThrows(StaleFenceException.class, () -> files.writeString(file, "new"));
    assertEquals("old", Files.readString(file));
    assertEquals(List.of(file), folderContent());
  }

  @Test
  void stream_fenceRaisedBetweenTwoWrites_keepsWhatWasWrittenBefore() throws Exception {
    Path file = folder.resolve("log");
    try (OutputStream out = files.newOutputStream(file)) {
      out.write("before".getBytes(UTF_8));
      fence.raise();
      assertThrows(StaleFenceException.class, () -> out.write("after".getBytes(UTF_8)));
      assertThrows(StaleFenceException.class, () -> out.write('x'));
    }
    assertEquals("before", Files.readString(file));
  }

  @Test
  void stream_insideABuffer_isRefusedAtItsFlush() throws Exception {
    Path file = folder.resolve("log");
    OutputStream out = new BufferedOutputStream(files.newOutputStream(file));
    out.write("buffered".getBytes(UTF_8));
    fence.raise();
    assertThrows(StaleFenceException.class, out::close);
    assertEquals("", Files.readString(file));
  }

  @Test
  void everyMethod_afterTheFenceIsRaised_changesNothing() throws Exception {
    Path file = Files.writeString(folder.resolve("kept"), "kept");
    fence.raise();
    assertThrows(StaleFenceException.class, () -> files.write(file, new byte[0]));
    assertThrows(StaleFenceException.class, () -> files.newOutputStream(file));
    assertThrows(StaleFenceException.class, () -> files.move(file, folder.resolve("moved")));
    assertThrows(StaleFenceException.class, () -> files.deleteIfExists(file));
    assertEquals("kept", Files.readString(file));
    assertEquals(List.of(file), folderContent());
  }

  private List<Path> folderContent() throws Exception {
    try (var content = Files.list(folder)) {
      return content.toList();
    }
  }
}
