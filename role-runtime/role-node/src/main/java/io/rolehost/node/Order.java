package io.rolehost.node;

import io.rolehost.node.journal.OrderJournal;
import io.rolehost.node.process.Release;
import io.rolehost.node.solution.RoleSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be renewed, and to what: a restart, a deploy or a rollback.
 *
 * @param kind what was asked for
 * @param what it is, for people: {@code the deploy of web}
 * @param rollsBack whether what was changed goes back if not all comes up
 * @param settles whether the roles stay with what they have now, also over a start of the node
 * @param plan what the node goes by once it is done; empty = what it goes by already
 * @param course who is told how it goes
 */
record Order(
    OrderJournal.Kind kind,
    String what,
    List<Group> groups,
    boolean rollsBack,
    boolean settles,
    Optional<Deployments.Plan> plan,
    Course course) {

  Order {
    groups = List.copyOf(groups);
  }

  /** Instances of one role. */
  record Group(RoleSpec role, List<Target> targets) {
    Group {
      targets = List.copyOf(targets);
    }
  }

  /**
   * One instance.
   *
   * @param from what it is started from so far; empty if it is new
   */
  record Target(String instance, int number, Release to, Optional<Release> from) {}

  /** Returns the target of each instance. */
  Map<String, Target> targets() {
    Map<String, Target> all = new HashMap<>();
    groups.forEach(group -> group.targets().forEach(one -> all.put(one.instance(), one)));
    return all;
  }

  /** Returns whether it is about an instance of a role. */
  boolean isAbout(String role) {
    return groups.stream().anyMatch(group -> group.role().name().equals(role));
  }

  List<String> instances() {
    List<String> ids = new ArrayList<>();
    groups.forEach(group -> group.targets().forEach(one -> ids.add(one.instance())));
    return ids;
  }
}
