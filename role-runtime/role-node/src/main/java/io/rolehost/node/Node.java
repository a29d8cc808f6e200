package io.rolehost.node;

import io.rolehost.freeze.CrashLoop;
import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.Identity;
import io.rolehost.node.Supervised.Reported;
import io.rolehost.node.control.LastEnd;
import io.rolehost.node.deploy.Scaling;
import io.rolehost.node.journal.NodeJournal;
import io.rolehost.node.journal.OrderJournal.Outcome;
import io.rolehost.node.machine.Effect;
import io.rolehost.node.machine.InstanceEvent;
import io.rolehost.node.machine.InstanceLife;
import io.rolehost.node.machine.InstanceState;
import io.rolehost.node.machine.Step;
import io.rolehost.node.process.Child;
import io.rolehost.node.process.Console;
import io.rolehost.node.process.Launcher;
import io.rolehost.node.process.Release;
import io.rolehost.node.process.Releases;
import io.rolehost.node.process.RoleHashes;
import io.rolehost.node.solution.NodeSettings;
import io.rolehost.node.solution.Solution;
import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.lifecycle.HoldTurn;
import io.rolehost.runtime.management.AuditEntry;
import io.rolehost.runtime.process.Ticks;
import io.rolehost.runtime.process.TurnFile;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Runs a solution: starts each instance as a process of its own, watches them, starts again what
 * ends. One thread takes events from a queue, asks the table of the instance, and performs the
 * effects; the same thread starts the processes and lives as long as the node.
 */
public final class Node {
  private static final Duration LAST_LINES = Duration.ofMillis(200);
  private static final Duration LONGEST_IDLE = Duration.ofSeconds(10);

  private final NodeSettings settings;
  private final Launcher launcher;
  private final Console console;
  private final Freezes freezes;
  private final InstanceFreezes frozen;
  private final Ticks ticks;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Releases releases;
  private final Fleet fleet;
  private final Rollouts rollouts;
  private final Scalings scalings;
  private final Records records;
  private final Queue<AuditEntry> unwritten = new ConcurrentLinkedQueue<>();
  private final BlockingQueue<Message> queue = new LinkedBlockingQueue<>(100_000);
  private final Instant startedAt;
  private final Starts starts;
  private final Spares spares;
  private final StartCaches caches;
  private final AzureRuntimes azure;
  private NodeAnnouncer announcer;
  private final Dependencies dependencies;
  private final Stopping stopping;
  private volatile long lastPass;
  private volatile int managementPort;

  /** What the node's thread is told. */
  private sealed interface Message {
    record Happened(Supervised instance, InstanceEvent event) implements Message {}

    record Said(Supervised instance, long incarnation, boolean ready, Reported reported)
        implements Message {}

    record Ended(Supervised instance, long incarnation, int code) implements Message {}

    record FreezesChanged() implements Message {}

    record Given(Order order) implements Message {}

    record Scale(Scaling scaling, Course course) implements Message {}

    record StopAll(String why, Optional<Duration> within) implements Message {}

    record Do(Runnable action) implements Message {}
  }

  /** Creates a node; nothing is started before {@link #run}. */
  public Node(
      Solution solution,
      Launcher launcher,
      Console console,
      Freezes freezes,
      Ticks ticks,
      InstantSource clock,
      RandomGenerator random) {
    this.settings = solution.node();
    this.launcher = launcher;
    this.console = console;
    this.freezes = freezes;
    this.ticks = ticks;
    this.clock = clock;
    this.random = random;
    this.startedAt = clock.instant();
    this.lastPass = ticks.nanos();
    this.announcer = NodeAnnouncer.silent(ticks);
    this.spares = new Spares(settings.stateDir(), launcher, ticks, new AroundSpares());
    this.releases = new Releases(settings.stateDir(), clock);
    this.frozen = new InstanceFreezes(settings.deployment(), freezes, releases, launcher);
    this.starts = new Starts(settings.stateDir(), launcher, new Heard());
    this.records = new Records(settings.stateDir(), clock, ticks);
    this.scalings = new Scalings(records.orders());
    this.fleet = new Fleet(solution, releases, ticks, clock);
    this.dependencies = new Dependencies(fleet::instances);
    this.stopping = new Stopping(fleet::instances, dependencies, ticks, new AroundStop());
    this.rollouts =
        new Rollouts(
            fleet,
            new TurnFile(settings.stateDir(), new HoldTurn.Holder("the node", 0)),
            records.orders(),
            ticks,
            clock);
    this.caches = new StartCaches(settings.aot(), launcher, this::tellNode);
    this.azure = new AzureRuntimes(settings, launcher, ticks, clock, new AroundAzure());
  }

