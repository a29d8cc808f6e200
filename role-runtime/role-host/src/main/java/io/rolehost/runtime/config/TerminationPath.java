package io.rolehost.runtime.config;

import io.rolehost.runtime.config.HostSettings.Profile;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the verdict on a process is written at its end. Pure. */
final class TerminationPath {

  /** What Kubernetes mounts into each container, and reads once the container has ended. */
  private static final Path IN_KUBERNETES = Path.of("/dev/termination-log");

  private TerminationPath() {}

  /**
   * Returns the file; empty = none. Under a node it is the node's container that ends, not that of
   * one of its instances.
   *
   * @param given null if the key is not set; blank = none
   * @param problems takes what is wrong with it
   */
  static Optional<Path> of(
      @Nullable String given, Profile profile, ConfigInputs inputs, List<String> problems) {
    if (given == null) {
      return profile == Profile.KUBERNETES && !inputs.environment().containsKey("ROLEHOST_NODE")
          ? Optional.of(IN_KUBERNETES)
          : Optional.empty();
    }
    try {
      return given.isBlank()
          ? Optional.empty()
          : Optional.of(inputs.workingDirectory().resolve(given.strip()).normalize());
    } catch (InvalidPathException wrong) {
      problems.add(
          Keys.TERMINATION_MESSAGE_PATH.dotted() + ": expected a path, found '" + given + "'");
      return Optional.empty();
    }
  }

  /** Returns it where the configuration can't be read at all: by what the process was given. */
  static Optional<Path> ofOutside(ConfigInputs inputs) {
    String key = Keys.TERMINATION_MESSAGE_PATH.dotted();
    @Nullable String given = inputs.properties().get(key);
    if (given == null) {
      given = inputs.environment().get("ROLEHOST_TERMINATION_MESSAGE_PATH");
    }
    Profile profile =
        inputs.environment().containsKey("KUBERNETES_SERVICE_HOST")
            ? Profile.KUBERNETES
            : Profile.AZURE;
    return of(given, profile, inputs, new ArrayList<>());
  }
}
