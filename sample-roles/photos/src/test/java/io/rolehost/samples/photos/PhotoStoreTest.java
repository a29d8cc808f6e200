package io.rolehost.samples.photos;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.samples.photos.PhotoStore.Original;
import io.rolehost.samples.photos.RefusedPhotoException.Why;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoStoreTest {
  private static final byte[] PHOTO = TestPhotos.photo(Kind.PNG, 20, 10);

  @TempDir Path temp;
  private PhotoStore store;

  @BeforeEach
  void openStore() throws IOException {
    store = new PhotoStore(TestPhotos.settings(temp));
  }

  @Test
  void photo_putPublishedForgotten_filesFollow() throws Exception {
    Original photo = put("00a");
    assertEquals(Optional.of(photo), store.original(photo.id()));
    assertArrayEquals(PHOTO, Files.readAllBytes(photo.file()));
    assertEquals(Optional.empty(), store.thumbnail(photo));
    store.publish(photo, new byte[] {1});
    store.publish(photo, new byte[] {2});
    Path thumbnail = temp.resolve("thumbnails").resolve(photo.id() + ".png");
    assertEquals(Optional.of(thumbnail), store.thumbnail(photo));
    assertArrayEquals(new byte[] {2}, Files.readAllBytes(thumbnail));
    store.forget(photo);
    assertEquals(Optional.empty(), store.original(photo.id()));
    assertEquals(List.of(), files());
  }

  @Test
  void newIds_sortByTime() {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    String earlier = PhotoStore.newId(now);
    assertTrue(earlier.matches("[0-9a-f]{32}"), earlier);
    assertTrue(earlier.compareTo(PhotoStore.newId(now.plusMillis(1))) < 0);
    assertTrue(!earlier.equals(PhotoStore.newId(now)));
  }

  @Test
  void originals_listed_inOrderOfArrivalAndWithoutStrangers() throws Exception {
    Original second = put("00b");
    Original first = put("00a");
    Files.writeString(temp.resolve("originals/notes.txt"), "not ours");
    assertEquals(List.of(first, second), store.originals());
  }

  @Test
  void put_emptyTooLargeNoPhotoOrBrokenOff_nothingLeftBehind() throws Exception {
    assertEquals(Why.EMPTY, refusal(new byte[0]));
    assertEquals(Why.TOO_MANY_BYTES, refusal(new byte[1_000_001]));
    assertEquals(Why.NOT_A_PHOTO, refusal(new byte[9]));
    assertEquals(Why.BROKEN, refusal(TestPhotos.firstHalf(PHOTO)));
    InputStream gone =
        new InputStream() {
          private int left = 3;

          @Override
          public int read() {
            throw new AssertionError("asked for one byte");
          }

          @Override
          public int read(byte[] into, int from, int length) throws IOException {
            if (left-- == 0) {
              throw new IOException("the client is gone");
            }
            return length;
          }
        };
    assertThrows(IOException.class, () -> store.put("0".repeat(32), gone));
    assertEquals(List.of(), files());
  }

  @Test
  void photoAdded_idThatIsAPath_refused() {
    assertThrows(IllegalArgumentException.class, () -> new PhotoAdded("../../etc/passwd"));
  }

  private Original put(String start) throws Exception {
    return store.put(start + "0".repeat(32 - start.length()), new ByteArrayInputStream(PHOTO));
  }

  private Why refusal(byte[] bytes) {
    return assertThrows(
            RefusedPhotoException.class,
            () -> store.put("0".repeat(32), new ByteArrayInputStream(bytes)))
        .why();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(temp)) {
      return all.filter(Files::isRegularFile)
          .map(file -> temp.relativize(file).toString())
          .toList();
    }
  }
}