  /** Has the service manager told how the node is. Must be called before {@link #run}. */
  void announceBy(NodeAnnouncer teller) {
    announcer = teller;
  }

  /**
   * Runs until every instance has ended: because a stop was asked, or because nothing is left to be
   * done. Must be called once, on a platform thread that lives until the process ends.
   *
   * @return the exit code of the node: 0, or the code of an instance that was given up
   */
  public int run() throws InterruptedException {
    fleet.begin(acts());
    tellNode("runs " + instances().size() + " instances");
    List<Long> strangers = launcher.killStrangers();
    if (!strangers.isEmpty()) {
      tellNode("ended what an earlier node had left behind: processes " + strangers);
    }
    launcher.notices(solution().roles()).forEach(notice -> tellNode("! " + notice));
    records.orders().begin().forEach(left -> tellNode("! " + left));
    dependencies.begin();
    dependencies.startable().forEach(this::begin);
    freezes.onChange(() -> queue.add(new Message.FreezesChanged()));
    while (!(fleet.isDone(stopping.isUnderWay(), dependencies::isHopeless) && spares.none())) {
      lastPass = ticks.nanos();
      long idle = Math.min(nanosToNextTick(), announcer.nanosToNext());
      idle = Math.min(idle, LONGEST_IDLE.toNanos());
      Message message = queue.poll(idle, TimeUnit.NANOSECONDS);
      if (message != null) {
        take(message);
      }
      tick();
      if (stopping.isUnderWay()) {
        rollouts.clear();
        scalings.clear(Outcome.BROKEN_OFF, "the node stops");
        stopping.goOn();
      } else {
        rollouts.step();
      }
      fleet.letLeave();
      if (!stopping.isUnderWay()) {
        dependencies.startable().forEach(this::begin);
      }
      if (!scalings.none()) {
        scalings.look(fleet.standings());
      }
      spares.look(instances());
      azure.look(stopping.isUnderWay());
      caches.look(instances());
      announcer.look(instances());
    }
    announcer.ending(stopping.exitCode());
    caches.close();
    instances().forEach(instance -> instance.journal().close());
    writeAudit(); // that of the stop, which may have come after the last look
    records.close();
    return stopping.exitCode();
  }

  private void begin(Supervised instance) {
    apply(instance, frozen.reasons(instance));
    if (instance.life().freezes().isEmpty()) {
      // A node that is killed with its children never sees an end of theirs.
      freezeCrashLoop(instance);
    }
    apply(instance, new InstanceEvent.Start());
  }

  /** Returns the roles that must be ready before an instance is started. */
  List<String> waitsFor(Supervised instance) {
    return dependencies.waitsFor(instance);
  }

  /** Asks all instances to stop. The second time, and after that, they are given little time. */
  public void stop(String why) {
    queue.add(new Message.StopAll(why, Optional.empty()));
  }

  /**
   * Asks all instances to stop, as {@link #stop(String)} does.
   *
   * @param within what has not ended after this is killed, also where its profile gives it longer
   */
  public void stop(String why, Duration within) {
    queue.add(new Message.StopAll(why, Optional.of(within)));
  }

