package io.rolehost.jobs.queue;

import io.rolehost.api.Backoff;
import io.rolehost.api.RoleContext;
import io.rolehost.api.Strategy;
import io.rolehost.api.Task;
import io.rolehost.api.TaskSupervisor;
import io.rolehost.jobs.JobHandler;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobsUnavailableException;
import io.rolehost.jobs.Outgoing;
import io.rolehost.jobs.QueueTrigger;
import io.rolehost.jobs.engine.Capability;
import io.rolehost.jobs.engine.Engine;
import io.rolehost.jobs.engine.Engines;
import io.rolehost.jobs.engine.QueueLook;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/** The queues of a role: what it handles, and what it sends. Safe for all threads. */
public final class JobQueues {

  private static final System.Logger LOG = System.getLogger(JobQueues.class.getName());
  private static final String GROUP = "jobs";

  /** A broker that is away is asked for again every few seconds, however long it takes. */
  private static final Backoff BACKOFF =
      Backoff.exponential(Duration.ofMillis(200), Duration.ofSeconds(3));

  private static final Duration DISCOVER = Duration.ofSeconds(1);
  private static final Duration UNPARK = Duration.ofSeconds(30);

  /**
   * What it is made of.
   *
   * @param has what the engine can do at the address in question, as it is known now
   * @param sendTimeout how long a send may wait for the broker
   * @param finishWithin how long handlers may go on after a stop was asked
   */
  public record Settings(
      Engine engine,
      Set<Capability> has,
      Link link,
      Tracking tracking,
      InstantSource clock,
      Duration sendTimeout,
      Duration finishWithin) {}

  private record Prefixed<T>(QueueTrigger trigger, Class<T> type, JobHandler<T> handler) {
    Handling<T> handling() {
      return new Handling<>(trigger, type, handler);
    }
  }

  private final RoleContext context;
  private final Settings settings;
  private final QueueWatch watch;
  private final Parts parts;
  private final Housekeeping housekeeping;
  private final DeadLetters deadLetters;
  private final Map<String, QueueWork> works = new ConcurrentHashMap<>();
  private final List<Prefixed<?>> prefixes = new CopyOnWriteArrayList<>();
  private final Set<String> pausedForAll = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean discovers = new AtomicBoolean();
  private final AtomicBoolean unparks = new AtomicBoolean();

  /** Starts nothing yet. */
  public JobQueues(RoleContext context, Settings settings, QueueWatch watch) {
    this.context = context;
    this.watch = watch;
    this.settings = settings;
    Set<Capability> has = settings.has();
    this.parts =
        new Parts(
            settings.link(),
            settings.engine(),
            has,
            new Outbox(
                new Sender(settings.link(), settings.engine(), settings.sendTimeout()),
                settings.tracking(),
                settings.clock(),
                settings.engine(),
                has),
            settings.tracking(),
            settings.clock(),
            context.side(),
            () -> ThreadLocalRandom.current().nextDouble());
    this.housekeeping = new Housekeeping(parts);
    this.deadLetters = new DeadLetters(parts);
  }

  /** Handles the messages of a queue; see {@link io.rolehost.jobs.Jobs#on}. */
  public <T> void on(QueueTrigger trigger, Class<T> type, JobHandler<T> handler) {
    require(trigger);
    Prefixed<T> declared = new Prefixed<>(trigger, type, handler);
    if (!trigger.prefix()) {
      handle(trigger.name(), declared.handling());
      return;
    }
    prefixes.add(declared);
    if (discovers.compareAndSet(false, true)) {
      Object _ = tasks().start(periodic("queues", DISCOVER, this::discover));
    }
  }

