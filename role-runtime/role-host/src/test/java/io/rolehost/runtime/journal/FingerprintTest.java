package io.rolehost.runtime.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class FingerprintTest {

  @Test
  void of_roleCodeBetweenJdkAndHost_keepsTheRolesMethods() {
    Exception thrown =
        thrown(
            "java.util.Objects.requireNonNull",
            "com.acme.Resizer.lambda$resize$12",
            "com.acme.Photos$$Lambda/0x0000.call",
            "java.util.concurrent.FutureTask.run",
            "io.rolehost.runtime.supervision.TaskThread.run");
    assertEquals(
        new Fingerprint(
            "java.lang.IllegalStateException",
            "resize",
            List.of("com.acme.Resizer.lambda$resize", "com.acme.Photos$$Lambda.call")),
        Fingerprint.of(thrown, "resize"));
  }

  @Test
  void of_wrappedException_takesFramesOfTheRootCause() {
    Exception wrapped = new RuntimeException(thrown("com.acme.A.a"));
    assertEquals(
        new Fingerprint(
            "java.lang.RuntimeException caused by java.lang.IllegalStateException",
            "",
            List.of("com.acme.A.a")),
        Fingerprint.of(wrapped, ""));
  }

  @Test
  void of_recursion_doesNotDependOnItsDepth() {
    Stream<String> deep = Stream.generate(() -> "com.acme.A.a").limit(900);
    assertEquals(
        Fingerprint.of(thrown("com.acme.A.a", "com.acme.B.b"), "").id(),
        Fingerprint.of(
                thrown(Stream.concat(deep, Stream.of("com.acme.B.b")).toArray(String[]::new)), "")
            .id());
  }

  @Test
  void of_causesInARing_ends() {
    Exception one = new IllegalStateException("one");
    Exception other = new IllegalArgumentException("other", one);
    Throwable _ = one.initCause(other);
    assertEquals("t", Fingerprint.of(one, "t").task());
  }

  @Test
  void id_otherTaskOrReason_differs() {
    String id = Fingerprint.of(thrown("com.acme.A.a"), "resize").id();
    assertEquals(12, id.length());
    assertEquals(id, Fingerprint.of(thrown("com.acme.A.a"), "resize").id());
    assertNotEquals(id, Fingerprint.of(thrown("com.acme.A.a"), "mail").id());
    assertNotEquals(id, Fingerprint.ofReason("HANG", "resize").id());
  }

  private static Exception thrown(String... methods) {
    Exception thrown = new IllegalStateException("message 4711");
    int line = 1;
    StackTraceElement[] trace = new StackTraceElement[methods.length];
    for (int i = 0; i < methods.length; i++) {
      int dot = methods[i].lastIndexOf('.');
      trace[i] =
          new StackTraceElement(
              methods[i].substring(0, dot), methods[i].substring(dot + 1), "F.java", line++);
    }
    thrown.setStackTrace(trace);
    return thrown;
  }
}
