package io.rolehost.freeze;

import io.rolehost.freeze.LastKnown.Reading;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The freeze file, {@code <state-dir>/freeze.conf}. A missing file freezes nothing. One that is
 * there and was never read, because it is empty, unreadable or not a list of freezes, freezes
 * everything that reads it, and says why; one that was read before keeps its last answer.
 */
public final class FileSource extends TextSource implements FreezeStore {

  private final Path file;
  private final String name;
  private final Surroundings surroundings;

  /** A source that reads {@code file}; neither it nor its folder needs to exist. */
  public FileSource(Path file) {
    this(file, new Surroundings.Here());
  }

  FileSource(Path file, Surroundings surroundings) {
    super(surroundings);
    this.file = file.toAbsolutePath();
    this.name = "freeze file " + this.file;
    this.surroundings = surroundings;
  }

  /** Returns the file, absolute. */
  public Path file() {
    return file;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Freeze> change(UnaryOperator<List<Freeze>> change) throws IOException {
    return change(change, "");
  }

  @Override
  public List<Freeze> change(UnaryOperator<List<Freeze>> change, String by) throws IOException {
    List<Freeze> stored = new FreezeFile(file).change(change, by, surroundings.now());
    wrote(stored);
    return stored;
  }

  @Override
  public Optional<Ending> ending(String id) {
    return TextFile.read(file) instanceof TextFile.Text read
        ? FreezeText.endings(read.text()).stream().filter(end -> end.id().equals(id)).findFirst()
        : Optional.empty();
  }

  @Override
  Path path() {
    return file;
  }

  @Override
  Reading understand(TextFile found) {
    if (found instanceof TextFile.Text read) {
      try {
        String where = String.valueOf(file.getFileName());
        // Half a file has no closing bracket, so what can be read was written to its end.
        return new Reading.Success(FreezeText.read(read.text(), read.modified(), where), true);
      } catch (IllegalArgumentException wrong) {
        return failure(String.valueOf(wrong.getMessage()), read.modified());
      }
    }
    return found instanceof TextFile.Unreadable unreadable
        ? failure(unreadable.problem(), unreadable.modified())
        : new Reading.Success(List.of(), false);
  }

  @Override
  SourceAnswer complete(SourceAnswer fromText) {
    return fromText;
  }

  private Reading failure(String problem, Instant modified) {
    String said = file + " can't be read: " + problem;
    return new Reading.Failure(
        said,
        List.of(
            Freeze.of(
                "unreadable",
                new Scope.All(),
                file.toString(),
                said + ". It may hold a freeze, so nothing starts; repair or delete it",
                modified)));
  }
}
