package io.rolehost.runtime.boot;

import io.rolehost.api.Role;
import io.rolehost.runtime.journal.Journal;
import io.rolehost.runtime.lifecycle.Causes;
import io.rolehost.runtime.lifecycle.HostEvent;
import io.rolehost.runtime.metrics.HostMetrics;
import io.rolehost.runtime.process.SystemTime;
import io.rolehost.runtime.readiness.BusyLeases;
import io.rolehost.runtime.readiness.HealthSampler;
import io.rolehost.runtime.supervision.SupervisionListener;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What the classes of this package share: the parts that live as long as the process.
 *
 * @param life the role of this incarnation; null until check 2 has passed
 * @param builtRole the role of a hot spare that was promoted
 * @param failure what was thrown first, for the incident
 */
record Parts(
    SystemTime time,
    RandomGenerator random,
    HostLoop loop,
    ConfigUpdates config,
    Journal journal,
    HostMetrics metrics,
    BusyLeases leases,
    HealthSampler health,
    DeploymentSide side,
    SupervisionListener taskReports,
    AtomicReference<@Nullable RoleLife> life,
    Optional<Role> builtRole,
    AtomicReference<@Nullable Throwable> failure) {

  /** Journals something that is no transition. */
  void record(String type, String cause) {
    record(type, cause, Map.of());
  }

  /** Journals something that is no transition, with more about it. */
  void record(String type, String cause, Map<String, Object> detail) {
    String state = loop.state().name();
    var _ = journal.append(type, state, state, cause, detail);
  }

  /** Keeps what was thrown if it is the first. */
  void remember(Throwable thrown) {
    failure.compareAndSet(null, thrown);
  }

  /** Returns the role of this incarnation, if it came that far. */
  Optional<RoleLife> role() {
    return Optional.ofNullable(life.get());
  }

  /** Leaves by the shortest path if the virtual machine can't be trusted any more. */
  void vmErrorThrown(Throwable thrown) {
    Causes.vmError(thrown).ifPresent(Departure::vmError);
  }

  /** Leaves by the shortest path; the event it returns is never applied. */
  HostEvent vmError(Throwable thrown) {
    vmErrorThrown(thrown);
    return new HostEvent.VmErrorThrown(Causes.text(thrown));
  }
}
