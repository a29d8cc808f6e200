package io.rolehost.freeze;

import io.rolehost.freeze.LastKnown.Reading;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the two sources that read a local text have in common. */
abstract sealed class TextSource implements FreezeSource permits FileSource, FlagSource {

  private final Surroundings surroundings;
  private final Object reading = new Object();
  private final Watchers watchers = new Watchers();
  private volatile LastKnown state = LastKnown.NOTHING;
  private @Nullable TextFile seen; // guarded by reading, like the next
  private @Nullable Reading understood;
  private @Nullable Watch files; // guarded by watchers, like the next
  private boolean closed;

  TextSource(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** Returns the file, absolute; null = there is none. */
  abstract @Nullable Path path();

  /** Says what the text means. */
  abstract Reading understand(TextFile found);

  /** Adds what does not come from the text. */
  abstract SourceAnswer complete(SourceAnswer fromText);

  @Override
  public final SourceAnswer answer() {
    boolean changed;
    synchronized (reading) { // readers take turns, or an older text could overwrite a newer one
      changed = take(read());
    }
    if (changed) {
      watchers.tell(name());
    }
    return lastKnown();
  }

  @Override
  public final SourceAnswer lastKnown() {
    return complete(state.answer());
  }

  @Override
  public final Watch watch(Runnable changed) {
    Watch handle = watchers.add(changed);
    synchronized (watchers) {
      Path path = path();
      if (path != null && files == null && !closed) {
        files = PathWatch.add(path, this::check);
      }
    }
    return () -> {
      handle.close();
      if (watchers.isEmpty()) {
        stopWatching();
      }
    };
  }

  @Override
  public final void close() {
    synchronized (watchers) {
      closed = true;
    }
    watchers.clear();
    stopWatching();
  }

  /** Takes in a text whose truth needs no second look, because it was just written. */
  final void wrote(List<Freeze> freezes) {
    boolean changed;
    synchronized (reading) {
      changed = take(new Reading.Success(freezes, true));
    }
    if (changed) {
      watchers.tell(name());
    }
  }

  /** Returns the freezes that the last look at the text left in force. */
  final List<Freeze> fromText() {
    return state.answer().freezes();
  }

  private long check() {
    var _ = answer();
    return state.nanosToNext(surroundings.nanos());
  }

  /** Looks at the file, and thinks about it only if it is not as it was. */
  private Reading read() {
    Path path = path();
    TextFile found = path == null ? new TextFile.Absent() : TextFile.read(path);
    Reading known = understood;
    if (known == null || seen == null || !TextFile.same(found, seen)) {
      known = understand(found);
      seen = found;
      understood = known;
    }
    return known;
  }

  private boolean take(Reading found) {
    LastKnown before = state;
    state = before.next(found, surroundings.now(), surroundings.nanos());
    return !watchers.isEmpty() && !sameWords(state.answer(), before.answer());
  }

  /** Not by equals: the JVM makes that of a record at its first call, in every start of a role. */
  private static boolean sameWords(SourceAnswer one, SourceAnswer other) {
    return one.freezes().equals(other.freezes())
        && one.knowledge().problem().equals(other.knowledge().problem());
  }

  private void stopWatching() {
    Watch ending;
    synchronized (watchers) {
      if (!watchers.isEmpty()) {
        return;
      }
      ending = files;
      files = null;
    }
    if (ending != null) {
      ending.close();
    }
  }
}
