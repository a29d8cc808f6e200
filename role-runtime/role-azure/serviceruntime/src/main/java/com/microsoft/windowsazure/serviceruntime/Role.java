package com.microsoft.windowsazure.serviceruntime;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A role of the deployment. */
public final class Role {
  private final String name;
  private final Map<String, RoleInstance> instances = new LinkedHashMap<>();

  Role(String name) {
    this.name = name;
  }

  /**
   * Returns its instances by id; can't be modified. The current instance is always among those of
   * its role; others are there only if the role has an internal endpoint.
   */
  public Map<String, RoleInstance> getInstances() {
    return Collections.unmodifiableMap(instances);
  }

  /** Returns its name. */
  public String getName() {
    return name;
  }

  /** Before anybody else sees the role. */
  void add(RoleInstance instance) {
    instances.put(instance.getId(), instance);
  }
}
