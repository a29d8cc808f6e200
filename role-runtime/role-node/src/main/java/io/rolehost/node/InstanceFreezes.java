package io.rolehost.node;

import io.rolehost.freeze.Identity;
import io.rolehost.node.machine.InstanceEvent;
import io.rolehost.node.process.Launcher;
import io.rolehost.node.process.Release;
import io.rolehost.node.process.Releases;
import io.rolehost.node.process.RoleHashes;
import java.util.List;
import java.util.Optional;

/** What freezes an instance, by what would be started of it. Used by the node's thread alone. */
final class InstanceFreezes {
  private final String deployment;
  private final Freezes freezes;
  private final Releases releases;
  private final Launcher launcher;

  InstanceFreezes(String deployment, Freezes freezes, Releases releases, Launcher launcher) {
    this.deployment = deployment;
    this.freezes = freezes;
    this.releases = releases;
    this.launcher = launcher;
  }

  /**
   * Reads what freezes an instance. One that waits for the end of an automatic freeze takes a new
   * build that ends it.
   */
  InstanceEvent.Freezes reasons(Supervised instance) {
    List<String> reasons = freezes.covering(identity(instance));
    if (!reasons.isEmpty() && !instance.life().state().isLive()) {
      Optional<Release> newer = releases.newerThan(instance.release());
      if (newer.isPresent() && freezes.covering(identity(instance, newer.get())).isEmpty()) {
        instance.take(newer.get());
        return new InstanceEvent.Freezes(List.of());
      }
    }
    return new InstanceEvent.Freezes(reasons);
  }

  /** Returns who an instance is, with what would be started of it. */
  Identity identity(Supervised instance) {
    return identity(instance, instance.release());
  }

  private Identity identity(Supervised instance, Release release) {
    RoleHashes hashes = launcher.hashesOf(release);
    return new Identity(
        deployment, instance.role().name(), instance.id(), hashes.build(), hashes.config());
  }
}
