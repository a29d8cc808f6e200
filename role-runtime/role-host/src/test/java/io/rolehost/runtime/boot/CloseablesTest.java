package io.rolehost.runtime.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
  private final List<String> told = new CopyOnWriteArrayList<>();

  @Test
  void close_someThatThrow_closesAllInReverseOrderAndThrowsTheFirst() {
    Closeables closeables = new Closeables(Duration.ofSeconds(5), System::nanoTime, this::told);
    AutoCloseable _ = closeables.add(() -> closed.add("first"));
    AutoCloseable _ = closeables.add(() -> failing("second"));
    AutoCloseable _ = closeables.add(() -> failing("third"));
    IOException thrown = assertThrows(IOException.class, closeables::close);
    assertEquals("third", thrown.getMessage());
    assertEquals("second", thrown.getSuppressed()[0].getMessage());
    assertEquals(List.of("third", "second", "first"), closed);
    assertEquals(3, told.size());
    assertEquals("io.rolehost.runtime.boot.CloseablesTest (lambda)", told.getFirst());
  }

  @Test
  void close_oneThatHangs_closesTheOthersMeanwhileAndWaitsForIt() throws Exception {
    Closeables closeables = new Closeables(Duration.ofMillis(50), System::nanoTime, this::told);
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

  private void told(String resource, Duration took) {
    assertFalse(took.isNegative());
    told.add(resource);
  }

  private void failing(String name) throws IOException {
    closed.add(name);
    throw new IOException(name);
  }
}
