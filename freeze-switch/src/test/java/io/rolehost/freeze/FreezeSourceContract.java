package io.rolehost.freeze;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.freeze.SourceAnswer.Knowledge;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every source of freezes must do. To test one, extend this class and say how the outside
 * world of the source freezes, thaws, breaks and is repaired.
 */
public abstract class FreezeSourceContract {

  /** Far longer than any source takes: only a source that is wrong waits so long. */
  private static final long PATIENCE_SECONDS = 30;

  private FreezeSource source;

  /** For the classes that extend it. */
  protected FreezeSourceContract() {}

  /** Returns a source that was never asked; each test has a place of its own, frozen by nothing. */
  protected abstract FreezeSource open() throws Exception;

  /** Makes the place say frozen, or not, as an operator would from another process. */
  protected abstract void set(boolean frozen) throws Exception;

  /** Makes the place unreadable, while it says frozen. */
  protected abstract void breakPlace() throws Exception;

  /** Makes it readable again. */
  protected abstract void repairPlace() throws Exception;

  @BeforeEach
  void openSource() throws Exception {
    source = open();
  }

  @AfterEach
  void closeSource() {
    source.close();
  }

  @Test
  void name_asked_isAlwaysTheSame() {
    String name = source.name();
    assertFalse(name.isBlank());
    var _ = source.answer();
    assertEquals(name, source.name());
  }

  @Test
  void lastKnown_neverRead_isUnknown() throws Exception {
    set(true);
    SourceAnswer answer = source.lastKnown();
    assertInstanceOf(Knowledge.Unknown.class, answer.knowledge());
    assertEquals(List.of(), answer.freezes());
  }

  @Test
  void answer_nothingFreezes_isKnownAndEmpty() throws Exception {
    set(false);
    assertEquals(SourceAnswer.known(List.of()), source.answer());
    assertEquals(source.answer(), source.lastKnown());
  }

  @Test
  void answer_frozen_namesOneFreezeForAll() throws Exception {
    set(true);
    SourceAnswer answer = source.answer();
    assertEquals(new Knowledge.Known(), answer.knowledge());
    assertEquals(1, answer.freezes().size());
    assertEquals(new Scope.All(), answer.freezes().getFirst().scope());
    assertEquals(answer, source.lastKnown());
  }

  @Test
  void watch_freezeAndThaw_isCalledForEach() throws Exception {
    set(false);
    var _ = source.answer();
    Semaphore called = new Semaphore(0);
    try (FreezeSource.Watch _ = source.watch(called::release)) {
      set(true);
      awaitCall(called, answer -> !answer.freezes().isEmpty());
      set(false);
      awaitCall(called, answer -> answer.freezes().isEmpty());
    }
  }

  @Test
  void watch_closed_isNotCalledAgain() throws Exception {
    set(false);
    var _ = source.answer();
    AtomicInteger calls = new AtomicInteger();
    Semaphore called = new Semaphore(0);
    FreezeSource.Watch ended = source.watch(calls::incrementAndGet);
    ended.close();
    ended.close();
    try (FreezeSource.Watch _ = source.watch(called::release)) {
      set(true);
      awaitCall(called, answer -> !answer.freezes().isEmpty());
    }
    assertEquals(0, calls.get());
  }

  @Test
  void watch_oneThrows_othersAreCalled() throws Exception {
    set(false);
    var _ = source.answer();
    Semaphore called = new Semaphore(0);
    try (FreezeSource.Watch _ =
            source.watch(() -> {
              throw new IllegalStateException("by the test");
            });
        FreezeSource.Watch _ = source.watch(called::release)) {
      set(true);
      awaitCall(called, answer -> !answer.freezes().isEmpty());
    }
  }

  @Test
  void answer_placeBreaksAndIsRepaired_keepsTheFreezeAndSaysStaleSince() throws Exception {
    set(true);
    List<Freeze> before = source.answer().freezes();
    assertEquals(1, before.size());

    breakPlace();
    SourceAnswer broken = await(answer -> answer.knowledge() instanceof Knowledge.Stale);
    assertEquals(before, broken.freezes());
    Instant since = ((Knowledge.Stale) broken.knowledge()).since();
    assertTrue(broken.knowledge().problem().orElseThrow().startsWith("stale since " + since));
    assertEquals(since, ((Knowledge.Stale) source.answer().knowledge()).since());

    repairPlace();
    assertEquals(
        1, await(answer -> answer.knowledge() instanceof Knowledge.Known).freezes().size());
    set(false);
    var _ = await(answer -> answer.equals(SourceAnswer.known(List.of())));
  }

  @Test
  void close_twice_leavesTheLastAnswer() throws Exception {
    set(true);
    SourceAnswer answer = source.answer();
    source.close();
    source.close();
    assertEquals(answer, source.lastKnown());
  }

  /** Waits for an answer, asking again and again. */
  protected final SourceAnswer await(Predicate<SourceAnswer> wanted) throws InterruptedException {
    return awaitCall(new Semaphore(1), wanted);
  }

  /** The same, but it asks only when it was called. */
  private SourceAnswer awaitCall(Semaphore called, Predicate<SourceAnswer> wanted)
      throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    boolean heard = false;
    SourceAnswer answer = source.lastKnown();
    while (System.nanoTime() - end < 0) {
      heard |= called.tryAcquire(20, TimeUnit.MILLISECONDS);
      if (heard) {
        answer = source.answer();
        if (wanted.test(answer)) {
          return answer;
        }
      }
    }
    throw new AssertionError((heard ? "Called, but it says " : "Not called; it says ") + answer);
  }

  /** Returns the source under test. */
  protected final FreezeSource source() {
    return source;
  }
}
