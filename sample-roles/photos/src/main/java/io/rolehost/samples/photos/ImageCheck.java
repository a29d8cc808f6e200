package io.rolehost.samples.photos;

import io.rolehost.samples.photos.RefusedPhotoException.Why;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Tells a whole JPEG or PNG file from everything else by walking through its parts, without
 * decoding a pixel: cheap, bounded in memory, and done before a photo is accepted.
 *
 * @param maxPixels width times height
 */
record ImageCheck(long maxPixels) {
  private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final int IHDR = 0x49484452;
  private static final int IEND = 0x49454E44;

  /** Each scan of a progressive JPEG goes over all pixels again; cameras and tools write ten. */
  private static final int MAX_SCANS = 100;

  /** Returns what it is. */
  Kind inspect(Path file) throws IOException, RefusedPhotoException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 64 * 1024))) {
      in.mark(PNG_SIGNATURE.length);
      byte[] start = in.readNBytes(PNG_SIGNATURE.length);
      if (Arrays.equals(start, PNG_SIGNATURE)) {
        walkPng(in);
        return Kind.PNG;
      }
      if (start.length > 2 && start[0] == (byte) 0xFF && start[1] == (byte) 0xD8) {
        in.reset();
        in.skipNBytes(2);
        walkJpeg(in);
        return Kind.JPEG;
      }
    } catch (EOFException e) {
      throw broken("it ends too early");
    }
    throw new RefusedPhotoException(
        Why.NOT_A_PHOTO, "Neither a JPEG nor a PNG: send the bytes of such a file as the body.");
  }

  private void walkPng(DataInputStream in) throws IOException, RefusedPhotoException {
    int length = in.readInt();
    if (in.readInt() != IHDR || length != 13) {
      throw broken("its first chunk is no header");
    }
    checkPixels(in.readInt(), in.readInt());
    in.skipNBytes(length - 8 + 4);
    int type;
    do {
      length = in.readInt();
      type = in.readInt();
      if (length < 0) {
        throw broken("a chunk of it has no length");
      }
      in.skipNBytes(length + 4L);
    } while (type != IEND);
  }

  private void walkJpeg(DataInputStream in) throws IOException, RefusedPhotoException {
    boolean sized = false;
    int scans = 0;
    int marker = nextMarker(in);
    while (marker != 0xD9) {
      if (marker >= 0xD0 && marker <= 0xD7) {
        marker = nextMarker(in); // a restart: it has no length
        continue;
      }
      int length = in.readUnsignedShort() - 2;
      if (length < 0) {
        throw broken("a segment of it has no length");
      }
      if (isFrame(marker)) {
        readFrame(in, marker, length);
        sized = true;
      } else {
        in.skipNBytes(length);
      }
      if (marker == 0xDA && ++scans > MAX_SCANS) {
        throw broken("it has more than " + MAX_SCANS + " scans");
      }
      marker = nextMarker(in);
    }
    if (!sized || scans == 0) {
      throw broken("it has no picture");
    }
  }

  private void readFrame(DataInputStream in, int marker, int length)
      throws IOException, RefusedPhotoException {
    if (length < 6) {
      throw broken("its frame header is too short");
    }
    int precision = in.readUnsignedByte();
    int height = in.readUnsignedShort();
    int width = in.readUnsignedShort();
    int components = in.readUnsignedByte();
    in.skipNBytes(length - 6L);
    checkPixels(width, height);
    if (marker > 0xC2 || precision != 8 || components == 4) {
      throw broken("it is of a rare kind (CMYK, 12 bits, lossless or arithmetic): save it as RGB");
    }
  }

  /** Skips picture data, in which FF is followed by 00, and padding. */
  private static int nextMarker(DataInputStream in) throws IOException {
    int last = 0;
    int marker = in.readUnsignedByte();
    while (last != 0xFF || marker == 0xFF || marker == 0) {
      last = marker;
      marker = in.readUnsignedByte();
    }
    return marker;
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  void checkPixels(int width, int height) throws RefusedPhotoException {
    if (width < 1 || height < 1) {
      throw broken("it claims to be " + width + " x " + height + " pixels");
    }
    if ((long) width * height > maxPixels) {
      throw new RefusedPhotoException(
          Why.TOO_MANY_PIXELS,
          "The photo has " + width + " x " + height + " pixels; at most " + maxPixels + " go in.");
    }
  }

  private static RefusedPhotoException broken(String what) {
    return new RefusedPhotoException(Why.BROKEN, "The photo can't be read: " + what + ".");
  }
}
