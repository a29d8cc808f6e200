package io.rolehost.node;

import com.microsoft.windowsazure.serviceruntime.RoleEnvironment;
import com.microsoft.windowsazure.serviceruntime.RoleInstanceStatus;
import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import java.util.Date;

/** A role of ours that calls Azure's library: it is busy for its first seconds. */
@SuppressWarnings("JavaUtilDate") // so is the library
public final class OldApiRole implements Role {

  @Override
  public boolean onStart(RoleContext context) {
    RoleEnvironment.setStatus(
        RoleInstanceStatus.Busy, new Date(System.currentTimeMillis() + 4_000));
    System.out.println("settings " + RoleEnvironment.getConfigurationSettings());
    return true;
  }
}
