package io.rolehost.samples.photos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.jobs.FileEvent;
import io.rolehost.jobs.JobContext;
import io.rolehost.jobs.JobHandler;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.PermanentJobException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Makes a photo of each file in the watched folder, and removes the file. A second attempt finds
 * what the first has done, because the photo's id follows from the file's path, size and time. What
 * is no photo stays where it is, and its job is a dead letter that says why.
 */
record Inbox(PhotoStore store) implements JobHandler<FileEvent> {

  @Override
  public void handle(FileEvent file, JobContext job) throws Exception {
    String id = id(file);
    Optional<PhotoStore.Original> photo = store.original(id);
    if (photo.isEmpty() && !put(id, file)) {
      return; // somebody took the file away
    }
    // As one with the end of this attempt.
    JobId _ = job.send(Thumbnails.QUEUE, new PhotoAdded(id)).id(new JobId(id)).tracked().submit();
    boolean _ = Files.deleteIfExists(file.path());
  }

  private boolean put(String id, FileEvent file) throws IOException, PermanentJobException {
    try (InputStream content = Files.newInputStream(file.path())) {
      var _ = store.put(id, content);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (RefusedPhotoException e) {
      throw new PermanentJobException(file.path() + " is not taken: " + e.getMessage(), e);
    }
  }

  /** As {@link PhotoStore#newId}: in the order of the files' times. */
  private static String id(FileEvent file) {
    try {
      byte[] version = (file.path() + "\n" + file.size() + "\n" + file.modified()).getBytes(UTF_8);
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(version);
      return "%012x".formatted(file.modified().toEpochMilli() & 0xffff_ffff_ffffL)
          + HexFormat.of().formatHex(hash, 0, 10);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
