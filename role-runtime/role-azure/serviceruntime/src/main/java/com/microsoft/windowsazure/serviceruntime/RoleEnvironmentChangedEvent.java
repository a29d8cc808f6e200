package com.microsoft.windowsazure.serviceruntime;

import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** A change was made; the getters give the new values. */
public class RoleEnvironmentChangedEvent {
  private final List<RoleEnvironmentChange> changes;

  RoleEnvironmentChangedEvent(List<RoleEnvironmentChange> changes) {
    this.changes = Collections.unmodifiableList(changes);
  }

  /** Returns what has changed, at least one; can't be modified. */
  public Collection<RoleEnvironmentChange> getChanges() {
    return changes;
  }
}
