package io.rolehost.node;

import io.rolehost.node.Supervised.Reported;
import io.rolehost.node.azure.EnvironmentDocument;
import io.rolehost.node.azure.EnvironmentDocument.Resource;
import io.rolehost.node.azure.RecycleTurn;
import io.rolehost.node.azure.RoleSettings;
import io.rolehost.node.azure.SettingsWalk;
import io.rolehost.node.azure.StopNotice;
import io.rolehost.node.azure.Topology;
import io.rolehost.node.machine.InstanceState;
import io.rolehost.node.process.Child;
import io.rolehost.node.process.Launcher;
import io.rolehost.node.process.RuntimePipes;
import io.rolehost.node.solution.NodeSettings;
import io.rolehost.node.solution.RoleSpec;
import io.rolehost.runtime.process.Ticks;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Serves the role environment of Azure to the instances whose role asks for it: says what they can
 * know, hears how they are, has them recycled and ended. For the node's thread.
 */
final class AzureRuntimes {
  private static final long MIB = 1024 * 1024;
  private static final long PATIENCE_SECONDS = 10;

  private final NodeSettings settings;
  private final Launcher launcher;
  private final Ticks ticks;
  private final InstantSource clock;
  private final Around around;
  private final Map<String, AzureRuntime> served = new HashMap<>();
  private final Map<String, Optional<String>> settingsSeen = new HashMap<>();
  private final Map<String, Optional<String>> busyTold = new HashMap<>();
  private final Map<String, Long> walked = new HashMap<>(); // told new settings, others not yet
  private final Set<String> waitTold = new HashSet<>();
  private Topology topology = new Topology(List.of());

  /** What the node does for it. */
  interface Around {

    /** Does something on the node's thread; from any thread. */
    void onNode(Runnable action);

    /** Returns the instances that are to stay. */
    List<Supervised> members();

    /** An instance is ready, or is not, for what its processes say. */
    void changed(Supervised instance, boolean ready, Reported reported);

    /** An instance is to be started again. */
    void recycle(Supervised instance, String by);

    void tell(String sentence);
  }

  AzureRuntimes(
      NodeSettings settings, Launcher launcher, Ticks ticks, InstantSource clock, Around around) {
    this.settings = settings;
    this.launcher = launcher;
    this.ticks = ticks;
    this.clock = clock;
    this.around = around;
  }

  /**
   * An incarnation is about to be started; does nothing when it is told so again.
   *
   * @throws IOException if its role environment can't be served
   */
  void begin(Supervised instance, long incarnation) throws IOException {
    AzureRuntime before = served.get(instance.id());
    if (before != null && before.incarnation() == incarnation) {
      return;
    }
    end(instance.id());
    if (instance.role().azureRuntime()) {
      Heard heard = new Heard(instance.id(), incarnation);
      served.put(
          instance.id(),
          new AzureRuntime(
              instance,
              incarnation,
              launcher.serve(instance.role(), instance.number(), heard),
              ticks.nanos()));
      topology = new Topology(List.of()); // so that it is told
    }
  }

  private void end(String id) {
    AzureRuntime runtime = served.remove(id);
    if (runtime != null) {
      runtime.close();
      settingsSeen.remove(id);
      busyTold.remove(id);
    }
  }

  /** Takes note of how an instance is by its own means. */
  void seen(Supervised instance, boolean ready, Reported reported) {
    AzureRuntime runtime = served.get(instance.id());
    if (runtime != null) {
      runtime.seen(ready, reported);
    }
  }

  /** Returns whether it is ready, when what its processes hold counts too. */
  boolean isReady(Supervised instance, boolean ready) {
    AzureRuntime runtime = served.get(instance.id());
    return runtime == null ? ready : runtime.isReady();
  }

  /** Returns how it is, when what its processes hold counts too. */
  Reported reported(Supervised instance, Reported reported) {
    AzureRuntime runtime = served.get(instance.id());
    return runtime == null ? reported : runtime.reported();
  }

  /**
   * An instance is to end.
   *
   * @return whether its processes are told first, and it is sent SIGTERM later
   */
  boolean stop(Supervised instance) {
    AzureRuntime runtime = served.get(instance.id());
    if (runtime == null
        || !(instance.life().state() instanceof InstanceState.Stopping(long killAt, _))) {
      return false;
    }
    Duration time = StopNotice.time(Duration.ofNanos(killAt - ticks.nanos()));
    return runtime.stop(clock.instant().plus(time), ticks.nanos() + time.toNanos());
  }

