package com.microsoft.windowsazure.serviceruntime;

import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The environment that a role instance runs in: who it is, its settings, folders and endpoints, the
 * other roles of its deployment, and what happens to it. All methods may be called from any thread.
 * Where no runtime is, all but {@link #isAvailable} and the methods that remove a listener throw
 * {@link RoleEnvironmentNotAvailableException}.
 *
 * <p>Events come on one thread, one after another. What a listener throws goes to that thread's
 * handler of uncaught exceptions, and the other listeners are called all the same.
 */
public final class RoleEnvironment {
  private static final String ENDPOINT = "WaRuntimeEndpoint";
  private static final long PATIENCE_MILLIS = 10_000;

  private static final @Nullable RuntimeClient CLIENT = client(System.getenv(ENDPOINT));

  private RoleEnvironment() {}

  private static @Nullable RuntimeClient client(@Nullable String endpoint) {
    return endpoint == null || endpoint.isEmpty()
        ? null
        : new RuntimeClient(endpoint, RuntimeClient.files(), PATIENCE_MILLIS);
  }

  private static RuntimeClient runtime() {
    @Nullable RuntimeClient client = CLIENT;
    if (client == null) {
      throw new RoleEnvironmentNotAvailableException(
          new IllegalStateException(
              "There is no role environment: the variable "
                  + ENDPOINT
                  + " is not set. A node sets it for roles with  azure-runtime = true ."));
    }
    return client;
  }

  private static Environment environment() {
    return runtime().environment();
  }

  /** Returns the instance that this process belongs to. */
  public static RoleInstance getCurrentRoleInstance() {
    return environment().current;
  }

  /** Returns the name of the deployment. */
  public static String getDeploymentId() {
    return environment().deploymentId;
  }

  /**
   * Returns whether there is a runtime that answers. Never throws; costs nothing where the process
   * was not started by one.
   */
  public static boolean isAvailable() {
    try {
      return CLIENT != null && Objects.nonNull(environment());
    } catch (RuntimeException e) {
      return false;
    }
  }

  /** Returns whether it runs on the machine of a developer. */
  public static boolean isEmulated() {
    return environment().emulated;
  }

  /** Returns the roles of the deployment by name; can't be modified. */
  public static Map<String, Role> getRoles() {
    return environment().roles;
  }

  /** Returns the configuration settings by name; can't be modified. */
  public static Map<String, String> getConfigurationSettings() {
    return environment().settings;
  }

  /** Returns the folders of the instance by name; can't be modified. */
  public static Map<String, LocalResource> getLocalResources() {
    return environment().localResources;
  }

  /** Asks for a recycle: the instance stops in order and starts again. Returns at once. */
  public static void requestRecycle() {
    runtime().requestRecycle();
  }

  /**
   * Says how the instance is. Busy, it is not ready until {@code expirationUtc}, {@link
   * #clearStatus} or another status; Ready ends an earlier Busy.
   *
   * @param status the status
   * @param expirationUtc when the runtime goes by itself again
   */
  @SuppressWarnings("JavaUtilDate") // the signature is given
  public static void setStatus(RoleInstanceStatus status, Date expirationUtc) {
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(expirationUtc, "expirationUtc");
    Instant until = Instant.ofEpochMilli(expirationUtc.getTime());
    runtime().setStatus(status == RoleInstanceStatus.Busy ? "Busy" : "Started", until);
  }

  /** Takes back what {@link #setStatus} said. */
  public static void clearStatus() {
    runtime().clearStatus();
  }

  /**
   * Has a listener told after each change.
   *
   * @param listener called as often as it was added
   */
  public static void addRoleEnvironmentChangedListener(RoleEnvironmentChangedListener listener) {
    runtime().requireRuntime();
    runtime().changed.add(Objects.requireNonNull(listener, "listener"));
  }

  /**
   * Takes back one addition; does nothing without one.
   *
   * @param listener which
   */
  public static void removeRoleEnvironmentChangedListener(RoleEnvironmentChangedListener listener) {
    if (CLIENT != null) {
      CLIENT.changed.remove(listener);
    }
  }

  /**
   * Has a listener told before each change.
   *
   * @param listener called as often as it was added
   */
  public static void addRoleEnvironmentChangingListener(RoleEnvironmentChangingListener listener) {
    runtime().requireRuntime();
    runtime().changing.add(Objects.requireNonNull(listener, "listener"));
  }

  /**
   * Takes back one addition; does nothing without one.
   *
   * @param listener which
   */
  public static void removeRoleEnvironmentChangingListener(
      RoleEnvironmentChangingListener listener) {
    if (CLIENT != null) {
      CLIENT.changing.remove(listener);
    }
  }

  /**
   * Has a listener told when the instance is to end.
   *
   * @param listener called as often as it was added
   */
  public static void addRoleEnvironmentStoppingListener(RoleEnvironmentStoppingListener listener) {
    runtime().requireRuntime();
    runtime().stopping.add(Objects.requireNonNull(listener, "listener"));
  }

  /**
   * Takes back one addition; does nothing without one.
   *
   * @param listener which
   */
  public static void removeRoleEnvironmentStoppingListener(
      RoleEnvironmentStoppingListener listener) {
    if (CLIENT != null) {
      CLIENT.stopping.remove(listener);
    }
  }
}