  private void require(QueueTrigger trigger) {
    Set<Capability> needs = EnumSet.of(Capability.TRANSACTIONS);
    if (trigger.prefix()) {
      needs.add(Capability.PREFIX);
    }
    String missing =
        Engines.missing(
            "The trigger of \"" + trigger.name() + (trigger.prefix() ? "*" : "") + "\"",
            needs,
            settings.has(),
            settings.engine().name());
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(missing);
    }
  }

  private void handle(String queue, Handling<?> handling) {
    QueueWork work = work(queue, handling.trigger());
    work.add(handling);
    int number = work.slots();
    for (Slot slot : work.upTo(handling.trigger().concurrency(), parts)) {
      number++;
      Object _ = tasks().start(task(queue + "-" + number).apply(slot));
    }
    if (unparks.compareAndSet(false, true)) {
      Object _ = tasks().start(periodic("parked", UNPARK, this::unpark));
    }
  }

  private interface Spec {
    Task apply(Slot slot);
  }

  private Spec task(String name) {
    return slot -> {
      Task task = Task.named(name).body(slot).backoff(BACKOFF).unlimitedRestarts();
      return settings.finishWithin().equals(Task.DEFAULT_STOP_WITHIN)
          ? task
          : task.stopWithin(settings.finishWithin());
    };
  }

  private static Task periodic(String name, Duration period, Runnable action) {
    return Task.named(name)
        .body(task -> {
          try {
            action.run();
          } catch (JobsUnavailableException away) {
            LOG.log(System.Logger.Level.DEBUG, "No broker for " + name, away);
          }
        })
        .every(period)
        .unlimitedRestarts();
  }

  private TaskSupervisor tasks() {
    return context.tasks().group(GROUP, Strategy.ONE_FOR_ONE);
  }

  private QueueWork work(String queue, QueueTrigger trigger) {
    return works.computeIfAbsent(
        queue,
        name -> {
          String label = trigger.prefix() ? trigger.name() + "*" : name;
          Counts counts = new Counts(watch.handled(label));
          QueueWork made = new QueueWork(name, counts);
          watch.declared(name, label, counts);
          pausedForAll.forEach(made::pause);
          return made;
        });
  }

  /** Finds queues that came up since; all handlers are declared before the first slot starts. */
  private void discover() {
    for (Prefixed<?> prefixed : prefixes) {
      String prefix = prefixed.trigger().name();
      for (QueueLook look : housekeeping.look(prefix)) {
        if (!QueueName.isAside(look.name()) && !handles(look.name(), prefixed.type())) {
          LOG.log(System.Logger.Level.INFO, "Found queue \"" + look.name() + "\"");
          handle(look.name(), prefixed.handling());
        }
      }
    }
  }

  private boolean handles(String queue, Class<?> type) {
    QueueWork work = works.get(queue);
    return work != null
        && Payloads.names(type).stream().anyMatch(name -> work.handling(name) != null);
  }

  private void unpark() {
    if (!settings.has().contains(Capability.SELECTORS)) {
      return;
    }
    for (QueueWork work : works.values()) {
      if (!settings.has().contains(Capability.QUEUE_FACTS)
          || housekeeping.look(QueueName.parked(work.queue())).stream()
              .anyMatch(look -> look.waiting() > 0)) {
        int back = housekeeping.unpark(work);
        if (back > 0) {
          LOG.log(
              System.Logger.Level.INFO,
              back + " parked messages of \"" + work.queue() + "\" have a handler now");
        }
      }
    }
  }

  /** Begins a message. */
  public Outgoing send(String queue, Object payload) {
    return parts.outbox().draft(queue, payload, parts.outbox());
  }

  /** Sends what was admitted before: a row of the ledger whose message may be missing. */
  public void sendAgain(Dispatch dispatch) {
    parts.outbox().post(dispatch);
  }

  /** Returns the dead letters. */
  public DeadLetters deadLetters() {
    return deadLetters;
  }

  /**
   * Returns the queues whose name begins so, those beside a queue too.
   *
   * @throws JobsUnavailableException if the broker can't be asked
   * @throws UnsupportedOperationException if the engine tells no facts
   */
  public List<QueueLook> look(String prefix) {
    if (!settings.has().contains(Capability.QUEUE_FACTS)) {
      throw new UnsupportedOperationException(
          settings.engine().name() + " tells nothing of its queues to its clients");
    }
    return housekeeping.look(prefix);
  }

  /** Returns what this process has done, by queue. */
  public Map<String, Counts> counts() {
    Map<String, Counts> all = new TreeMap<>();
    works.forEach((name, work) -> all.put(name, work.counts()));
    return all;
  }

  /** Returns who has a reason to keep a queue from being taken from; empty if nobody has. */
  public Set<String> paused(String queue) {
    QueueWork work = works.get(queue);
    return work == null ? Set.of() : work.gate().reasons();
  }

  /** Keeps this process from taking from a queue; what is taken is finished. */
  public void pause(String queue, String reason) {
    QueueWork work = works.get(queue);
    if (work != null) {
      work.pause(reason);
    }
  }

  /** Takes a reason back. */
  public void resume(String queue, String reason) {
    QueueWork work = works.get(queue);
    if (work != null) {
      work.gate().open(reason);
    }
  }

  /** Keeps this process from taking from any queue, also from those found later. */
  public void pauseAll(String reason) {
    pausedForAll.add(reason);
    works.values().forEach(work -> work.pause(reason));
  }

  /** Takes a reason back everywhere. */
  public void resumeAll(String reason) {
    pausedForAll.remove(reason);
    works.values().forEach(work -> work.gate().open(reason));
  }

  /** Returns which jobs of a queue run in this process. */
  public List<JobId> running(String queue) {
    QueueWork work = works.get(queue);
    return work == null ? List.of() : work.runningIds();
  }

  /** Returns which jobs run in this process. */
  public List<JobId> running() {
    return works.values().stream().flatMap(work -> work.runningIds().stream()).toList();
  }

  /** Tells a job that runs here that its end is wanted; false if none of that id does. */
  public boolean cancelRunning(JobId id) {
    Optional<Attempt> found =
        works.values().stream().flatMap(work -> work.running(id).stream()).findFirst();
    found.ifPresent(Attempt::cancel);
    return found.isPresent();
  }

  /** Returns whether the engine can be asked how many messages wait. */
  public boolean tellsFacts() {
    return settings.has().contains(Capability.QUEUE_FACTS);
  }

  /** Returns what is wrong with the connection to the broker, or an empty text. */
  public String problem() {
    return settings.link().problem();
  }
}