  /** Does what is due. */
  void look(boolean stopping) {
    if (served.isEmpty()) {
      return;
    }
    List.copyOf(served.values())
        .forEach(runtime -> {
          Supervised instance = runtime.instance();
          if (!instance.life().state().isLive()
              || instance.life().incarnation() != runtime.incarnation()) {
            end(instance.id());
          }
        });
    if (!stopping) {
      tellAll();
      walk();
    }
    for (AzureRuntime runtime : List.copyOf(served.values())) {
      runtime.at(ticks.nanos());
      Supervised instance = runtime.instance();
      if (!busyTold.getOrDefault(instance.id(), Optional.empty()).equals(runtime.busy())) {
        busyTold.put(instance.id(), runtime.busy());
        around.changed(instance, runtime.isReady(), runtime.reported());
      }
      if (runtime.mayEnd(ticks.nanos())) {
        instance.child().ifPresent(Child::terminate);
      }
      if (!stopping && recycleDue(runtime).orElse(Long.MAX_VALUE) - ticks.nanos() <= 0) {
        runtime.recycled();
        around.recycle(instance, "the role itself, by its role environment");
      }
    }
  }

  /** Returns when {@link #look} has something to do, in monotonic nanoseconds; empty = never. */
  OptionalLong due() {
    OptionalLong due = OptionalLong.empty();
    if (served.isEmpty()) {
      return due;
    }
    for (AzureRuntime runtime : served.values()) {
      due = sooner(sooner(due, runtime.due()), recycleDue(runtime));
    }
    for (SettingsWalk walk : walks().values()) {
      due = walk.unwell().isEmpty() ? sooner(due, walk.due()) : due; // else somebody is waited for
    }
    return due;
  }

  private static OptionalLong sooner(OptionalLong one, OptionalLong other) {
    return other.isPresent() && (one.isEmpty() || other.getAsLong() - one.getAsLong() < 0)
        ? other
        : one;
  }

  private OptionalLong recycleDue(AzureRuntime runtime) {
    Supervised instance = runtime.instance();
    if (runtime.recycleAsked().isEmpty()
        || instance.life().state() instanceof InstanceState.Stopping) {
      return OptionalLong.empty();
    }
    int down = 0;
    for (Supervised other : around.members()) {
      if (other != instance && other.role().name().equals(instance.role().name()) && !isUp(other)) {
        down++;
      }
    }
    return OptionalLong.of(
        RecycleTurn.due(
            runtime.recycleAsked().getAsLong(),
            instance.life().lastStart(),
            isUp(instance),
            down,
            instance.role().update().maxUnavailable()));
  }

  private static boolean isUp(Supervised instance) {
    return instance.life().state() instanceof InstanceState.Up(boolean ready, _, _) && ready;
  }

  private void tellAll() {
    List<Topology.Member> members = new ArrayList<>();
    for (Supervised member : around.members()) {
      members.add(
          new Topology.Member(
              member.role(), member.number(), launcher.portsOf(member.role(), member.number())));
    }
    Topology now = new Topology(members);
    if (!now.equals(topology)) {
      topology = now;
      served.values().forEach(runtime -> tell(runtime, false));
    }
  }

  /** Tells other settings of a role, one update domain after another. */
  private void walk() {
    walks()
        .forEach((role, walk) -> {
          if (!walk.isUnderWay()) {
            walk.members().forEach(member -> walked.remove(member.id()));
            waitTold.remove(role);
            return;
          }
          List<String> next = walk.next(ticks.nanos());
          for (String id : next) {
            AzureRuntime runtime = served.get(id);
            if (runtime != null && tell(runtime, true)) {
              walked.put(id, ticks.nanos());
              waitTold.remove(role);
            }
          }
          long left = walk.members().stream().filter(SettingsWalk.Member::behind).count();
          if (!next.isEmpty() && (left > next.size() || walk.due().isPresent())) {
            around.tell(
                "other settings of "
                    + role
                    + " are told to update domain "
                    + walk.domain().orElse(0)
                    + ": "
                    + String.join(", ", next)
                    + (left > next.size() ? "; the next one follows when it has taken them" : ""));
          }
          if (!walk.unwell().isEmpty() && waitTold.add(role)) {
            around.tell(
                "other settings of "
                    + role
                    + " wait before update domain "
                    + walk.domain().orElse(0)
                    + " until "
                    + String.join(", ", walk.unwell())
                    + " is ready with them, or a deploy says otherwise");
          }
        });
  }

