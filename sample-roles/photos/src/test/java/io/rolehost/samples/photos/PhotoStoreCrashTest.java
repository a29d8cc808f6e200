package io.rolehost.samples.photos;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.samples.photos.PhotoStore.Original;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ends the process before every single change that the store makes to its folder. */
class PhotoStoreCrashTest {
  private static final byte[] PHOTO = TestPhotos.photo(Kind.PNG, 400, 400);
  private static final byte[] THUMBNAIL = bytes(150_000);
  private static final String KEPT = "0".repeat(31) + "1";
  private static final String FORGOTTEN = "0".repeat(31) + "2";

  @TempDir Path temp;

  @Test
  void anyStep_processDiesThere_photosAndThumbnailsAreWholeOrNotThere() throws Exception {
    int steps = 0;
    boolean died = true;
    while (died) {
      Path folder = temp.resolve("kill-" + steps);
      List<String> returned = new ArrayList<>();
      died = life(folder, new DyingDisk(steps), returned);
      PhotoStore store = new PhotoStore(TestPhotos.settings(folder));
      assertEverythingWhole(store);
      if (returned.contains("put")) {
        assertTrue(store.original(KEPT).isPresent(), "lost at step " + steps);
      }
      if (returned.contains("forgotten")) {
        assertTrue(store.original(FORGOTTEN).isEmpty(), "back at step " + steps);
      }
      // The clean-up after a kill is killed too, somewhere else.
      tidy(folder, new DyingDisk(steps % 3));
      tidy(folder, new Disk());
      assertNothingLeftBehind(folder, steps);
      steps++;
    }
    assertTrue(steps > 20, "the walk saw only " + steps + " steps");
  }

  /** One life of a web and a worker that die together before the given step. */
  private static boolean life(Path folder, DyingDisk disk, List<String> returned) throws Exception {
    try {
      PhotoStore store = new PhotoStore(TestPhotos.settings(folder), disk);
      Original kept = store.put(KEPT, new ByteArrayInputStream(PHOTO));
      returned.add("put");
      store.publish(kept, THUMBNAIL);
      store.publish(kept, THUMBNAIL);
      Original forgotten = store.put(FORGOTTEN, new ByteArrayInputStream(PHOTO));
      store.publish(forgotten, THUMBNAIL);
      store.forget(forgotten);
      returned.add("forgotten");
      return false;
    } catch (Killed e) {
      return true;
    }
  }

  private static void tidy(Path folder, Disk disk) throws IOException {
    try {
      new PhotoStore(TestPhotos.settings(folder), disk).tidy(Instant.now().plusSeconds(1));
    } catch (Killed e) {
      // as meant
    }
  }

  private static void assertEverythingWhole(PhotoStore store) throws IOException {
    for (Original photo : store.originals()) {
      assertArrayEquals(PHOTO, Files.readAllBytes(photo.file()), "half a photo: " + photo);
    }
    for (Original thumbnail : store.thumbnails()) {
      assertArrayEquals(THUMBNAIL, Files.readAllBytes(thumbnail.file()), "half: " + thumbnail);
    }
  }

  private static void assertNothingLeftBehind(Path folder, int step) throws IOException {
    PhotoStore store = new PhotoStore(TestPhotos.settings(folder));
    List<String> photos = store.originals().stream().map(Original::id).toList();
    for (Original thumbnail : store.thumbnails()) {
      assertTrue(photos.contains(thumbnail.id()), "an orphan at step " + step);
    }
    try (Stream<Path> parts = Files.list(folder.resolve("incoming"))) {
      assertEquals(List.of(), parts.toList(), "left behind at step " + step);
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
