package io.rolehost.freeze;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a source asks of the process it runs in; a test gives its own. */
interface Surroundings {

  /** Returns the wall clock's time, for {@code since}. */
  Instant now();

  /** Returns a monotonic reading, for how long something lasts. */
  long nanos();

  /** Returns a system property; null = not set. */
  @Nullable String property(String key);

  /** Returns an environment variable; null = not set. */
  @Nullable String variable(String name);

  /** This process. */
  final class Here implements Surroundings {

    @Override
    public Instant now() {
      return Instant.now();
    }

    @Override
    public long nanos() {
      return System.nanoTime();
    }

    @Override
    public @Nullable String property(String key) {
      return System.getProperty(key);
    }

    @Override
    public @Nullable String variable(String name) {
      return System.getenv(name);
    }
  }
}
