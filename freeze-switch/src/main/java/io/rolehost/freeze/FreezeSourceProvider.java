package io.rolehost.freeze;

import com.typesafe.config.Config;
import java.util.Optional;

/**
 * Brings a source that needs a library of its own, such as a database. It is found by {@link
 * java.util.ServiceLoader} when its jar is on the class path, and asked when the configuration has
 * a block {@code rolehost.freeze.<name>}.
 */
public interface FreezeSourceProvider {

  /** Returns the name of its block, in lower case: {@code postgres}. */
  String name();

  /**
   * Makes the source, which reads nothing and starts nothing before it is asked.
   *
   * @param settings what the block says; a value that is null is absent
   * @return empty if the settings leave it switched off
   * @throws IllegalArgumentException if they are wrong; the message names the full key, what was
   *     expected, and no secret
   */
  Optional<FreezeSource> open(Config settings);
}
