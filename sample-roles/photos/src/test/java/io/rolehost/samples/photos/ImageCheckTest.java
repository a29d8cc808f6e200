package io.rolehost.samples.photos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rolehost.samples.photos.RefusedPhotoException.Why;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ImageCheckTest {
  private static final ImageCheck CHECK = new ImageCheck(50_000_000);

  @TempDir Path temp;

  @ParameterizedTest
  @EnumSource
  void wholeFile_inspected_itsKind(Kind kind) throws Exception {
    byte[] file = TestPhotos.photo(kind, 640, 480);
    assertEquals(kind, CHECK.inspect(write(file)));
    byte[] withRest = Arrays.copyOf(file, file.length + 100); // as some cameras append a film
    assertEquals(kind, CHECK.inspect(write(withRest)));
  }

  @ParameterizedTest
  @EnumSource
  void file_cutAnywhere_refusedAndNeverAnError(Kind kind) throws Exception {
    byte[] file = TestPhotos.photo(kind, 64, 48);
    Random random = new Random(1);
    for (int i = 0; i < 100; i++) {
      Path cut = write(Arrays.copyOf(file, 8 + random.nextInt(file.length - 9)));
      assertEquals(Why.BROKEN, refusal(CHECK, cut), "cut at " + Files.size(cut));
    }
  }

  @Test
  void otherFiles_inspected_refusedWithTheCause() throws Exception {
    assertEquals(Why.NOT_A_PHOTO, refusal(CHECK, write("a text of some length".getBytes(UTF_8))));
    assertEquals(Why.NOT_A_PHOTO, refusal(CHECK, write(TestPhotos.gif())));
    assertEquals(Why.NOT_A_PHOTO, refusal(CHECK, write(new byte[] {1, 2, 3})));
    assertEquals(Why.TOO_MANY_PIXELS, refusal(CHECK, write(TestPhotos.bomb())));
    assertEquals(
        Why.TOO_MANY_PIXELS,
        refusal(new ImageCheck(99), write(TestPhotos.photo(Kind.JPEG, 10, 10))));
  }

  @ParameterizedTest
  @CsvSource({
    "JPEG, 1600, 1200, 256, 192",
    "PNG, 300, 1500, 51, 256",
    "PNG, 10, 20, 10, 20",
    "JPEG, 5000, 3, 256, 1"
  })
  void photo_scaled_longerSideFits(Kind kind, int width, int height, int newWidth, int newHeight)
      throws Exception {
    Path photo = write(TestPhotos.photo(kind, width, height));
    var small =
        ImageIO.read(new ByteArrayInputStream(new Scaler(256, CHECK).thumbnail(photo, kind)));
    assertEquals(newWidth, small.getWidth());
    assertEquals(newHeight, small.getHeight());
    assertEquals(kind == Kind.PNG, small.getColorModel().hasAlpha());
  }

  @Test
  void bomb_scaled_refusedBeforeItIsDecoded() throws Exception {
    Path bomb = write(TestPhotos.bomb());
    Scaler scaler = new Scaler(256, CHECK);
    assertEquals(
        Why.TOO_MANY_PIXELS,
        assertThrows(RefusedPhotoException.class, () -> scaler.thumbnail(bomb, Kind.PNG)).why());
  }

  private Path write(byte[] bytes) throws Exception {
    return Files.write(temp.resolve("file"), bytes);
  }

  private static Why refusal(ImageCheck check, Path file) {
    return assertThrows(RefusedPhotoException.class, () -> check.inspect(file)).why();
  }
}
