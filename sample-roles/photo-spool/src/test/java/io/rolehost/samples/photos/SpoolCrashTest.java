package io.rolehost.samples.photos;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.samples.photos.Photo.State;
import io.rolehost.samples.photos.PhotoQueue.Claim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ends the process before every single change that the spool makes to its folder. */
class SpoolCrashTest {
  private static final byte[] PHOTO = bytes(150_000);
  private static final byte[] THUMBNAIL = bytes(70_000);

  @TempDir Path temp;

  @Test
  void anyStep_processDiesThere_everyAcceptedPhotoEndsOnceAndWhole() throws Exception {
    int steps = 0;
    boolean died = true;
    while (died) {
      SpoolFixture folder = new SpoolFixture(temp.resolve("kill-" + steps));
      List<String> accepted = new ArrayList<>();
      died = life(folder, steps, 1, accepted);
      assertWholeThumbnails(folder);
      // The start after a kill is killed too, somewhere else.
      var _ = life(folder, steps % 7, 2, accepted);
      assertWholeThumbnails(folder);
      finish(folder);
      assertAllEnded(folder, accepted, steps);
      steps++;
    }
    assertTrue(steps > 50, "the walk saw only " + steps + " steps");
  }

  /** One life of a web and a worker that die together before the given step. */
  private static boolean life(
      SpoolFixture folder, int step, long incarnation, List<String> accepted) throws Exception {
    DyingDisk disk = new DyingDisk(step);
    try {
      Spool web = folder.spool("web_IN_0", incarnation, disk);
      Spool worker = folder.spool("worker_IN_0", incarnation, disk);
      accepted.add(SpoolFixture.put(web, PHOTO));
      folder.pass(Duration.ofSeconds(1));
      accepted.add(SpoolFixture.put(web, PHOTO));
      worker.claim().orElseThrow().giveBack();
      worker.claim().orElseThrow().done(THUMBNAIL);
      for (int attempt = 1; attempt <= PhotoQueue.MAX_ATTEMPTS; attempt++) {
        folder.pass(Duration.ofMinutes(1));
        Optional<Claim> claim = worker.claim();
        if (claim.isPresent()) {
          claim.get().retry("no luck");
        }
      }
      worker.sweep();
      return false;
    } catch (Killed e) {
      return true;
    }
  }

  private static void finish(SpoolFixture folder) throws Exception {
    var _ = folder.spool("web_IN_0", 3);
    Spool worker = folder.spool("worker_IN_0", 3);
    folder.pass(Duration.ofMinutes(3));
    worker.sweep();
    for (Optional<Claim> claim = worker.claim(); claim.isPresent(); claim = worker.claim()) {
      claim.get().done(THUMBNAIL);
    }
  }

  private static void assertWholeThumbnails(SpoolFixture folder) throws IOException {
    Path thumbnails = folder.root.resolve("thumbnails");
    if (Files.exists(thumbnails)) {
      try (Stream<Path> files = Files.list(thumbnails)) {
        for (Path file : files.toList()) {
          assertArrayEquals(THUMBNAIL, Files.readAllBytes(file), "half a thumbnail: " + file);
        }
      }
    }
  }

  private static void assertAllEnded(SpoolFixture folder, List<String> accepted, int step)
      throws Exception {
    Spool reader = folder.spool("reader_IN_0", 1);
    List<String> files = folder.files();
    for (String id : accepted) {
      Photo photo = reader.find(id).orElseThrow(() -> new AssertionError("lost at step " + step));
      assertTrue(photo.state() == State.DONE || photo.state() == State.FAILED, photo.toString());
      assertEquals(photo.state() == State.DONE, photo.thumbnail() != null);
      assertEquals(
          1,
          files.stream()
              .filter(f -> f.matches("(waiting|working|done|failed)/" + id + "~.*"))
              .count(),
          "step " + step + ": " + files);
    }
    assertEquals(
        List.of(),
        files.stream().filter(f -> f.matches("(incoming|waiting|working)/.*")).toList(),
        "left behind at step " + step);
    for (String file : files) {
      if (file.endsWith(".png") && !file.startsWith("thumbnails")) {
        assertArrayEquals(PHOTO, Files.readAllBytes(folder.root.resolve(file)), file);
      }
    }
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  /** Once dead it does nothing more: no clean-up runs in a killed process. */
  private static final class DyingDisk extends Disk {
    private int left;

    private DyingDisk(int left) {
      this.left = left;
    }

    @Override
    void step(String change) {
      if (left-- <= 0) {
        throw new Killed();
      }
    }
  }

  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }
}
