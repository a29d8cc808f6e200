package com.microsoft.windowsazure.serviceruntime;

import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** A change is about to be made; the getters still give the old values. */
public class RoleEnvironmentChangingEvent {
  private final List<RoleEnvironmentChange> changes;
  private volatile boolean cancelled;

  RoleEnvironmentChangingEvent(List<RoleEnvironmentChange> changes) {
    this.changes = Collections.unmodifiableList(changes);
  }

  /**
   * Asks for a recycle in place of a change of the living process: the instance stops in order and
   * comes back with the new values. It does not keep the old ones.
   */
  public void cancel() {
    cancelled = true;
  }

  /** Returns what changes, at least one; can't be modified. */
  public Collection<RoleEnvironmentChange> getChanges() {
    return changes;
  }

  boolean isCancelled() {
    return cancelled;
  }
}
