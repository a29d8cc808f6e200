package io.rolehost.runtime.boot;

import com.typesafe.config.Config;
import io.rolehost.api.BusyLease;
import io.rolehost.api.ConfigChangedListener;
import io.rolehost.api.ConfigChangingListener;
import io.rolehost.api.Endpoint;
import io.rolehost.api.HealthCheck;
import io.rolehost.api.HealthImpact;
import io.rolehost.api.Instance;
import io.rolehost.api.Operations;
import io.rolehost.api.RoleContext;
import io.rolehost.api.Side;
import io.rolehost.api.StopToken;
import io.rolehost.api.TaskSupervisor;
import io.rolehost.runtime.endpoint.Endpoints;
import io.rolehost.runtime.readiness.BusyLeases;
import io.rolehost.runtime.readiness.HealthSampler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** What a role may ask of its host: each request goes to the part that answers it. */
final class HostRoleContext implements RoleContext {

  /** The parts behind the context. */
  record Behind(
      Instance instance,
      ConfigUpdates config,
      TaskSupervisor tasks,
      StopToken token,
      BusyLeases leases,
      Closeables closeables,
      Endpoints endpoints,
      LocalResources localResources,
      HealthSampler health,
      Side side,
      Path stateDirectory,
      BooleanSupplier frozen,
      NamedOperations operations,
      Consumer<String> recycle) {}

  private final Behind behind;

  HostRoleContext(Behind behind) {
    this.behind = behind;
  }

  @Override
  public Instance instance() {
    return behind.instance();
  }

  @Override
  public Config config() {
    return behind.config().current();
  }

  @Override
  public TaskSupervisor tasks() {
    return behind.tasks();
  }

  @Override
  public StopToken stopToken() {
    return behind.token();
  }

  @Override
  public BusyLease busy(String reason, Duration ttl) {
    return behind.leases().open(reason, ttl);
  }

  @Override
  public void requestRecycle(String reason) {
    behind.recycle().accept(reason);
  }

  @Override
  public <T extends AutoCloseable> T closeOnStop(T resource) {
    return behind.closeables().add(resource);
  }

  @Override
  public Endpoint endpoint(String name) {
    return behind.endpoints().get(name);
  }

  @Override
  public Path localResource(String name) {
    return behind.localResources().get(name);
  }

  @Override
  public void healthCheck(String name, HealthCheck check, HealthImpact impact) {
    behind.health().add(name, check, impact);
  }

  @Override
  public void onConfigChanging(ConfigChangingListener listener) {
    behind.config().onChanging(listener);
  }

  @Override
  public void onConfigChanged(ConfigChangedListener listener) {
    behind.config().onChanged(listener);
  }

  @Override
  public Side side() {
    return behind.side();
  }

  @Override
  public Path stateDirectory() {
    return behind.stateDirectory();
  }

  @Override
  public boolean frozen() {
    return behind.frozen().getAsBoolean();
  }

  @Override
  public void operations(String name, Operations operations) {
    behind.operations().add(name, operations);
  }
}
