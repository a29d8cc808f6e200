package io.rolehost.node;

import io.rolehost.node.Supervised.Reported;
import io.rolehost.node.azure.EnvironmentDocument;
import io.rolehost.node.azure.EnvironmentDocument.Resource;
import io.rolehost.node.azure.RecycleTurn;
import io.rolehost.node.azure.RoleSettings;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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
    for (AzureRuntime runtime : served.values()) {
      for (OptionalLong next : List.of(runtime.due(), recycleDue(runtime))) {
        if (next.isPresent() && (due.isEmpty() || next.getAsLong() - due.getAsLong() < 0)) {
          due = next;
        }
      }
    }
    return due;
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
      served.values().forEach(this::tell);
    }
  }

  private void tell(AzureRuntime runtime) {
    Supervised instance = runtime.instance();
    RoleSpec role = instance.role();
    try {
      Optional<String> before = settingsSeen.put(instance.id(), role.settings());
      if (before != null && !before.equals(role.settings())) {
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
                  role.settings().map(RoleSettings::byName).orElse(Map.of()),
                  resources,
                  topology.seenBy(instance.id()))
              .xml());
    } catch (IOException e) {
      around.tell(
          "! "
              + instance.id()
              + " is not told what its role environment is now: "
              + e.getMessage());
      topology = new Topology(List.of()); // tried again
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
