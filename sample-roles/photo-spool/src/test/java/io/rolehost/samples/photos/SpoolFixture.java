package io.rolehost.samples.photos;

import io.rolehost.api.Instance;
import io.rolehost.samples.photos.PhotoSettings.Bound;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/** A spool folder with a clock that stands still until it is told to go on. */
final class SpoolFixture {
  static final PhotoQueue.Inspection ANYTHING = file -> Kind.PNG;

  final Path root;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  SpoolFixture(Path root) {
    this.root = root;
  }

  PhotoSettings settings(int backlog, int keep) {
    return new PhotoSettings(
        root,
        1_000_000,
        50_000_000,
        new Bound(backlog, 1L << 30),
        new Bound(keep, 1L << 30),
        Duration.ofMinutes(2),
        false,
        1,
        256,
        Duration.ofMillis(1));
  }

  Spool spool(String id, long incarnation) throws IOException {
    return spool(id, incarnation, new Disk());
  }

  Spool spool(String id, long incarnation, Disk disk) throws IOException {
    return new Spool(
        settings(100, 100), new Instance("test", "photos", id, incarnation), clock(), disk);
  }

  InstantSource clock() {
    return () -> now;
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  static String put(PhotoQueue queue, byte[] bytes) throws Exception {
    return queue.put(new ByteArrayInputStream(bytes), ANYTHING);
  }

  /** All files, as paths below the root. */
  List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
