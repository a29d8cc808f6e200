package io.rolehost.api;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the host gives a role: settings, tasks, endpoints, and the ways to speak back. One object
 * for the life of the process; every method may be called from any thread.
 */
public interface RoleContext {

  /** Returns who this process is. */
  Instance instance();

  /**
   * Returns the configuration now in force, the role's own keys and {@code rolehost} together. An
   * immutable value: ask again after a {@linkplain #onConfigChanged change}. Inside a changing
   * listener it still is the old one.
   */
  Config config();

  /** Returns the root of the role's supervised tasks. */
  TaskSupervisor tasks();

  /** Returns the token that is cancelled when the instance stops. */
  StopToken stopToken();

  /**
   * Takes the instance out of the load balancer until the lease is closed or its time is over.
   * Leases add up: the instance is busy while any of them is open.
   *
   * @param reason shown to operators as the cause, for instance {@code "rebuilding index"}
   * @param ttl how long at most; positive. A lease that is forgotten frees itself
   * @throws IllegalArgumentException if {@code ttl} is not positive or {@code reason} is blank
   */
  BusyLease busy(String reason, Duration ttl);

  /**
   * Asks for a recycle: an orderly stop (exit 86) and a new start. Returns at once; asking twice is
   * asking once.
   */
  void requestRecycle(String reason);

  /**
   * Has the host close something when the role ends, in reverse order of these calls, after {@code
   * onStop} and after the tasks have left; also when the start fails.
   *
   * @return {@code resource}, so that it can be kept in the same statement
   * @throws IllegalStateException if resources are already being closed; {@code resource} is then
   *     closed by this call
   */
  <T extends AutoCloseable> T closeOnStop(T resource);

  /**
   * Returns the endpoint that the configuration declares under {@code rolehost.endpoints.<name>}.
   *
   * @throws IllegalArgumentException if there is none; the message names those that exist
   */
  Endpoint endpoint(String name);

  /**
   * Returns the directory declared under {@code rolehost.local-resources.<name>}. It exists and can
   * be written; whether it keeps its content over a recycle is said there.
   *
   * @throws IllegalArgumentException if there is none; the message names those that exist
   */
  Path localResource(String name);

  /**
   * Registers a health check. It runs on a thread of the host's, never on a probe's: its answers
   * are sampled, and 3 failures in a row turn it down, 2 successes up again. The first answer
   * counts at once.
   *
   * @param name unique within the role
   * @throws IllegalArgumentException if the name is taken
   */
  void healthCheck(String name, HealthCheck check, HealthImpact impact);

  /**
   * Adds a listener that is asked before a changed configuration takes effect. Listeners are asked
   * one after another in the order they were added.
   */
  void onConfigChanging(ConfigChangingListener listener);

  /** Adds a listener that is told after a changed configuration has taken effect. */
  void onConfigChanged(ConfigChangedListener listener);

  /** Returns on which side of a swap this deployment is. */
  @Experimental
  default Side side() {
    return Side.ALONE;
  }

  /**
   * Returns the folder in which the runtime keeps what outlives a process; the same for all
   * instances that one node runs. A library of a role may have a folder of its own name in it.
   */
  @Experimental
  default Path stateDirectory() {
    throw new UnsupportedOperationException("This context has no state directory");
  }

  /** Returns whether a freeze covers this instance now. */
  @Experimental
  default boolean frozen() {
    return false;
  }

  /**
   * Shows a part of the role to operators and lets them act on it: {@code /status} tells its facts
   * under {@code operations.<name>}, {@code GET /operations/<name>} more of them, and {@code POST
   * /operations/<name>?do=VERB} with the token acts.
   *
   * @throws IllegalArgumentException if the name is taken, or is no lower-case word
   */
  @Experimental
  default void operations(String name, Operations operations) {}
}
