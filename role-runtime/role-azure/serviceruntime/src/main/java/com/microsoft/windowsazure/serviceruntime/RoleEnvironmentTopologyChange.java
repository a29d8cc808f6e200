package com.microsoft.windowsazure.serviceruntime;

/** A role came or went, or its instances or their endpoints are others. */
public class RoleEnvironmentTopologyChange extends RoleEnvironmentChange {
  private final String name;

  RoleEnvironmentTopologyChange(String name) {
    this.name = name;
  }

  /** Returns which role. */
  public String getRoleName() {
    return name;
  }
}
