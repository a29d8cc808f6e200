package io.rolehost.runtime.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class CloseablesTest {

  private final List<String> closed = new CopyOnWriteArrayList<>();

  @Test
  void close_someThatThrow_closesAllInReverseOrderAndThrowsTheFirst() {
    Closeables closeables = new Closeables();
    AutoCloseable _ = closeables.add(() -> closed.add("first"));
    AutoCloseable _ = closeables.add(() -> failing("second"));
    AutoCloseable _ = closeables.add(() -> failing("third"));
    IOException thrown = assertThrows(IOException.class, closeables::close);
    assertEquals("third", thrown.getMessage());
    assertEquals("second", thrown.getSuppressed()[0].getMessage());
    assertEquals(List.of("third", "second", "first"), closed);
  }

  @Test
  void close_oneThatHangs_closesTheOthersMeanwhileAndWaitsForIt() throws Exception {
    Closeables closeables = new Closeables(Duration.ofMillis(50));
    CountDownLatch othersAreClosed = new CountDownLatch(1);
    AutoCloseable _ =
        closeables.add(() -> {
          closed.add("first");
          othersAreClosed.countDown();
        });
    AutoCloseable _ =
        closeables.add(() -> {
          othersAreClosed.await();
          closed.add("hanging");
        });
    AutoCloseable _ = closeables.add(() -> closed.add("third"));
    closeables.close();
    assertEquals(List.of("third", "first", "hanging"), closed);
    assertThrows(IllegalStateException.class, () -> closeables.add(() -> closed.add("late")));
    assertEquals("late", closed.getLast());
  }

  private void failing(String name) throws IOException {
    closed.add(name);
    throw new IOException(name);
  }
}
