package io.rolehost.node;

import io.rolehost.node.deploy.Standing;
import io.rolehost.node.journal.NodeJournal;
import io.rolehost.node.machine.InstanceEvent;
import io.rolehost.node.machine.InstanceState;
import io.rolehost.node.process.OutputFile;
import io.rolehost.node.process.Release;
import io.rolehost.node.process.Releases;
import io.rolehost.node.solution.RoleSpec;
import io.rolehost.node.solution.Solution;
import io.rolehost.runtime.process.Ticks;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which instances a node has, and from what each is started: they come and go while it runs, and
 * what they are started from is changed by orders alone. Changed by the node's thread; everything
 * that returns something may be asked from any thread.
 */
final class Fleet implements Rollouts.Fleet {

  /** What the node does for its fleet. */
  interface Acts {

    /** Has something happen to an instance. */
    void apply(Supervised instance, InstanceEvent event);

    /** Has an instance started that was added, when what it depends on is ready. */
    void begin(Supervised added);

    /** Returns the roles that an instance waits for. */
    List<String> waitsFor(Supervised instance);

    /** Returns what freezes an instance now; may have it take a newer release. */
    InstanceEvent.Freezes freezesOf(Supervised instance);

    /** Returns how long after SIGTERM an instance is killed. */
    Duration killAfter(Supervised instance);

    void tell(String sentence);
  }

  private final Releases releases;
  private final Scales scales;
  private final Ticks ticks;
  private final InstantSource clock;
  private final List<Supervised> instances = new CopyOnWriteArrayList<>();
  private final Map<String, Release> before = new ConcurrentHashMap<>();
  private final Deque<Supervised> leaving = new ArrayDeque<>();
  private final Map<String, Integer> wanted = new HashMap<>(); // what was scaled meanwhile
  private final List<String> toldLater = new ArrayList<>();
  private @Nullable Acts acts;
  private volatile Solution solution;
  private volatile boolean scaled;

  Fleet(Solution solution, Releases releases, Ticks ticks, InstantSource clock) {
    this.solution = solution;
    this.releases = releases;
    this.scales = Scales.of(solution.node().stateDir());
    this.ticks = ticks;
    this.clock = clock;
    Map<String, Integer> counts = scales.read();
    for (RoleSpec role : solution.roles()) {
      int count = counts.getOrDefault(role.name(), role.instances());
      if (count != role.instances()) {
        scaled = true;
        toldLater.add(
            role.name()
                + " has "
                + count
                + " instances as it was scaled, the solution says "
                + role.instances()
                + ";  rolehost deploy  goes by the solution");
      }
      Release release = firstRelease(role);
      for (int n = 0; n < count; n++) {
        add(role, release, n);
      }
      releases.clean(role.name(), List.of(release));
    }
  }

  /** An old jar is better than none, and one that can't be copied better than no role. */
  private Release firstRelease(RoleSpec role) {
    try {
      Release release = releases.newest(role);
      if (!release.isNewestOf(role)) {
        toldLater.add(
            "! "
                + role.name()
                + " runs the release "
                + release.name()
                + ", not the jar of the solution: that was taken back, or never deployed;"
                + "  rolehost deploy "
                + role.name()
                + "  deploys it");
      }
      return release;
    } catch (IOException e) {
      toldLater.add(
          "! no copy of the jar of "
              + role.name()
              + " can be taken, so it runs from where it lies: "
              + e.getMessage());
      return Release.inPlace(role);
    }
  }

  void begin(Acts node) {
    acts = node;
    toldLater.forEach(node::tell);
    toldLater.clear();
  }

  private Acts acts() {
    Acts node = acts;
    if (node == null) {
      throw new IllegalStateException("the node does not run yet");
    }
    return node;
  }

  /** Output is numbered by incarnation, so the last file tells how many there were. */
  private Supervised add(RoleSpec role, Release release, int n) {
    String id = role.instanceId(n);
    long earlier = OutputFile.lastIncarnation(solution.node().stateDir().resolve("log"), id);
    Supervised instance =
        new Supervised(
            release,
            n,
            solution.node().autoFreeze(),
            NodeJournal.open(solution.node().stateDir(), id, clock, ticks),
            earlier,
            clock.instant());
    int at = 0;
    for (int i = 0; i < instances.size(); i++) {
      if (instances.get(i).role().name().equals(role.name())) {
        at = i + 1;
      }
    }
    instances.add(at == 0 ? instances.size() : at, instance);
    return instance;
  }

  List<Supervised> instances() {
    return instances;
  }

  Solution solution() {
    return solution;
  }

  /** Returns what a role was started from before the last order that changed it. */
  Optional<Release> before(String role) {
    return Optional.ofNullable(before.get(role));
  }

  /** Returns those that are to stay. */
  List<Supervised> staying() {
    return instances.stream().filter(one -> !leaving.contains(one)).toList();
  }

  Optional<Supervised> find(String id) {
    return instances.stream().filter(one -> one.id().equals(id)).findFirst();
  }

  /**
   * Returns whether nothing is left to be done, unless an operator wants more.
   *
   * @param isHopeless of one that waits for what will not come
   */
  boolean isDone(boolean stopping, Predicate<Supervised> isHopeless) {
    if (instances.isEmpty()) {
      return stopping || !scaled;
    }
    return instances.stream().allMatch(one -> one.life().state().isFinal() || isHopeless.test(one));
  }

  /** Makes the instances that a deploy adds; they are started when it is their turn. */
  void prepare(Order order) {
    for (Order.Group group : order.groups()) {
      for (Order.Target target : group.targets()) {
        if (target.from().isEmpty() && find(target.instance()).isEmpty()) {
          var _ = add(group.role(), target.to(), target.number());
        }
      }
    }
  }

