package com.microsoft.windowsazure.serviceruntime;

/** Hears of changes before they are made. */
public interface RoleEnvironmentChangingListener {

  /**
   * A change is about to be made. On the thread of all events, one after another.
   *
   * @param event what changes
   */
  void roleEnvironmentChanging(RoleEnvironmentChangingEvent event);
}
