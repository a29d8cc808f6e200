package io.rolehost.samples.photos;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** Real files, made on the spot: a gradient with noise. */
final class TestPhotos {
  private TestPhotos() {}

  /** Settings of a store in that folder which takes a megabyte at a time. */
  static PhotoSettings settings(Path folder) {
    PhotoSettings.Bound plenty = new PhotoSettings.Bound(1000, 1L << 30);
    return new PhotoSettings(
        folder,
        folder.resolve("inbox"),
        1_000_000,
        50_000_000,
        plenty,
        plenty,
        "0 0 3 * * *",
        ZoneOffset.UTC,
        false,
        1,
        256);
  }

  static byte[] photo(Kind kind, int width, int height) {
    System.setProperty("java.awt.headless", "true");
    int type = kind == Kind.PNG ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB;
    BufferedImage image = new BufferedImage(width, height, type);
    Graphics2D graphics = image.createGraphics();
    graphics.setPaint(new GradientPaint(0, 0, Color.ORANGE, width, height, Color.BLUE));
    graphics.fillRect(0, 0, width, height);
    graphics.dispose();
    Random random = new Random(width);
    for (int i = 0; i < width * height / 10; i++) {
      image.setRGB(random.nextInt(width), random.nextInt(height), random.nextInt());
    }
    return encode(image, kind.name());
  }

  static byte[] gif() {
    return encode(new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_INDEXED), "GIF");
  }

  static byte[] firstHalf(byte[] file) {
    return Arrays.copyOf(file, file.length / 2);
  }

  /** A whole PNG of a few bytes that claims to be 30,000 x 30,000 pixels. */
  static byte[] bomb() {
    byte[] file = photo(Kind.PNG, 8, 8);
    ByteBuffer header = ByteBuffer.wrap(file);
    header.putInt(16, 30_000).putInt(20, 30_000);
    CRC32 crc = new CRC32();
    crc.update(file, 12, 17);
    header.putInt(29, (int) crc.getValue());
    return file;
  }

  private static byte[] encode(BufferedImage image, String format) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      if (!ImageIO.write(image, format, bytes)) {
        throw new IllegalStateException("no writer for " + format);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
