package com.microsoft.windowsazure.serviceruntime;

/** Something in the environment that is not as it was. */
public abstract class RoleEnvironmentChange {

  /** Creates it. */
  public RoleEnvironmentChange() {}
}
