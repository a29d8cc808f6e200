package io.rolehost.freeze;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The freeze as one instance, or a supervisor of several, sees it: all sources together. Making one
 * reads nothing and starts nothing. Safe for use by any thread.
 */
public final class FreezeSwitch implements AutoCloseable {

  private final List<FreezeSource> sources;
  private volatile Identity identity;

  private FreezeSwitch(Identity identity, List<FreezeSource> sources) {
    this.identity = identity;
    this.sources = List.copyOf(sources);
  }

  /**
   * Combines sources for an instance.
   *
   * @param identity who asks in {@link #verdict(Instant)}
   * @param sources closed by {@link #close()}; writing goes to the first {@link FreezeStore}
   */
  public static FreezeSwitch of(Identity identity, List<FreezeSource> sources) {
    return new FreezeSwitch(identity, sources);
  }

  /** Returns who asks. */
  public Identity identity() {
    return identity;
  }

  /** Changes who asks, after the configuration was read again and has another hash. */
  public void identify(Identity changed) {
    identity = changed;
  }

  /** Returns the sources, in their order. */
  public List<FreezeSource> sources() {
    return sources;
  }

  /** Reads the sources and judges; see {@link FreezeSource#answer()} for how long that takes. */
  public FreezeVerdict verdict(Instant now) {
    return verdict(identity, now);
  }

  /** Reads the sources and judges for another instance than its own. */
  public FreezeVerdict verdict(Identity who, Instant now) {
    List<Named> answers = new ArrayList<>(sources.size());
    for (FreezeSource source : sources) {
      answers.add(new Named(source.name(), source.answer()));
    }
    return judge(answers, who, now);
  }

  /** Judges by what was read last, and reads nothing: for probes, which must never wait. */
  public FreezeVerdict lastVerdict(Instant now) {
    List<Named> answers = new ArrayList<>(sources.size());
    for (FreezeSource source : sources) {
      answers.add(new Named(source.name(), source.lastKnown()));
    }
    return judge(answers, identity, now);
  }

  /**
   * Returns when the verdict changes though no source does: the earliest {@code until} ahead, by
   * what was read last. Whoever waits for an unfreeze arms a timer by it, and asks again then,
   * because a clock can be set in between.
   */
  public Optional<Instant> nextChange(Instant now) {
    return FreezeRule.nextChange(all(), identity, now);
  }

  /** Returns every freeze of every source by what was read last, whoever it covers. */
  public List<Freeze> all() {
    List<Freeze> all = new ArrayList<>();
    for (FreezeSource source : sources) {
      all.addAll(source.lastKnown().freezes());
    }
    return List.copyOf(all);
  }

  /**
   * Calls {@code changed} when any source's answer has become another; from now on the sources are
   * watched. See {@link FreezeSource#watch} for the thread. An {@code until} that passes is not a
   * change of a source: see {@link #nextChange}.
   */
  public FreezeSource.Watch onChange(Runnable changed) {
    List<FreezeSource.Watch> watches = new ArrayList<>(sources.size());
    for (FreezeSource source : sources) {
      watches.add(source.watch(changed));
    }
    return () -> {
      for (FreezeSource.Watch watch : watches) {
        watch.close();
      }
    };
  }

  /**
   * Stores a freeze; it replaces the one of the same scope and owner.
   *
   * @throws IOException if it can't be stored; the message is for a person
   */
  public void put(Freeze freeze) throws IOException {
    store().put(freeze);
  }

  /** Returns who ended a freeze that is no longer there, if any source knows. */
  public Optional<Ending> ending(String id) {
    for (FreezeSource source : sources) {
      Optional<Ending> ending = source.ending(id);
      if (ending.isPresent()) {
        return ending;
      }
    }
    return Optional.empty();
  }

  /** Returns the name of the source that {@link #put} writes to; empty if none can be written. */
  public Optional<String> storedIn() {
    return sources.stream()
        .filter(source -> source instanceof FreezeStore)
        .map(FreezeSource::name)
        .findFirst();
  }

  /**
   * Removes the stored freeze with an id.
   *
   * @param by who ends it; empty = not known
   * @return what was removed; none if there is no such freeze, or it is not in the store
   * @throws IOException if it can't be stored
   */
  public List<Freeze> remove(String id, String by) throws IOException {
    return store().removeIf(freeze -> freeze.id().equals(id), by);
  }

  /**
   * Removes the stored freezes of exactly this scope.
   *
   * @param by who ends them; empty = not known
   * @return what was removed
   * @throws IOException if it can't be stored
   */
  public List<Freeze> remove(Scope scope, String by) throws IOException {
    return store().removeIf(freeze -> freeze.scope().equals(scope), by);
  }

  /**
   * Removes each stored freeze that covers this instance.
   *
   * @param by who ends them; empty = not known
   * @return what was removed
   * @throws IOException if it can't be stored
   */
  public List<Freeze> removeCovering(Instant now, String by) throws IOException {
    Identity who = identity;
    return store()
        .removeIf(freeze -> !FreezeRule.covering(List.of(freeze), who, now).isEmpty(), by);
  }

  /** Closes the sources. */
  @Override
  public void close() {
    for (FreezeSource source : sources) {
      source.close();
    }
  }

  private FreezeStore store() throws IOException {
    for (FreezeSource source : sources) {
      if (source instanceof FreezeStore store) {
        return store;
      }
    }
    throw new IOException("No source of this instance can be written");
  }

  private static FreezeVerdict judge(List<Named> answers, Identity who, Instant now) {
    List<Freeze> freezes = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Named named : answers) {
      freezes.addAll(named.answer().freezes());
      Optional<String> problem = named.answer().knowledge().problem();
      if (problem.isPresent()) {
        problems.add(named.name() + ": " + problem.get());
      }
    }
    return new FreezeVerdict(FreezeRule.covering(freezes, who, now), problems);
  }

  private record Named(String name, SourceAnswer answer) {}
}
