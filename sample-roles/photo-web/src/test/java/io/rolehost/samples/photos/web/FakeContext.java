package io.rolehost.samples.photos.web;

import com.typesafe.config.Config;
import io.rolehost.api.BusyLease;
import io.rolehost.api.ConfigChangedListener;
import io.rolehost.api.ConfigChangingListener;
import io.rolehost.api.Endpoint;
import io.rolehost.api.EndpointServer;
import io.rolehost.api.Fence;
import io.rolehost.api.HealthCheck;
import io.rolehost.api.HealthImpact;
import io.rolehost.api.Instance;
import io.rolehost.api.RoleContext;
import io.rolehost.api.StopToken;
import io.rolehost.api.Strategy;
import io.rolehost.api.Task;
import io.rolehost.api.TaskContext;
import io.rolehost.api.TaskHandle;
import io.rolehost.api.TaskSupervisor;
import io.rolehost.api.http.HttpHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** A host that only takes notes; the tasks run when the test says so, on its own thread. */
final class FakeContext implements RoleContext, TaskSupervisor, Endpoint {
  final List<Task> tasks = new ArrayList<>();
  final Map<String, HealthCheck> healthChecks = new HashMap<>();
  HttpHandler handler =
      request -> {
        throw new IllegalStateException("nothing is served");
      };
  private final Config config;
  private final Instance instance;

  FakeContext(Config config, String role) {
    this.config = config;
    this.instance = new Instance("test", role, role + "_IN_0", 1);
  }

  /** Runs the body of each task until it finds nothing more to do. */
  void runTasksUntilIdle() throws Exception {
    for (Task task : tasks) {
      task.body().run(new OneRound());
    }
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
    return this;
  }

  @Override
  public TaskHandle start(Task task) {
    tasks.add(task);
    return new TaskHandle() {
      @Override
      public String name() {
        return task.name();
      }

      @Override
      public State state() {
        return State.RUNNING;
      }

      @Override
      public int attempts() {
        return 1;
      }

      @Override
      public void stop() {}
    };
  }

  @Override
  public void healthCheck(String name, HealthCheck check, HealthImpact impact) {
    healthChecks.put(name, check);
  }

  @Override
  public Endpoint endpoint(String name) {
    return this;
  }

  @Override
  public void serve(HttpHandler given) {
    handler = given;
  }

  @Override
  public String name() {
    return "http";
  }

  @Override
  public String protocol() {
    return "http";
  }

  @Override
  public String host() {
    return "127.0.0.1";
  }

  @Override
  public int port() {
    return 0;
  }

  @Override
  public void serve(EndpointServer server) {
    throw new UnsupportedOperationException();
  }

  @Override
  public StopToken stopToken() {
    throw new UnsupportedOperationException();
  }

  @Override
  public TaskSupervisor group(String name, Strategy strategy) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void await() {
    throw new UnsupportedOperationException();
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
  public <T extends AutoCloseable> T closeOnStop(T resource) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path localResource(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void onConfigChanging(ConfigChangingListener listener) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void onConfigChanged(ConfigChangedListener listener) {
    throw new UnsupportedOperationException();
  }

  /** An attempt that is asked to stop as soon as it says that it is idle. */
  private static final class OneRound implements TaskContext, StopToken, Fence {
    private boolean stopped;

    @Override
    public String name() {
      return "round";
    }

    @Override
    public int attempt() {
      return 1;
    }

    @Override
    public StopToken stopToken() {
      return this;
    }

    @Override
    public void progress(long position) {}

    @Override
    public void idle() {
      stopped = true;
    }

    @Override
    public <T> T compute(Callable<T> work) throws Exception {
      return work.call();
    }

    @Override
    public Fence fence() {
      return this;
    }

    @Override
    public void check() {}

    @Override
    public boolean isCurrent() {
      return true;
    }

    @Override
    public long number() {
      return 1;
    }

    @Override
    public boolean isStopRequested() {
      return stopped;
    }

    @Override
    public void await() {}

    @Override
    public boolean await(Duration timeout) {
      return stopped;
    }

    @Override
    public void onStop(Runnable action) {}
  }
}