  /** A deploy is done: what it does not have leaves, and the node goes by its solution. */
  private void became(Deployments.Plan plan) {
    solution = plan.solution();
    for (String role : plan.roles()) {
      wanted.remove(role);
      forgetScale(role);
    }
    plan.adopted().forEach((id, release) -> find(id).ifPresent(one -> one.take(release)));
    plan.leaving().forEach(this::leave);
  }

  private void forgetScale(String role) {
    try {
      scales.forget(role);
    } catch (IOException e) {
      acts().tell("! that " + role + " is not scaled any more can't be stored: " + e.getMessage());
    }
  }

  /**
   * Has a role have that many instances: new ones start, the highest numbers leave.
   *
   * @return how many it had; empty if there is no such role any more
   */
  OptionalInt scale(String role, int count) {
    List<Supervised> present =
        instances.stream()
            .filter(one -> one.role().name().equals(role) && !leaving.contains(one))
            .sorted(Comparator.comparingInt(Supervised::number))
            .toList();
    Optional<RoleSpec> spec =
        solution.roles().stream().filter(one -> one.name().equals(role)).findFirst();
    if (spec.isEmpty()) {
      return OptionalInt.empty();
    }
    scaled = true;
    wanted.put(role, count);
    try {
      scales.remember(role, count);
    } catch (IOException e) {
      acts()
          .tell(
              "! the scale of "
                  + role
                  + " can't be stored, and is lost when the node ends: "
                  + e.getMessage());
    }
    present.reversed().stream().filter(one -> one.number() >= count).forEach(leaving::add);
    Release release = present.isEmpty() ? firstRelease(spec.get()) : present.getFirst().release();
    for (int n = 0; n < count; n++) {
      if (find(spec.get().instanceId(n)).isEmpty()) { // one that leaves comes back when it is gone
        start(spec.get(), release, n);
      }
    }
    return OptionalInt.of(present.size());
  }

  private void start(RoleSpec role, Release release, int n) {
    acts().begin(add(role, release, n));
  }

  @Override
  public void leave(String instance) {
    find(instance).filter(one -> !leaving.contains(one)).ifPresent(leaving::add);
  }

  /** Lets one after another leave. */
  void letLeave() {
    while (!leaving.isEmpty()) {
      Supervised first = leaving.getFirst();
      InstanceState state = first.life().state();
      if (!state.isFinal()) {
        if (!(state instanceof InstanceState.Stopping(long _, InstanceState.Then then)
            && then == InstanceState.Then.STOP)) {
          acts().apply(first, new InstanceEvent.StopAsked(acts().killAfter(first)));
        }
        if (!first.life().state().isFinal()) {
          return;
        }
      }
      leaving.removeFirst();
      instances.remove(first);
      first.journal().close();
      acts().tell(first.id() + " has left");
      if (first.number() < wanted.getOrDefault(first.role().name(), 0)) {
        start(first.release().declared(), first.release(), first.number());
      }
    }
  }

  @Override
  public Map<String, Standing> standings() {
    Map<String, Standing> all = new HashMap<>();
    long nanos = ticks.nanos();
    for (Supervised instance : instances) {
      Standing standing = instance.standing(nanos);
      List<String> roles = acts().waitsFor(instance);
      all.put(
          instance.id(),
          roles.isEmpty()
              ? standing
              : new Standing(
                  standing.role(),
                  standing.kind(),
                  standing.incarnation(),
                  standing.told() + " and waits for " + String.join(", ", roles)));
    }
    return all;
  }

  @Override
  public void renew(String id, Release release, boolean waits) {
    Optional<Supervised> found = find(id);
    if (found.isEmpty()) {
      return;
    }
    Supervised instance = found.get();
    instance.take(release);
    if (waits && instance.life().state() instanceof InstanceState.Created) {
      acts().begin(instance);
      return;
    }
    boolean frozen = instance.life().state() instanceof InstanceState.Frozen;
    acts().apply(instance, acts().freezesOf(instance));
    if (!frozen || instance.life().state() instanceof InstanceState.Frozen) {
      acts().apply(instance, new InstanceEvent.RestartAsked(acts().killAfter(instance)));
    }
  }

  @Override
  public void settled(Order order) {
    for (Order.Group group : order.groups()) {
      for (Order.Target target : group.targets()) {
        target
            .from()
            .filter(from -> !from.isLike(target.to()))
            .ifPresent(from -> before.put(group.role().name(), from));
      }
      choose(group.role().name(), group.targets().getFirst().to());
    }
    order.plan().ifPresent(this::became);
  }

  @Override
  public void takenBack(Order order) {
    for (Order.Group group : order.groups()) {
      group.targets().stream()
          .flatMap(target -> target.from().stream())
          .findFirst()
          .ifPresent(from -> choose(group.role().name(), from));
    }
  }

  private void choose(String role, Release release) {
    try {
      releases.choose(release);
    } catch (IOException e) {
      acts()
          .tell(
              "! which release "
                  + role
                  + " is to run after a start of the node can't be stored: "
                  + e.getMessage());
    }
    Set<Release> inUse = new HashSet<>();
    instances.stream()
        .filter(one -> one.role().name().equals(role))
        .forEach(one -> inUse.add(one.release()));
    before(role).ifPresent(inUse::add);
    releases.clean(role, inUse);
  }

  @Override
  public void tell(String sentence) {
    acts().tell(sentence);
  }
}
