package io.rolehost.node;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** How an order goes: told by the node's thread, heard by the one command that gave it. */
final class Course {
  static final int GOOD = 0;
  static final int FAILED = 70;

  private final String by;
  private final BlockingQueue<Said> said = new LinkedBlockingQueue<>(10_000);

  /**
   * Creates one.
   *
   * @param by who gave the order, for people
   */
  Course(String by) {
    this.by = by;
  }

  String by() {
    return by;
  }

  /**
   * A sentence.
   *
   * @param code of the end; empty if it goes on
   */
  record Said(String sentence, Optional<Integer> code) {}

  void tell(String sentence) {
    said.offer(new Said(sentence, Optional.empty())); // nobody may be listening
  }

  void end(int code, String sentence) {
    said.offer(new Said(sentence, Optional.of(code)));
  }

  /** Waits for the next sentence; empty if there is none yet. */
  Optional<Said> next(long millis) throws InterruptedException {
    return Optional.ofNullable(said.poll(millis, TimeUnit.MILLISECONDS));
  }
}