  /** Returns by role who knows which settings. */
  private Map<String, SettingsWalk> walks() {
    Map<String, List<SettingsWalk.Member>> members = new LinkedHashMap<>();
    Map<String, Integer> domains = new HashMap<>();
    for (Supervised instance : around.members()) {
      RoleSpec role = instance.role();
      if (!role.azureRuntime()) {
        continue;
      }
      String id = instance.id();
      AzureRuntime runtime = served.get(id);
      Optional<String> known = settingsSeen.get(id);
      Long toldAt = walked.get(id);
      domains.put(role.name(), role.update().domains());
      members
          .computeIfAbsent(role.name(), _ -> new ArrayList<>())
          .add(
              new SettingsWalk.Member(
                  id,
                  instance.number(),
                  known != null && !known.equals(role.settings()),
                  isUp(instance) && (runtime == null || runtime.recycleAsked().isEmpty()),
                  toldAt == null ? OptionalLong.empty() : OptionalLong.of(toldAt)));
    }
    Map<String, SettingsWalk> walks = new LinkedHashMap<>();
    members.forEach(
        (role, all) -> walks.put(role, new SettingsWalk(domains.getOrDefault(role, 1), all)));
    return walks;
  }

  /**
   * Tells an instance what its role environment is.
   *
   * @param news whether that has the settings that its role has now, and not those it knows
   * @return whether it could be told
   */
  private boolean tell(AzureRuntime runtime, boolean news) {
    Supervised instance = runtime.instance();
    RoleSpec role = instance.role();
    try {
      Optional<String> before = settingsSeen.get(instance.id());
      Optional<String> known = before == null || news ? role.settings() : before;
      if (before != null && !before.equals(known)) {
        launcher.writeSettings(role, instance.number());
      }
      Topology.Member self =
          new Topology.Member(role, instance.number(), launcher.portsOf(role, instance.number()));
      Map<String, Resource> resources = new LinkedHashMap<>();
      role.localResources()
          .forEach((name, resource) ->
              resources.put(
                  name,
                  new Resource(
                      launcher.localResource(role, instance.number(), name).toString(),
                      Math.ceilDiv(resource.size(), MIB))));
      runtime.tell(
          new EnvironmentDocument(
                  settings.deployment(),
                  settings.profile() == NodeSettings.Profile.DEV,
                  role.name(),
                  self.instance(),
                  known.map(RoleSettings::byName).orElse(Map.of()),
                  resources,
                  topology.seenBy(instance.id()))
              .xml());
      settingsSeen.put(instance.id(), known);
      return true;
    } catch (IOException e) {
      around.tell(
          "! "
              + instance.id()
              + " is not told what its role environment is now: "
              + e.getMessage());
      topology = new Topology(List.of()); // tried again
      return false;
    }
  }

  /** What the pipes of an incarnation hear, taken to the node's thread. */
  private final class Heard implements RuntimePipes.Around {
    private final String id;
    private final long incarnation;

    private Heard(String id, long incarnation) {
      this.id = id;
      this.incarnation = incarnation;
    }

    @Override
    public boolean came(RuntimePipes.Stream client) {
      AtomicBoolean served = new AtomicBoolean();
      onNode(() ->
          find()
              .ifPresent(runtime -> {
                if (!runtime.isTold()) {
                  tellAll();
                }
                served.set(runtime.came(client, ticks.nanos()));
              }));
      return served.get();
    }

    @Override
    public void said(RuntimePipes.Stream client, byte[] document) {
      onNode(() ->
          find()
              .flatMap(runtime -> runtime.said(client, document, clock.instant(), ticks.nanos()))
              .ifPresent(around::tell));
    }

    @Override
    public void failed(String why) {
      onNode(() ->
          find()
              .flatMap(runtime -> runtime.complaint("has no role environment for who asks: " + why))
              .ifPresent(around::tell));
    }

    private Optional<AzureRuntime> find() {
      return Optional.ofNullable(served.get(id)).filter(one -> one.incarnation() == incarnation);
    }

    /** Waits for it, so that a client can't fill the node's queue. */
    private void onNode(Runnable action) {
      CountDownLatch done = new CountDownLatch(1);
      around.onNode(() -> {
        action.run();
        done.countDown();
      });
      try {
        if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          return; // the node is ending, or has other troubles
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
