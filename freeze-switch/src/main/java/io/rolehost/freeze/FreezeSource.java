package io.rolehost.freeze;

import java.util.Optional;

/**
 * A place that freezes come from. Any source that says frozen wins. All methods may be called from
 * any thread, and none of them throws.
 *
 * <p>A source that can't be read keeps its last known answer and says since when it is stale. One
 * that was never read says {@link SourceAnswer.Knowledge.Unknown}, and whether that freezes is its
 * own decision, taken by putting a freeze into the answer: a file that is there but can't be read
 * does, a server that can't be reached does not.
 */
public interface FreezeSource extends AutoCloseable {

  /** Returns a name for people, always the same: {@code freeze file /srv/app/freeze.conf}. */
  String name();

  /**
   * Returns the answer of this moment. A local source reads; that takes microseconds and starts no
   * thread. A network source gives what it was last told; only its first answer is waited for, and
   * for a bounded time.
   */
  SourceAnswer answer();

  /** Returns the last answer without reading anything, for probes that must never wait. */
  SourceAnswer lastKnown();

  /**
   * Calls {@code changed} each time the answer has become another, from now on until the handle is
   * closed. It is called on a thread of the source's, which all watchers share: it should only
   * signal. What it throws is swallowed.
   */
  Watch watch(Runnable changed);

  /**
   * Returns who ended a freeze that this source had; empty if that is not known, as after an edit
   * by hand. A local source reads.
   */
  default Optional<Ending> ending(String id) {
    return Optional.empty();
  }

  /** Ends all watching and gives back what the source holds; closing twice does no harm. */
  @Override
  void close();

  /** A registration that can be ended. */
  @FunctionalInterface
  interface Watch extends AutoCloseable {

    /** Ends it; doing so twice does no harm. A call that has begun may still finish. */
    @Override
    void close();
  }
}
