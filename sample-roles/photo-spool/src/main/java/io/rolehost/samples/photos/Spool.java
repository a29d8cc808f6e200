package io.rolehost.samples.photos;

import static io.rolehost.samples.photos.Photo.State.DONE;
import static io.rolehost.samples.photos.Photo.State.FAILED;
import static io.rolehost.samples.photos.Photo.State.WAITING;
import static io.rolehost.samples.photos.Photo.State.WORKING;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.api.Instance;
import io.rolehost.samples.photos.Photo.State;
import io.rolehost.samples.photos.RefusedPhotoException.Why;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The queue as a folder that processes share. Where a photo stands is which folder its file is in,
 * so each transition is one rename: it happened or it did not. The name carries the rest ({@link
 * SpoolName}); the file's time says when it is due (waiting) or was last worked on (working).
 */
public final class Spool implements PhotoQueue {
  private final PhotoSettings settings;
  private final SpoolFolders folders;
  private final String claimant;
  private final InstantSource clock;
  private final Disk disk;

  /** Opens the spool and takes back what earlier incarnations of the instance held. */
  public Spool(PhotoSettings settings, Instance instance, InstantSource clock) throws IOException {
    this(settings, instance, clock, new Disk());
  }

  Spool(PhotoSettings settings, Instance instance, InstantSource clock, Disk disk)
      throws IOException {
    this.settings = settings;
    this.folders = new SpoolFolders(settings.spool());
    this.claimant = SpoolName.claimant(instance);
    this.clock = clock;
    this.disk = disk;
    folders.create();
    takeBack(true);
  }

  @Override
  public String put(InputStream photo, Inspection inspection)
      throws IOException, RefusedPhotoException {
    if (folders.isFull(settings.backlog())) {
      throw new SpoolFullException("As many photos wait as may: " + settings.backlog());
    }
    String random = UUID.randomUUID().toString().replace("-", "").substring(12);
    String id = "%012x%s".formatted(clock.millis(), random);
    Path part = new SpoolName(id, 0, claimant, Kind.JPEG).at(folders.incoming());
    try {
      long bytes = disk.write(part, photo, settings.maxUpload());
      if (bytes == 0) {
        throw new RefusedPhotoException(Why.EMPTY, "The photo is empty: 0 bytes arrived.");
      } else if (bytes > settings.maxUpload()) {
        String limit = "A photo may have at most " + settings.maxUpload() + " bytes.";
        throw new RefusedPhotoException(Why.TOO_MANY_BYTES, limit);
      }
      SpoolName accepted = new SpoolName(id, 0, "", inspection.inspect(part));
      disk.touch(part, clock.instant());
      disk.move(part, accepted.at(folders.of(WAITING)));
      disk.syncFolder(folders.of(WAITING));
      return id;
    } finally {
      disk.delete(part);
    }
  }

  @Override
  public Optional<Claim> claim() throws IOException {
    Instant now = clock.instant();
    for (SpoolName name : SpoolName.in(folders.of(WAITING))) {
      Path waiting = name.at(folders.of(WAITING));
      SpoolName claimed = name.claimedBy(claimant);
      try {
        if (!Disk.changed(waiting).isAfter(now)) {
          disk.touch(waiting, now); // before the rename: a claim is never born expired
          disk.move(waiting, claimed.at(folders.of(WORKING)));
          return Optional.of(new SpoolClaim(this, claimed, claimed.at(folders.of(WORKING))));
        }
      } catch (NoSuchFileException e) {
        // another claimant was faster
      }
    }
    return Optional.empty();
  }

  @Override
  public Optional<Photo> find(String id) throws IOException {
    return folders.find(id);
  }

  @Override
  public void sweep() throws IOException {
    takeBack(false);
    for (State state : List.of(DONE, FAILED)) {
      for (SpoolName name : folders.surplus(state, settings.keep())) {
        disk.delete(folders.thumbnail(name));
        disk.delete(folders.reason(name.id()));
        disk.delete(name.at(folders.of(state))); // last: a sweep that dies before is done again
      }
    }
  }

  @Override
  public void probe() throws IOException {
    Path probe = new SpoolName("0".repeat(32), 0, claimant, Kind.JPEG).at(folders.incoming());
    Files.writeString(probe, "Written to see whether a photo could be stored.");
    Files.delete(probe);
  }

  /** At the start what is this instance's, later what was silent for longer than the lease. */
  private void takeBack(boolean start) throws IOException {
    Instant silent = clock.instant().minus(settings.lease());
    for (Path folder : List.of(folders.incoming(), folders.of(WORKING))) {
      for (SpoolName name : SpoolName.in(folder)) {
        Path file = name.at(folder);
        try {
          if (start ? name.isOfInstanceOf(claimant) : Disk.changed(file).isBefore(silent)) {
            if (folder.equals(folders.incoming())) {
              disk.delete(file);
            } else {
              release(name, "The process that worked on it ended or hung.", Duration.ZERO);
            }
          }
        } catch (NoSuchFileException e) {
          // it went on by itself, or another process swept it
        }
      }
    }
  }

  void release(SpoolName name, String reason, Duration pause) throws IOException {
    Path working = name.at(folders.of(WORKING));
    disk.touch(working, clock.instant().plus(pause)); // also finds out whether we still hold it
    if (name.attempts() < MAX_ATTEMPTS) {
      disk.move(working, name.released(name.attempts()).at(folders.of(WAITING)));
      return;
    }
    if (!Files.exists(folders.reason(name.id()))) {
      publish(name, reason.getBytes(UTF_8), folders.reason(name.id()));
    }
    end(name, FAILED);
  }

  /** Shows a file under its name only once it is whole and on disk. */
  private void publish(SpoolName name, byte[] content, Path file) throws IOException {
    Path part = name.at(folders.incoming());
    try {
      disk.write(part, new ByteArrayInputStream(content), content.length);
      disk.move(part, file);
      disk.syncFolder(file.resolveSibling("."));
    } finally {
      disk.delete(part);
    }
  }

  private void end(SpoolName name, State state) throws IOException {
    disk.move(name.at(folders.of(WORKING)), name.released(name.attempts()).at(folders.of(state)));
    disk.syncFolder(folders.of(state));
  }

  /** Publishes the thumbnail, then ends the photo: done means that the thumbnail is there. */
  void done(SpoolName name, byte[] thumbnail) throws IOException {
    renew(name);
    publish(name, thumbnail, folders.thumbnail(name));
    end(name, DONE);
  }

  void renew(SpoolName name) throws IOException {
    disk.touch(name.at(folders.of(WORKING)), clock.instant());
  }

  void giveBack(SpoolName name) throws IOException {
    disk.move(
        name.at(folders.of(WORKING)), name.released(name.attempts() - 1).at(folders.of(WAITING)));
  }
}
