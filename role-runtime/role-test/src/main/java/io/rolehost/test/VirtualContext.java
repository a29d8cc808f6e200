package io.rolehost.test;

import com.typesafe.config.Config;
import io.rolehost.api.BusyLease;
import io.rolehost.api.ConfigChange;
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
import io.rolehost.api.http.HttpHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a role under test is given. */
final class VirtualContext implements RoleContext {

  private final Instance instance;
  private final Map<String, VirtualEndpoint> endpoints = new ConcurrentHashMap<>();
  private final Map<String, HealthCheck> checks = new ConcurrentHashMap<>();
  private final Map<String, Operations> operations = new ConcurrentHashMap<>();
  private final Map<String, Path> resources = new ConcurrentHashMap<>();
  private final List<ConfigChangingListener> changing = new CopyOnWriteArrayList<>();
  private final List<ConfigChangedListener> changed = new CopyOnWriteArrayList<>();
  private final Deque<AutoCloseable> closeables = new ArrayDeque<>();
  private volatile Config config;
  private volatile boolean frozen;
  private volatile @Nullable RoleShell shell;

  VirtualContext(String role, Config config, VirtualTime time) {
    this.instance = new Instance("test", role, role + "_IN_0", 1);
    this.config = config;
  }

  void attach(RoleShell host) {
    shell = host;
  }

  private RoleShell shell() {
    RoleShell host = shell;
    if (host == null) {
      throw new IllegalStateException("the context is used before the role starts");
    }
    return host;
  }

  @Override
  public Instance instance() {
    return instance;
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  public TaskSupervisor tasks() {
    return shell().tasks();
  }

  @Override
  public StopToken stopToken() {
    return shell().token();
  }

  @Override
  public BusyLease busy(String reason, Duration ttl) {
    return shell().leases().open(reason, ttl);
  }

  @Override
  public void requestRecycle(String reason) {
    shell().recycle(reason);
  }

  @Override
  public <T extends AutoCloseable> T closeOnStop(T resource) {
    synchronized (closeables) {
      closeables.push(resource);
    }
    return resource;
  }

  /** Closes what the role wants closed, the last one first; goes on past what throws. */
  void closeResources() throws Exception {
    Exception first = null;
    for (Optional<AutoCloseable> next = pop(); next.isPresent(); next = pop()) {
      try {
        next.get().close();
      } catch (Exception e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private Optional<AutoCloseable> pop() {
    synchronized (closeables) {
      return Optional.ofNullable(closeables.poll());
    }
  }

  @Override
  public Endpoint endpoint(String name) {
    return endpoints.computeIfAbsent(name, VirtualEndpoint::new);
  }

  HttpHandler handler(String name) {
    return Optional.ofNullable(endpoints.get(name))
        .flatMap(VirtualEndpoint::handler)
        .orElseThrow(() ->
            new IllegalStateException(
                "The role serves no endpoint \"%s\" with a handler; it asked for %s"
                    .formatted(name, endpoints.keySet())));
  }

  @Override
  public Path localResource(String name) {
    return resources.computeIfAbsent(name, VirtualContext::freshDirectory);
  }

  private static Path freshDirectory(String name) {
    try {
      return Files.createTempDirectory("role-test-" + name.replace("/", ""));
    } catch (IOException e) {
      throw new UncheckedIOException("No directory for the local resource \"" + name + '"', e);
    }
  }

  /** A local resource that no role can name. */
  @Override
  public Path stateDirectory() {
    return localResource("/state");
  }

  @Override
  public boolean frozen() {
    return frozen;
  }

  void frozen(boolean now) {
    frozen = now;
  }

  @Override
  public void operations(String name, Operations given) {
    if (operations.putIfAbsent(name, given) != null) {
      throw new IllegalArgumentException("There are operations named \"" + name + "\" already");
    }
  }

  Operations operations(String name) {
    Operations known = operations.get(name);
    if (known == null) {
      throw new IllegalStateException(
          "The role has no operations \"%s\", only %s".formatted(name, operations.keySet()));
    }
    return known;
  }

  @Override
  public void healthCheck(String name, HealthCheck check, HealthImpact impact) {
    checks.put(name, check);
  }

  HealthCheck.Result check(String name) throws Exception {
    HealthCheck known = checks.get(name);
    if (known == null) {
      throw new IllegalStateException(
          "The role has no health check \"%s\", only %s".formatted(name, checks.keySet()));
    }
    return known.check();
  }

  @Override
  public void onConfigChanging(ConfigChangingListener listener) {
    changing.add(listener);
  }

  @Override
  public void onConfigChanged(ConfigChangedListener listener) {
    changed.add(listener);
  }

  List<ConfigChangingListener> changing() {
    return changing;
  }

  /** As in a host: a listener that throws rejects. */
  static ConfigChangingListener.Answer ask(ConfigChangingListener listener, ConfigChange change) {
    try {
      return listener.changing(change);
    } catch (Exception e) {
      return ConfigChangingListener.Answer.REJECT;
    }
  }

  void changed(Config after, ConfigChange change) {
    config = after;
    for (ConfigChangedListener listener : changed) {
      try {
        listener.changed(change);
      } catch (Exception e) {
        shell().note("a listener of changed settings failed: " + e);
      }
    }
  }

  /** Deletes the local resources. */
  void close() {
    for (Path root : resources.values()) {
      try (Stream<Path> inside = Files.walk(root)) {
        for (Path each : inside.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(each);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("A local resource could not be deleted: " + root, e);
      }
    }
  }
}