  /** Takes an order on; from any thread. */
  void give(Order order) {
    rollouts.accept(order);
    queue.add(new Message.Given(order));
  }

  /** Has a role have so many instances, and says when it has; from any thread. */
  void scale(Scaling scaling, Course course) {
    queue.add(new Message.Scale(scaling, course));
  }

  /** A command is about to swap two deployments. */
  void swapBegins(Course course, Map<String, Object> facts) {
    String change = facts.get("from") + " -> " + facts.get("to");
    queue.add(new Message.Do(() -> records.orders().swapBegins(course, change, facts)));
  }

  /** Writes down a swap that a command did, or was to do; from any thread. */
  void swapped(Course course, Map<String, Object> facts, boolean done, String sentence) {
    String change = facts.get("from") + " -> " + facts.get("to");
    queue.add(
        new Message.Do(() -> records.orders().swapped(course, change, facts, done, sentence)));
  }

  /** Writes down that somebody changed something, or tried to; from any thread. */
  void audited(AuditEntry entry) {
    unwritten.add(entry);
    queue.add(new Message.Do(this::writeAudit));
  }

  private void writeAudit() {
    for (AuditEntry entry = unwritten.poll(); entry != null; entry = unwritten.poll()) {
      records.orders().audited(entry);
    }
  }

  /** Returns which order is under way, for people; empty if none is. */
  Optional<String> underWay() {
    return rollouts.underWay();
  }

  /** Returns what a role was started from before. */
  Optional<Release> before(String role) {
    return fleet.before(role);
  }

  Releases releases() {
    return releases;
  }

  List<Supervised> instances() {
    return fleet.instances();
  }

  Solution solution() {
    return fleet.solution();
  }

  Instant startedAt() {
    return startedAt;
  }

  boolean isStopping() {
    return stopping.isUnderWay();
  }

  /** Returns whether no first start is still on its way. */
  boolean firstStartsDone() {
    return announcer.firstStartsDone();
  }

  /** Returns for how long its thread has not been seen at work: some seconds when all is well. */
  Duration silentFor() {
    return Duration.ofNanos(Math.max(0, ticks.nanos() - lastPass));
  }

  /** Takes note of where its management plane listens. */
  void managedAt(int port) {
    managementPort = port;
  }

  /** Returns the port of its management plane; 0 = it has none. */
  int managementPort() {
    return managementPort;
  }

  Duration until(long due) {
    return Duration.ofNanos(Math.max(0, due - ticks.nanos()));
  }

  /** Returns the process of the hot spare that stands by for an instance. */
  Optional<Long> standby(Supervised instance) {
    return spares.standing(instance);
  }

  /** Returns the number before that of its first event. */
  long beforeFirstEvent() {
    return records.beforeFirstEvent();
  }

  List<JournalEntry> eventsAfter(long sequence) {
    return records.eventsAfter(sequence);
  }

  AutoCloseable onEvent(Consumer<JournalEntry> listener) {
    return records.onEvent(listener);
  }

  private void take(Message message) {
    switch (message) {
      case Message.Happened(
              Supervised instance,
              InstanceEvent.StartFailed(long incarnation, String why)) ->
          notStarted(instance, incarnation, why);
      case Message.Happened(Supervised instance, InstanceEvent event) -> apply(instance, event);
      case Message.Said(
              Supervised instance,
              long incarnation,
              boolean ready,
              Reported reported) -> {
        if (incarnation == instance.life().incarnation() && instance.life().state().isLive()) {
          azure.seen(instance, ready, reported);
          became(instance, azure.isReady(instance, ready), azure.reported(instance, reported));
        }
      }
      case Message.Ended(Supervised instance, long incarnation, int code) ->
          ended(instance, incarnation, code);
      case Message.FreezesChanged() -> freezesChanged();
      case Message.Given(Order order) -> {
        if (order.plan().isPresent()) {
          scalings.clear(Outcome.REPLACED, "the deploy goes by the solution");
        }
        fleet.prepare(order);
        rollouts.add(order);
      }
      case Message.Scale(Scaling scaling, Course course) -> {
        OptionalInt before = fleet.scale(scaling.role(), scaling.count());
        if (before.isPresent()) {
          scalings.begin(scaling, before.getAsInt(), course);
        } else {
          course.end(Course.FAILED, scaling.role() + " is not in the solution any more");
        }
      }
      case Message.StopAll(String why, Optional<Duration> within) -> stopping.asked(why, within);
      case Message.Do(Runnable action) -> action.run();
    }
  }

