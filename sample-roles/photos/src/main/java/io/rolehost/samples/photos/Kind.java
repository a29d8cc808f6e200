package io.rolehost.samples.photos;

/** The two formats that are taken. A thumbnail has the format of its photo. */
public enum Kind {
  JPEG("jpg", "image/jpeg"),
  PNG("png", "image/png");

  private final String extension;
  private final String mediaType;

  Kind(String extension, String mediaType) {
    this.extension = extension;
    this.mediaType = mediaType;
  }

  /** Returns how the names of such files end, without the dot. */
  public String extension() {
    return extension;
  }

  /** Returns the media type, as a {@code Content-Type}. */
  public String mediaType() {
    return mediaType;
  }

  static Kind ofExtension(String extension) {
    return extension.equals(PNG.extension) ? PNG : JPEG;
  }
}
