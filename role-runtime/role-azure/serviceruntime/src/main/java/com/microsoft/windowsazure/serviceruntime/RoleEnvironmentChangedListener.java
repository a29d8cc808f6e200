package com.microsoft.windowsazure.serviceruntime;

/** Hears of changes after they were made. */
public interface RoleEnvironmentChangedListener {

  /**
   * A change was made. On the thread of all events, one after another.
   *
   * @param event what has changed
   */
  void roleEnvironmentChanged(RoleEnvironmentChangedEvent event);
}
