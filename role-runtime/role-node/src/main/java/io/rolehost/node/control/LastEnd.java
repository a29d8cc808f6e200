package io.rolehost.node.control;

import java.nio.file.Path;

/** What a role host wrote down about its own end. */
public final class LastEnd {

  private LastEnd() {}

  /** Returns whether the last end was one that {@code rolehost.run.on-return = stop} asks for. */
  public static boolean isByOnReturn(Path stateDir, String instanceId) {
    return false;
  }
}
