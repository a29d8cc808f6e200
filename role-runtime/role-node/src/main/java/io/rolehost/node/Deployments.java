package io.rolehost.node;

import io.rolehost.node.deploy.Scaling;
import io.rolehost.node.journal.OrderJournal;
import io.rolehost.node.machine.InstanceState;
import io.rolehost.node.machine.RoleOrder;
import io.rolehost.node.process.Release;
import io.rolehost.node.process.Releases;
import io.rolehost.node.solution.Program;
import io.rolehost.node.solution.RoleSpec;
import io.rolehost.node.solution.Solution;
import io.rolehost.node.solution.SolutionProblems;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns what an operator asks for into orders for the node: reads the solution again, takes copies
 * of jars, and refuses what can't be done. For any thread; the doing is the node's thread's.
 */
final class Deployments {
  private static final int USAGE = 64;
  private static final int TRY_AGAIN = 75;
  private static final int CONFIGURATION = 78;

  /** Reads the solution as it is now. */
  @FunctionalInterface
  interface Reader {

    /** Reads it; the problems are all that is wrong. */
    Solution read() throws SolutionProblems;
  }

  /** Something that is not done; the message is for a person. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final int code;

    Refused(int code, String message) {
      super(message);
      this.code = code;
    }

    /** Returns what a command exits with. */
    int code() {
      return code;
    }
  }

  /**
   * What a deploy would do.
   *
   * @param solution what the node would run from then on
   * @param roles which it is about: they have what the solution says from then on, also in number
   * @param groups what would be renewed or started
   * @param adopted what goes on as it is and is only counted to another entry of the solution
   * @param leaving the instances that would go for good, those with the highest number first
   * @param lines the same, for people
   */
  record Plan(
      Solution solution,
      Set<String> roles,
      List<Order.Group> groups,
      Map<String, Release> adopted,
      List<String> leaving,
      List<String> lines) {
    Plan {
      roles = Set.copyOf(roles);
      groups = List.copyOf(groups);
      adopted = Map.copyOf(adopted);
      leaving = List.copyOf(leaving);
      lines = List.copyOf(lines);
    }
  }

  private final Node node;
  private final Releases releases;
  private final Reader reader;

  Deployments(Node node, Releases releases, Reader reader) {
    this.node = node;
    this.releases = releases;
    this.reader = reader;
  }

  /**
   * Asks for new processes: of a role one after another, by the newest build.
   *
   * @param target an instance, or a role for all of its instances
   * @return the ids of the instances
   */
  List<String> restart(String target, Course course) throws Refused {
    List<Supervised> chosen = new ArrayList<>();
    for (Supervised instance : node.instances()) {
      if (instance.role().name().equals(target) || instance.id().equals(target)) {
        chosen.add(instance);
      }
    }
    if (chosen.isEmpty()) {
      throw new Refused(USAGE, unknown(target));
    }
    RoleSpec role = chosen.getFirst().release().declared();
    Release newest = newestOr(chosen.getFirst().release(), course);
    Order order =
        new Order(
            OrderJournal.Kind.RESTART,
            "the restart of " + target,
            List.of(group(role, chosen, newest)),
            false,
            true,
            Optional.empty(),
            course);
    give(order);
    return order.instances();
  }

  /** Returns how many unclean ends in a row instances have, those that have none left out. */
  Map<String, Object> failures(List<String> ids) {
    Map<String, Object> failures = new LinkedHashMap<>();
    for (Supervised instance : node.instances()) {
      if (ids.contains(instance.id()) && instance.life().failures() > 0) {
        failures.put(instance.id(), instance.life().failures());
      }
    }
    return failures;
  }

  /**
   * Returns what a deploy would do.
   *
   * @param roles which; none = all
   * @param jar in place of the one that the solution names; needs exactly one role
   */
  Plan plan(List<String> roles, Optional<Path> jar) throws Refused {
    Solution before = node.solution();
    Solution read = read();
    if (!read.node().equals(before.node())) {
      throw new Refused(
          CONFIGURATION,
          "The rolehost block of the solution is about the node itself and has changed: it counts"
              + " from the next  rolehost up . Nothing was changed.");
    }
    for (String name : roles) {
      if (role(read, name).isEmpty() && role(before, name).isEmpty()) {
        throw new Refused(USAGE, "the solution has no role '" + name + "'");
      }
    }
    if (jar.isPresent() && roles.size() != 1) {
      throw new Refused(USAGE, "--jar needs the name of the one role that it is of");
    }
    Map<String, RoleSpec> after = new LinkedHashMap<>();
    for (RoleSpec role : read.roles()) {
      if (roles.isEmpty() || roles.contains(role.name())) {
        after.put(role.name(), role);
      } else {
        role(before, role.name()).ifPresent(same -> after.put(same.name(), same));
      }
    }
    for (RoleSpec role : before.roles()) {
      if (!roles.isEmpty() && !roles.contains(role.name())) {
        after.putIfAbsent(role.name(), role);
      }
    }
    return plan(
        new Solution(before.file(), before.node(), List.copyOf(after.values()), read.swap()),
        roles,
        jar);
  }

  private Plan plan(Solution after, List<String> named, Optional<Path> jar) throws Refused {
    List<Order.Group> groups = new ArrayList<>();
    Map<String, Release> adopted = new HashMap<>();
    List<String> leaving = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    RoleOrder order = order(after);
    if (!order.circle().isEmpty()) {
      throw new Refused(
          CONFIGURATION,
          "With only these roles from the solution, roles would wait for each other: "
              + String.join(", ", order.circle())
              + ". Deploy all. Nothing was changed.");
    }
    // Who is needed goes first, so that nobody who is new waits for one whose turn comes later.
    for (RoleSpec role : sorted(after, order)) {
      if (!named.isEmpty() && !named.contains(role.name())) {
        continue;
      }
      Release release =
          copied(
              () ->
                  role.program() instanceof Program.Jar program
                      ? releases.of(role, jar.orElse(program.file()))
                      : releases.newest(role),
              role);
      plan(role, release, groups, adopted, leaving, lines);
    }
    for (RoleSpec gone : sorted(node.solution(), order(node.solution())).reversed()) {
      if (role(after, gone.name()).isEmpty()) {
        List<String> ids =
            node.instances().stream()
                .filter(instance -> instance.role().name().equals(gone.name()))
                .sorted(Comparator.comparingInt(Supervised::number).reversed())
                .map(Supervised::id)
                .toList();
        leaving.addAll(ids);
        lines.add(gone.name() + ": is not in the solution any more, leaving: " + ids);
      }
    }
    Set<String> about = new HashSet<>(named);
    if (named.isEmpty()) {
      after.roles().forEach(role -> about.add(role.name()));
    }
    return new Plan(after, about, groups, adopted, leaving, lines);
  }

  private static RoleOrder order(Solution solution) {
    Map<String, List<String>> dependsOn = new HashMap<>();
    solution.roles().forEach(role -> dependsOn.put(role.name(), role.dependsOn()));
    return new RoleOrder(dependsOn);
  }

  private static List<RoleSpec> sorted(Solution solution, RoleOrder order) {
    return order.sorted(solution.roles().stream().map(RoleSpec::name).toList()).stream()
        .flatMap(name -> role(solution, name).stream())
        .toList();
  }

  private void plan(
      RoleSpec role,
      Release release,
      List<Order.Group> groups,
      Map<String, Release> adopted,
      List<String> leaving,
      List<String> lines) {
    Map<Integer, Supervised> present = new LinkedHashMap<>();
    node.instances().stream()
        .filter(instance -> instance.role().name().equals(role.name()))
        .forEach(instance -> present.put(instance.number(), instance));
    List<Order.Target> targets = new ArrayList<>();
    List<String> added = new ArrayList<>();
    String was = "";
    int renewed = 0;
    boolean otherwise = false; // what the node alone goes by
    for (int n = 0; n < role.instances(); n++) {
      @Nullable Supervised instance = present.remove(n);
      if (instance == null) {
        added.add(role.instanceId(n));
        targets.add(new Order.Target(role.instanceId(n), n, release, Optional.empty()));
      } else if (!instance.release().isLike(release)
          && !(instance.life().state() instanceof InstanceState.Stopped)) {
        was = instance.release().name();
        renewed++;
        targets.add(new Order.Target(instance.id(), n, release, Optional.of(instance.release())));
      } else {
        otherwise |= !instance.release().declared().equals(role);
        adopted.put(instance.id(), release);
      }
    }
    List<String> surplus =
        present.values().stream()
            .sorted(Comparator.comparingInt(Supervised::number).reversed())
            .map(Supervised::id)
            .toList();
    leaving.addAll(surplus);
    if (renewed > 0) {
      lines.add(
          role.name()
              + ": "
              + renewed
              + " of "
              + role.instances()
              + " instances are renewed, release "
              + was
              + (was.equals(release.name()) ? " with other settings" : " to " + release.name()));
    }
    if (otherwise) {
      lines.add(
          role.name()
              + (role.azureRuntime()
                  ? ": other rules or settings, told to its processes while they run, one update"
                      + " domain after another"
                  : ": other rules, which need no new process"));
    }
    if (!added.isEmpty()) {
      lines.add(role.name() + ": new, release " + release.name() + ": " + String.join(", ", added));
    }
    if (!surplus.isEmpty()) {
      lines.add(role.name() + ": leaving: " + String.join(", ", surplus));
    }
    if (!targets.isEmpty()) {
      groups.add(new Order.Group(role, targets));
    }
  }

  /** Deploys what was planned. */
  void deploy(Plan plan, List<String> roles, Course course) throws Refused {
    refuseFrozen(plan.groups());
    String what = "the deploy" + (roles.isEmpty() ? "" : " of " + String.join(", ", roles));
    give(
        new Order(
            OrderJournal.Kind.DEPLOY, what, plan.groups(), true, true, Optional.of(plan), course));
  }

  /** Goes back to what a role ran before. */
  List<String> rollback(String name, Course course) throws Refused {
    List<Supervised> chosen =
        node.instances().stream().filter(instance -> instance.role().name().equals(name)).toList();
    if (chosen.isEmpty()) {
      throw new Refused(USAGE, unknown(name));
    }
    Release now = chosen.getFirst().release();
    Release before =
        node.before(name)
            .or(() -> releases.before(now))
            .orElseThrow(() ->
                new Refused(TRY_AGAIN, "There is no release of " + name + " before " + now.name()));
    Order.Group group = group(before.declared(), chosen, before);
    refuseFrozen(List.of(group));
    Order order =
        new Order(
            OrderJournal.Kind.ROLLBACK,
            "the rollback of " + name + " to " + before.name(),
            List.of(group),
            false,
            true,
            Optional.empty(),
            course);
    give(order);
    return order.instances();
  }

  /**
   * Has a role have so many instances.
   *
   * @param course is told when it has
   */
  void scale(String name, int count, Course course) throws Refused {
    if (role(node.solution(), name).isEmpty()) {
      throw new Refused(
          USAGE,
          "no role is named '"
              + name
              + "'; the roles are "
              + String.join(", ", node.solution().roles().stream().map(RoleSpec::name).toList()));
    }
    refuseMeanwhile("the scaling of " + name);
    node.scale(new Scaling(name, count), course);
  }

  private static Order.Group group(RoleSpec role, List<Supervised> chosen, Release to) {
    return new Order.Group(
        role,
        chosen.stream()
            .map(one -> new Order.Target(one.id(), one.number(), to, Optional.of(one.release())))
            .toList());
  }

  private void refuseFrozen(List<Order.Group> groups) throws Refused {
    for (Order.Group group : groups) {
      for (Order.Target target : group.targets()) {
        Optional<Supervised> found =
            node.instances().stream().filter(one -> one.id().equals(target.instance())).findFirst();
        if (found.isPresent()
            && found.get().life().state().isLive()
            && !found.get().life().freezes().isEmpty()) {
          throw new Refused(
              TRY_AGAIN,
              target.instance()
                  + " would not come back, its next start is frozen: "
                  + String.join("; ", found.get().life().freezes())
                  + ". Unfreeze it first. Nothing was changed.");
        }
      }
    }
  }

  /** One at a time, so that none slips in behind the look. */
  private synchronized void give(Order order) throws Refused {
    refuseMeanwhile(order.what());
    node.give(order);
  }

  private void refuseMeanwhile(String what) throws Refused {
    if (node.isStopping()) {
      throw new Refused(TRY_AGAIN, "the node is stopping");
    }
    Optional<String> other = node.underWay();
    boolean restarts = what.startsWith("the restart");
    if (other.isPresent() && !(restarts && other.get().startsWith("the restart"))) {
      throw new Refused(
          TRY_AGAIN,
          "Under way is "
              + other.get()
              + ". Ask again for "
              + what
              + " when that is done. Nothing was changed.");
    }
  }

  private Solution read() throws Refused {
    try {
      return reader.read();
    } catch (SolutionProblems problems) {
      throw new Refused(CONFIGURATION, problems.getMessage() + "\nNothing was changed.");
    }
  }

  /** A restart needs no jar beside the copy that there is. */
  private Release newestOr(Release current, Course course) throws Refused {
    RoleSpec role = current.declared();
    return copied(
        () -> {
          try {
            return releases.newest(role);
          } catch (NoSuchFileException gone) {
            course.tell(
                "! " + gone.getMessage() + " is not there any more, so it stays with its release");
            return current;
          }
        },
        role);
  }

  /** Something that copies a jar. */
  @FunctionalInterface
  private interface Copying {
    Release take() throws IOException;
  }

  private static Release copied(Copying copying, RoleSpec role) throws Refused {
    try {
      return copying.take();
    } catch (IOException e) {
      throw new Refused(
          TRY_AGAIN,
          "The jar of "
              + role.name()
              + " can't be taken: "
              + e.getMessage()
              + ". Nothing was changed.");
    }
  }

  private static Optional<RoleSpec> role(Solution solution, String name) {
    return solution.roles().stream().filter(role -> role.name().equals(name)).findFirst();
  }

  private String unknown(String target) {
    return "no instance or role is named '"
        + target
        + "'; the instances are "
        + String.join(", ", node.instances().stream().map(Supervised::id).toList());
  }
}