  private void became(Supervised instance, boolean ready, Reported reported) {
    String from = instance.stateName();
    instance.report(reported);
    apply(instance, new InstanceEvent.Readiness(instance.life().incarnation(), ready), from);
  }

  /** Somebody wants another state; who was first is who is named. */
  private void ask(Supervised instance, InstanceEvent event, String by) {
    boolean forAnEnd =
        event instanceof InstanceEvent.StopAsked || event instanceof InstanceEvent.RestartAsked;
    if (forAnEnd && !(instance.life().state() instanceof InstanceState.Stopping)) {
      instance.askedBy(by);
    }
    apply(instance, event);
  }

  private Duration killAfter(Supervised instance) {
    return instance.role().killAfter(settings.profile());
  }

  private void freezesChanged() {
    for (Supervised instance : instances()) {
      if (dependencies.isWaiting(instance)) {
        continue; // it meets its freezes when it is started
      }
      InstanceEvent.Freezes now = frozen.reasons(instance);
      if (!now.reasons().equals(instance.life().freezes())) {
        apply(instance, now);
      }
    }
  }

  private void ended(Supervised instance, long incarnation, int code) {
    String from = instance.stateName();
    killLeftovers(instance);
    instance.child().ifPresent(child -> child.awaitOutput(LAST_LINES));
    if (instance.isInStartup(incarnation)) {
      startupEnded(instance, incarnation, code);
      return;
    }
    Optional<String> limit = launcher.limitReached(instance.role(), instance.number());
    limit.ifPresent(what -> tellNode("! " + instance.id() + " was " + what));
    boolean byOnReturn =
        code == 0
            && LastEnd.read(settings.stateDir(), instance.id())
                .map(LastEnd::isByOnReturn)
                .orElse(false);
    Duration lived = Duration.ofNanos(ticks.nanos() - instance.life().lastStart());
    Endings.Ending ending = records.ending(instance, incarnation, code, lived, limit.isPresent());
    instance.ended();
    applyEnd(instance, new InstanceEvent.Exited(incarnation, code, byOnReturn), from, ending);
    if (instance.life().state() instanceof InstanceState.BackingOff) {
      freezeCrashLoop(instance);
    }
    if (instance.role().critical()
        && instance.life().state() instanceof InstanceState.Gone
        && !stopping.isUnderWay()) {
      stopping.failed(instance, code);
    }
  }

  private void notStarted(Supervised instance, long incarnation, String why) {
    applyEnd(
        instance,
        new InstanceEvent.StartFailed(incarnation, why),
        instance.stateName(),
        records.notStarted(instance, incarnation, why));
  }

  /** The next of the programs that come before it is started, or its start has failed. */
  private void startupEnded(Supervised instance, long incarnation, int code) {
    Optional<String> failure = instance.startupFailure(code);
    instance.ended();
    if (failure.isPresent()) {
      notStarted(instance, incarnation, failure.get());
    } else {
      instance.startupDone(instance.startupDone() + 1);
      startNext(instance, incarnation);
    }
  }

