package io.rolehost.samples.photos;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;

/**
 * Makes one thumbnail. What the camera says about its orientation is not looked at.
 *
 * @param size the longer side of a thumbnail in pixels; a smaller photo stays as it is
 */
record Scaler(int size, ImageCheck check) {

  static {
    // Before the first class of AWT: a server has no screen, and the heap is the only scratch
    // space.
    System.setProperty("java.awt.headless", "true");
    ImageIO.setUseCache(false);
  }

  /**
   * Returns the bytes of the thumbnail, in the photo's format.
   *
   * @throws IOException if the photo can't be decoded
   */
  byte[] thumbnail(Path photo, Kind kind) throws IOException, RefusedPhotoException {
    BufferedImage whole = read(photo, kind);
    double factor = Math.min(1, (double) size / Math.max(whole.getWidth(), whole.getHeight()));
    int width = Math.max(1, (int) Math.round(whole.getWidth() * factor));
    int height = Math.max(1, (int) Math.round(whole.getHeight() * factor));
    int type = kind == Kind.PNG ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB;
    BufferedImage small = new BufferedImage(width, height, type);
    Graphics2D graphics = small.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(whole, 0, 0, width, height, null);
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!ImageIO.write(small, format(kind), bytes)) {
      throw new IIOException("This JVM has no writer for " + kind);
    }
    return bytes.toByteArray();
  }

  /** Keeps about twice as many pixels as are needed, and never has the others in memory. */
  private BufferedImage read(Path photo, Kind kind) throws IOException, RefusedPhotoException {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format(kind));
    if (!readers.hasNext()) {
      throw new IIOException("This JVM has no reader for " + kind);
    }
    ImageReader reader = readers.next();
    try (FileImageInputStream in = new FileImageInputStream(photo.toFile())) {
      reader.setInput(in, true, true);
      check.checkPixels(reader.getWidth(0), reader.getHeight(0));
      int step = Math.max(1, Math.max(reader.getWidth(0), reader.getHeight(0)) / (2 * size));
      ImageReadParam sparse = reader.getDefaultReadParam();
      sparse.setSourceSubsampling(step, step, 0, 0);
      return reader.read(0, sparse);
    } catch (RuntimeException e) {
      throw new IIOException("The photo can't be decoded: " + e, e); // what broken files lead to
    } finally {
      reader.dispose();
    }
  }

  private static String format(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
