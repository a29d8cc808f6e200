package io.rolehost.freeze.command;

import java.nio.file.Path;
import java.util.List;

/** Finds the instances that use a state directory, and asks each how it is. */
@FunctionalInterface
public interface Fleet {

  /**
   * Looks once. Takes a second or so for each instance that does not answer.
   *
   * @param stateDir need not exist
   */
  List<Sighting> look(Path stateDir);
}
