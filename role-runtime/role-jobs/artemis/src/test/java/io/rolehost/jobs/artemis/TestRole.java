package io.rolehost.jobs.artemis;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.rolehost.api.BusyLease;
import io.rolehost.api.ConfigChangedListener;
import io.rolehost.api.ConfigChangingListener;
import io.rolehost.api.Endpoint;
import io.rolehost.api.HealthCheck;
import io.rolehost.api.HealthImpact;
import io.rolehost.api.Instance;
import io.rolehost.api.Operations;
import io.rolehost.api.RoleContext;
import io.rolehost.api.StopToken;
import io.rolehost.api.TaskSupervisor;
import io.rolehost.jobs.Jobs;
import io.rolehost.runtime.process.SystemTime;
import io.rolehost.runtime.supervision.CancelToken;
import io.rolehost.runtime.supervision.Escalation;
import io.rolehost.runtime.supervision.Jitter;
import io.rolehost.runtime.supervision.SupervisionListener;
import io.rolehost.runtime.supervision.TaskTree;
import io.rolehost.runtime.supervision.TreeSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A role in this process: real supervision, no host around it. */
final class TestRole implements RoleContext, AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path stateDirectory;
  private final Config config;
  private final SystemTime time = new SystemTime();
  private final List<Escalation> escalations = new CopyOnWriteArrayList<>();
  private final CancelToken token = new CancelToken();
  private final Deque<AutoCloseable> closeables = new ArrayDeque<>();
  private final TaskTree tree;
  private final Map<String, HealthCheck> checks = new ConcurrentHashMap<>();
  private final Map<String, Operations> operations = new ConcurrentHashMap<>();
  private volatile boolean frozen;
  private boolean closed;

  TestRole(Path stateDirectory, String... settings) {
    this.stateDirectory = stateDirectory;
    this.config =
        ConfigFactory.parseString(String.join("\n", settings))
            .withFallback(ConfigFactory.parseResources("reference.conf"))
            .resolve();
    this.tree =
        new TaskTree(
            TreeSettings.of(time, time, Jitter.of(new Random(1))),
            new SupervisionListener() {
              @Override
              public void escalated(Escalation escalation) {
                escalations.add(escalation);
              }
            });
  }

  Jobs open() {
    return Jobs.open(this);
  }

  List<Escalation> escalations() {
    return escalations;
  }

  void freeze(boolean now) {
    frozen = now;
  }

  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited in vain until " + what);
      }
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  /** Stops as a host does: tokens, then tasks, then resources. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    token.cancel();
    tree.leaveBy(System.nanoTime() + Duration.ofSeconds(20).toNanos());
    int _ = tree.awaitLeft(System.nanoTime() + Duration.ofSeconds(20).toNanos());
    List<AutoCloseable> all;
    synchronized (closeables) {
      all = new ArrayList<>(closeables);
    }
    for (AutoCloseable resource : all) {
      try {
        resource.close();
      } catch (Exception e) {
        throw new AssertionError("closing " + resource, e);
      }
    }
  }

  @Override
  public Instance instance() {
    return new Instance("default", "test", "test_IN_0", 1);
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  public TaskSupervisor tasks() {
    return tree;
  }

  @Override
  public StopToken stopToken() {
    return token;
  }

  @Override
  public <T extends AutoCloseable> T closeOnStop(T resource) {
    synchronized (closeables) {
      closeables.addFirst(resource);
    }
    return resource;
  }

  @Override
  public Path stateDirectory() {
    return stateDirectory;
  }

  @Override
  public boolean frozen() {
    return frozen;
  }

  @Override
  public void healthCheck(String name, HealthCheck check, HealthImpact impact) {
    checks.put(name, check);
  }

  @Override
  public void operations(String name, Operations shown) {
    operations.put(name, shown);
  }

  /** Returns what operators are shown under a name. */
  Operations shown(String name) {
    return Objects.requireNonNull(operations.get(name), name);
  }

  /** Returns what is wrong by a check, or an empty text. */
  String problem(String check) {
    try {
      HealthCheck.Result result = Objects.requireNonNull(checks.get(check), check).check();
      return result.healthy() ? "" : result.message();
    } catch (Exception e) {
      throw new AssertionError(check, e);
    }
  }

  @Override
  public BusyLease busy(String reason, Duration ttl) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void requestRecycle(String reason) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Endpoint endpoint(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path localResource(String name) {
    throw new IllegalArgumentException("There is no local resource " + name);
  }

  @Override
  public void onConfigChanging(ConfigChangingListener listener) {}

  @Override
  public void onConfigChanged(ConfigChangedListener listener) {}
}
