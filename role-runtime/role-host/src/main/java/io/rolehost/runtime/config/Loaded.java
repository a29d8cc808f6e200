package io.rolehost.runtime.config;

import com.typesafe.config.Config;
import io.rolehost.runtime.config.HostSettings.AutoFreeze;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A configuration that was read and found right.
 *
 * @param config all of it, resolved: the host's keys, the user's, and the system properties
 * @param settings the host's keys, checked, with the defaults of the profile
 * @param hash 12 hexadecimal digits that tell one content from another: of every key that comes
 *     from a file or overrides one, and the order in which they are written does not count. The
 *     freeze and the number of the instance are left out, so that instances can be compared; of a
 *     secret only one byte of a digest goes in, which tells nothing about it
 * @param watchedFile absolute; the file whose changes count: {@code -Dconfig.file}, else {@code
 *     application.conf} beside the jar; empty = there is none
 * @param includedFiles absolute; what the watched file includes, and is watched as well
 * @param watchedHash of the watched file's bytes; empty text without one
 * @param notices what people should be told although it is no error, one sentence each
 * @param freezeFlag the text of {@code rolehost.freeze.enabled} in the files below the watched one;
 *     empty = not set there. Any text: one that is no boolean freezes
 * @param autoFreeze when the host freezes itself
 */
public record Loaded(
    Config config,
    HostSettings settings,
    String hash,
    Optional<Path> watchedFile,
    Set<Path> includedFiles,
    String watchedHash,
    List<String> notices,
    Optional<String> freezeFlag,
    AutoFreeze autoFreeze) {

  /** Takes copies of the collections. */
  public Loaded {
    includedFiles = Set.copyOf(includedFiles);
    notices = List.copyOf(notices);
  }

  /** Returns the same with {@link HostSettings#forTraining}. */
  public Loaded forTraining() {
    return new Loaded(
        config,
        settings.forTraining(),
        hash,
        watchedFile,
        includedFiles,
        watchedHash,
        notices,
        freezeFlag,
        autoFreeze);
  }

  /** Returns whether every key has the value it has in {@code other}. */
  public boolean hasConfigOf(Loaded other) {
    return config.equals(other.config);
  }
}
