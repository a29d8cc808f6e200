package com.microsoft.windowsazure.serviceruntime;

/** A configuration setting was added or removed, or has another value. */
public class RoleEnvironmentConfigurationSettingChange extends RoleEnvironmentChange {
  private final String name;

  RoleEnvironmentConfigurationSettingChange(String name) {
    this.name = name;
  }

  /** Returns which. */
  public String getConfigurationSettingName() {
    return name;
  }
}
