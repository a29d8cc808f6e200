package com.microsoft.windowsazure.serviceruntime;

/** What an instance says of itself. */
public enum RoleInstanceStatus {
  /** It takes no requests. */
  Busy,
  /** It takes requests. */
  Ready
}
