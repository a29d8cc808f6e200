package io.rolehost.jobs.engine;

import io.rolehost.api.PermanentFailureException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;

/** Finds the engine of a URL, and says what is missing. */
public final class Engines {

  private Engines() {}

  /**
   * Returns the engine for a scheme.
   *
   * @throws PermanentFailureException if there is none on the class path
   */
  public static Engine of(String scheme) {
    Set<String> known = new TreeSet<>();
    for (Engine engine : ServiceLoader.load(Engine.class, Engine.class.getClassLoader())) {
      if (engine.schemes().contains(scheme)) {
        return engine;
      }
      known.addAll(engine.schemes());
    }
    throw new PermanentFailureException(
        "No message engine on the class path answers to \""
            + scheme
            + ":\". "
            + (known.isEmpty() ? "There is none at all." : "There are those for " + known + ".")
            + " Add io.rolehost:role-jobs-artemis for tcp: (Apache Artemis) or"
            + " io.rolehost:role-jobs-amqp for amqp: and amqps: (any AMQP 1.0 broker), or change"
            + " rolehost.jobs.broker.url.");
  }

  /**
   * Returns a sentence naming both sides if an engine can't do what is asked of it; empty if it
   * can. Pure.
   *
   * @param who asks, for instance {@code jobs.send to "photos"}
   */
  public static String missing(
      String who, Set<Capability> needed, Set<Capability> has, String engine) {
    Set<Capability> lacking = EnumSet.noneOf(Capability.class);
    lacking.addAll(needed);
    lacking.removeAll(has);
    if (lacking.isEmpty()) {
      return "";
    }
    List<Capability> offered = new ArrayList<>(has);
    return who
        + " needs "
        + lacking
        + ", which "
        + engine
        + " has not; it has "
        + offered
        + ". Leave that out, point rolehost.jobs.broker.url to an engine that has it, or, if this"
        + " broker has it and does not say so, tell what it is by rolehost.jobs.broker.kind.";
  }
}
