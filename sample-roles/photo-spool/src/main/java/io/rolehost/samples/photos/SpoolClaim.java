package io.rolehost.samples.photos;

import io.rolehost.samples.photos.PhotoQueue.Claim;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/** A photo in the hands of one task. The claim is lost when its file is gone from where it was. */
record SpoolClaim(Spool spool, SpoolName name, Path photo) implements Claim {
  private static final System.Logger LOG = System.getLogger(SpoolClaim.class.getName());

  @Override
  public String id() {
    return name.id();
  }

  @Override
  public Kind kind() {
    return name.kind();
  }

  @Override
  public int attempt() {
    return name.attempts();
  }

  @Override
  public void renew() throws IOException {
    spool.renew(name);
  }

  @Override
  public void done(byte[] thumbnail) throws IOException {
    unlessLost(() -> spool.done(name, thumbnail));
  }

  @Override
  public void retry(String reason) throws IOException {
    Duration pause = Duration.ofSeconds(1L << (attempt() - 1));
    unlessLost(() -> spool.release(name, reason, pause));
  }

  @Override
  public void giveBack() throws IOException {
    unlessLost(() -> spool.giveBack(name));
  }

  private void unlessLost(Ending ending) throws IOException {
    try {
      ending.run();
    } catch (NoSuchFileException e) {
      LOG.log(Level.INFO, "Photo {0} was given to another task: {1}", id(), e.getMessage());
    }
  }

  private interface Ending {
    void run() throws IOException;
  }
}
