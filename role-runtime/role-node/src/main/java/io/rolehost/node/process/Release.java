package io.rolehost.node.process;

import io.rolehost.node.solution.Program;
import io.rolehost.node.solution.RoleSpec;
import io.rolehost.runtime.process.BuildId;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What an instance is started from: an entry of the solution and, of a jar, the copy that was taken
 * of it.
 *
 * @param declared as the solution says it
 * @param running the same, with the copy in place of the jar
 * @param id of the jar's bytes, the first 12 digits of their SHA-256; empty if there is no copy
 */
public record Release(RoleSpec declared, RoleSpec running, String id) {

  /** A role that is started from where it lies. */
  public static Release inPlace(RoleSpec role) {
    return new Release(role, role, "");
  }

  /** Returns how it is called where people are told of it. */
  public String name() {
    return id.isEmpty() ? "as it lies" : id;
  }

  /** Returns whether a process of this one would be the same as one of the other. */
  public boolean isLike(Release other) {
    return running.hasProcessOf(other.running) && id.equals(other.id);
  }

  /** Returns whether it is what a role's jar is now, by name, size and time. */
  public boolean isNewestOf(RoleSpec role) {
    return !(role.program() instanceof Program.Jar(Path file, _, _)
        && running.program() instanceof Program.Jar(Path copy, _, _)
        && !BuildId.of(file).equals(BuildId.of(copy)));
  }

  /** Returns the jar that was copied. */
  Optional<Path> original() {
    return Releases.original(running.program());
  }
}
