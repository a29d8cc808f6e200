package com.microsoft.windowsazure.serviceruntime;

/** Hears that the instance is to end. */
public interface RoleEnvironmentStoppingListener {

  /** The instance is to end. The runtime waits for the return, within its time limit for stops. */
  void roleEnvironmentStopping();
}
