package io.rolehost.samples.photos.web;

import com.typesafe.config.Config;
import io.rolehost.api.BusyLease;
import io.rolehost.api.ConfigChangedListener;
import io.rolehost.api.ConfigChangingListener;
import io.rolehost.api.Endpoint;
import io.rolehost.api.EndpointServer;
import io.rolehost.api.HealthCheck;
import io.rolehost.api.HealthImpact;
import io.rolehost.api.Instance;
import io.rolehost.api.RoleContext;
import io.rolehost.api.StopToken;
import io.rolehost.api.Strategy;
import io.rolehost.api.Task;
import io.rolehost.api.TaskHandle;
import io.rolehost.api.TaskSupervisor;
import io.rolehost.api.http.HttpHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A host that only takes notes. */
final class FakeContext implements RoleContext, TaskSupervisor, Endpoint {
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
    throw new UnsupportedOperationException();
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
}
