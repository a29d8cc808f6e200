package io.rolehost.runtime.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class CancelTokenTest {

  private final CancelToken token = new CancelToken();
  private final List<String> ran = new ArrayList<>();

  @Test
  void cancel_twice_runsEachActionOnceAndLateOnesAtOnce() throws Exception {
    token.onStop(() -> {
      ran.add("first");
      throw new IllegalStateException("planned");
    });
    token.onStop(() -> ran.add("second"));
    assertFalse(token.await(Duration.ofMillis(1)));

    token.cancel();
    token.cancel();
    token.onStop(() -> ran.add("late"));

    assertEquals(List.of("first", "second", "late"), ran);
    assertTrue(token.await(Duration.ofSeconds(Long.MAX_VALUE)));
    token.await();
  }

  @Test
  void cancel_parent_cancelsChildrenBeforeAnyActionRuns() {
    CancelToken child = token.child().child();
    token.onStop(() -> ran.add("child cancelled: " + child.isStopRequested()));
    child.onStop(() -> ran.add("child"));

    token.cancel();

    assertEquals(List.of("child cancelled: true", "child"), ran);
    assertTrue(token.child().isStopRequested());
  }

  @Test
  void child_closedOrCancelled_isForgottenByItsParent() {
    CancelToken closed = token.child();
    closed.close();
    CancelToken cancelled = token.child();
    cancelled.cancel();

    assertEquals(0, token.children());
    token.cancel();
    assertFalse(closed.isStopRequested());
  }

  @Test
  void onStop_inALoop_isRefusedWithAdvice() {
    for (int i = 0; i < CancelToken.MAX_ACTIONS; i++) {
      token.onStop(() -> {});
    }
    IllegalStateException thrown =
        assertThrows(IllegalStateException.class, () -> token.onStop(() -> {}));
    assertTrue(thrown.toString().contains("outside of the loop"), thrown.getMessage());
  }

  @Test
  void onStop_whileCancelling_runsEveryActionExactlyOnce() throws Exception {
    for (int round = 0; round < 200; round++) {
      CancelToken raced = new CancelToken();
      AtomicInteger runs = new AtomicInteger();
      CountDownLatch go = new CountDownLatch(1);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        threads.add(
            Thread.ofVirtual()
                .start(() -> {
                  try {
                    go.await();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                  raced.onStop(runs::incrementAndGet);
                }));
      }
      threads.add(Thread.ofVirtual().start(raced::cancel));
      go.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(4, runs.get());
    }
  }
}
