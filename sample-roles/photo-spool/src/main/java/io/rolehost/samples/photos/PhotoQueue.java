package io.rolehost.samples.photos;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The way from the web to the workers. A photo that {@link #put} returned for is delivered at least
 * once and ends as done or failed, whichever processes die in between. Every method may be called
 * from any thread.
 */
public interface PhotoQueue {

  /** How often a photo is tried; the last failure makes it {@link Photo.State#FAILED}. */
  int MAX_ATTEMPTS = 5;

  /**
   * Takes a photo in. When this returns it is on disk and survives a loss of power; when it throws,
   * nothing is left of it.
   *
   * @param photo read to its end, but no further than the limit
   * @return the id to {@link #find} it by: 32 hexadecimal digits
   * @throws RefusedPhotoException if it is empty or too large, or the inspection refuses it
   * @throws SpoolFullException if no more photos are taken for now
   * @throws IOException what {@code photo} throws
   */
  String put(InputStream photo, Inspection inspection) throws IOException, RefusedPhotoException;

  /** Takes the oldest photo that is due, or none. Nobody else gets it until the lease is over. */
  Optional<Claim> claim() throws IOException;

  /** Returns what is known of a photo, or empty if there is none of that id. */
  Optional<Photo> find(String id) throws IOException;

  /**
   * Takes back what dead processes held, and forgets the oldest photos past the limit. To be called
   * now and then by each worker.
   */
  void sweep() throws IOException;

  /**
   * Tries whether a photo could be stored.
   *
   * @throws IOException if not
   */
  void probe() throws IOException;

  /** Judges a whole file before it is accepted. */
  @FunctionalInterface
  interface Inspection {
    /** Returns what it is. */
    Kind inspect(Path file) throws IOException, RefusedPhotoException;
  }

  /**
   * A photo in the hands of one task, which ends it by one of {@link #done}, {@link #retry} and
   * {@link #giveBack}. If the lease was over meanwhile these three do nothing.
   */
  interface Claim {
    /** Returns the photo's id. */
    String id();

    /** Returns the photo's format. */
    Kind kind();

    /** Returns which attempt this is: 1, 2, … */
    int attempt();

    /** Returns the photo itself; to be read only. */
    Path photo();

    /** Starts the lease anew; called between the steps of the work. */
    void renew() throws IOException;

    /** Publishes the thumbnail and ends the photo. */
    void done(byte[] thumbnail) throws IOException;

    /** The attempt failed: try again after a pause, or give up if it was the last. */
    void retry(String reason) throws IOException;

    /** Leaves the photo to somebody else; the attempt does not count. */
    void giveBack() throws IOException;
  }
}
