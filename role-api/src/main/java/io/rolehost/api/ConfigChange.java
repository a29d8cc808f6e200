package io.rolehost.api;

import com.typesafe.config.Config;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is different between two configurations. There is one change per content: saving the same
 * text twice is no change.
 *
 * @param before the configuration in force until now
 * @param after the configuration that was found
 * @param keys what differs, sorted by path; never empty
 */
public record ConfigChange(Config before, Config after, List<Key> keys) {

  /** Takes a copy of the list. */
  public ConfigChange {
    keys = List.copyOf(keys);
  }

  /** Returns whether anything at or below {@code path} differs. */
  public boolean affects(String path) {
    return keys.stream().anyMatch(k -> k.path().equals(path) || k.path().startsWith(path + "."));
  }

  /**
   * One key that differs.
   *
   * @param path the full path, for instance {@code photos.thumbnail.width}
   * @param before the old value as HOCON; null if the key is new
   * @param after the new value as HOCON; null if the key is gone
   */
  public record Key(String path, @Nullable String before, @Nullable String after) {}
}