  /** Freezes an instance for a while; what follows is as if somebody else had frozen it. */
  private void freezeCrashLoop(Supervised instance) {
    Instant now = clock.instant();
    Identity who = frozen.identity(instance);
    Optional<CrashLoop.Verdict> loop = instance.crashes().judge(who, freezes.all(), now);
    if (loop.isEmpty()) {
      return;
    }
    long held = instance.life().incarnation() + 1;
    Freeze freeze = instance.crashes().freeze(loop.get(), who, held, now);
    try {
      freezes.put(freeze);
    } catch (IOException e) {
      tellNode("! " + instance.id() + " is in a crash loop and can't be frozen: " + e.getMessage());
      return;
    }
    instance.crashes().froze(loop.get(), held, freeze);
    freezesChanged();
  }

  private void tick() {
    long now = ticks.nanos();
    for (Supervised instance : instances()) {
      OptionalLong due = instance.life().due(instance.rules());
      if (due.isPresent() && due.getAsLong() - now <= 0 && waitsFor(instance).isEmpty()) {
        apply(instance, new InstanceEvent.Tick());
      }
    }
    if (freezes.nextChange().isZero()) {
      freezesChanged();
    }
  }

  private long nanosToNextTick() {
    long now = ticks.nanos();
    long least = freezes.nextChange().toNanos();
    for (Supervised instance : instances()) {
      OptionalLong due = instance.life().due(instance.rules());
      if (due.isPresent() && waitsFor(instance).isEmpty()) {
        least = Math.min(least, due.getAsLong() - now);
      }
      OptionalLong spareDue = spares.due(instance);
      if (spareDue.isPresent()) {
        least = Math.min(least, spareDue.getAsLong() - now);
      }
    }
    for (OptionalLong due : List.of(rollouts.due(), azure.due())) {
      if (due.isPresent()) {
        least = Math.min(least, due.getAsLong() - now);
      }
    }
    return Math.max(0, least);
  }

  private void apply(Supervised instance, InstanceEvent event) {
    apply(instance, event, instance.stateName());
  }

  private void apply(Supervised instance, InstanceEvent event, String from) {
    Stepped stepped = step(instance, event);
    records.stepped(instance, stepped.taken(), stepped.effects(), from);
    perform(instance, stepped.effects());
  }

  /** As {@link #apply}, with all that is known of an end. */
  private void applyEnd(
      Supervised instance, InstanceEvent event, String from, Endings.Ending ending) {
    Stepped stepped = step(instance, event);
    records.ended(instance, stepped.taken(), stepped.effects(), from, ending);
    perform(instance, stepped.effects());
  }

  private record Stepped(NodeJournal.Taken taken, List<Effect> effects) {}

  private Stepped step(Supervised instance, InstanceEvent event) {
    long nanos = ticks.nanos();
    double jitter = random.nextDouble();
    InstanceLife before = instance.life();
    Step step = instance.table().next(before, event, nanos, jitter);
    instance.become(step.life(), clock.instant());
    spares.stepped(instance);
    return new Stepped(
        new NodeJournal.Taken(before, event, nanos, jitter, step.life()), step.effects());
  }

  private void perform(Supervised instance, List<Effect> effects) {
    for (Effect effect : effects) {
      switch (effect) {
        case Effect.Spawn(long incarnation) -> spawn(instance, incarnation);
        case Effect.Terminate() -> {
          if (!azure.stop(instance)) {
            instance.child().ifPresent(Child::terminate);
          }
        }
        case Effect.Kill() -> {
          instance.killed();
          instance.child().ifPresent(Child::killTree);
          killLeftovers(instance);
        }
        case Effect.Tell(String sentence, boolean bad) ->
            tellNode((bad ? "! " : "") + instance.id() + " " + sentence);
      }
    }
  }

  private void killLeftovers(Supervised instance) {
    launcher.killLeftovers(
        instance.role(), instance.number(), instance.child().flatMap(Child::standby));
  }

  private void spawn(Supervised instance, long incarnation) {
    instance.starting(clock.instant());
    instance.startupDone(0);
    startNext(instance, incarnation);
  }

