package io.rolehost.runtime.boot;

import io.rolehost.runtime.lifecycle.HostEvent.Caller;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which thread is inside which of the role's methods, so that a {@code System.exit} is told with
 * the method it ended.
 */
final class UserThreads {

  /** Code of the role's. */
  @FunctionalInterface
  interface UserCode<T extends @Nullable Object> {

    /** Runs it. */
    T call() throws Exception;
  }

  private final Map<Thread, Caller> inside = new ConcurrentHashMap<>();

  /** Runs {@code code} on this thread as {@code caller}. */
  <T extends @Nullable Object> T within(Caller caller, UserCode<T> code) throws Exception {
    inside.put(Thread.currentThread(), caller);
    try {
      return code.call();
    } finally {
      inside.remove(Thread.currentThread());
    }
  }

  /** Returns what {@code thread} is inside of. */
  Caller callerOf(Thread thread) {
    return inside.getOrDefault(thread, Caller.OTHER);
  }

  /** Returns a thread that is inside {@code caller}. */
  Optional<Thread> inside(Caller caller) {
    return inside.entrySet().stream()
        .filter(entry -> entry.getValue() == caller)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Returns every thread that is inside one of the role's methods. */
  Set<Thread> all() {
    return Set.copyOf(inside.keySet());
  }
}