  /** Starts the program of an instance, or the next of those that come before it. */
  private void startNext(Supervised instance, long incarnation) {
    try {
      azure.begin(instance, incarnation);
      if (instance.isInStartup(incarnation)) {
        starts.startup(instance, incarnation);
        return;
      }
      RoleHashes hashes = launcher.hashesOf(instance.release());
      Child child = starts.program(instance, incarnation, spares.promote(instance, incarnation));
      instance.startedFrom(hashes);
      instance.journal().started(incarnation, child.pid(), hashes.build(), hashes.config());
    } catch (IOException e) {
      queue.add(
          new Message.Happened(
              instance,
              new InstanceEvent.StartFailed(incarnation, String.valueOf(e.getMessage()))));
    }
  }

  private Fleet.Acts acts() {
    return new Fleet.Acts() {
      @Override
      public void apply(Supervised instance, InstanceEvent event) {
        ask(instance, event, rollouts.underWay().orElse("rolehost scale or deploy"));
      }

      @Override
      public void begin(Supervised added) {
        dependencies.hold(added);
      }

      @Override
      public List<String> waitsFor(Supervised instance) {
        return Node.this.waitsFor(instance);
      }

      @Override
      public InstanceEvent.Freezes freezesOf(Supervised instance) {
        return frozen.reasons(instance);
      }

      @Override
      public Duration killAfter(Supervised instance) {
        return Node.this.killAfter(instance);
      }

      @Override
      public void tell(String sentence) {
        tellNode(sentence);
      }
    };
  }

  private void tellNode(String sentence) {
    console.print(console.prefix("node", -1), sentence);
  }

  /** What the processes say and do, taken to the node's thread. */
  private final class Heard implements Starts.Hearer {
    @Override
    public void said(Supervised instance, long incarnation, boolean ready, Reported reported) {
      queue.add(new Message.Said(instance, incarnation, ready, reported));
    }

    @Override
    public void silent(Supervised instance, long incarnation, Duration silent) {
      queue.add(
          new Message.Happened(instance, new InstanceEvent.Unresponsive(incarnation, silent)));
    }

    @Override
    public void ended(Supervised instance, long incarnation, int code) {
      queue.add(new Message.Ended(instance, incarnation, code));
    }

    @Override
    public Consumer<String> lines(Supervised instance) {
      String prefix = console.prefix(instance.id(), instances().indexOf(instance));
      return line -> console.print(prefix, line);
    }
  }

  private final class AroundAzure implements AzureRuntimes.Around {
    @Override
    public void onNode(Runnable action) {
      queue.add(new Message.Do(action));
    }

    @Override
    public List<Supervised> members() {
      return fleet.staying();
    }

    @Override
    public void changed(Supervised instance, boolean ready, Reported reported) {
      became(instance, ready, reported);
    }

    @Override
    public void recycle(Supervised instance, String by) {
      ask(instance, new InstanceEvent.RestartAsked(killAfter(instance)), by);
    }

    @Override
    public void tell(String sentence) {
      tellNode(sentence);
    }
  }

  private final class AroundStop implements Stopping.Acts {
    @Override
    public void ask(Supervised instance, InstanceEvent event, String by) {
      Node.this.ask(instance, event, by);
    }

    @Override
    public Duration killAfter(Supervised instance) {
      return Node.this.killAfter(instance);
    }

    @Override
    public void announce(String why, Duration longest) {
      announcer.stopping(why, longest);
    }

    @Override
    public void tell(String sentence) {
      tellNode(sentence);
    }
  }

  private final class AroundSpares implements Spares.Around {
    @Override
    public void onNode(Runnable action) {
      queue.add(new Message.Do(action));
    }

    @Override
    public void ended(Supervised instance, long incarnation, int code) {
      Node.this.ended(instance, incarnation, code);
    }

    @Override
    public void print(Supervised instance, String line) {
      console.print(console.prefix(instance.id(), instances().indexOf(instance)), line);
    }

    @Override
    public void tell(String sentence) {
      tellNode(sentence);
    }
  }
}
