package com.microsoft.windowsazure.serviceruntime;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** An instance of a role. */
public final class RoleInstance {
  private final String id;
  private final int faultDomain;
  private final int updateDomain;
  private final Role role;
  private final Map<String, RoleInstanceEndpoint> endpoints = new LinkedHashMap<>();

  RoleInstance(String id, int faultDomain, int updateDomain, Role role) {
    this.id = id;
    this.faultDomain = faultDomain;
    this.updateDomain = updateDomain;
    this.role = role;
  }

  /** Returns its fault domain, from 0. */
  public int getFaultDomain() {
    return faultDomain;
  }

  /** Returns its id, which it keeps over restarts. */
  public String getId() {
    return id;
  }

  /** Returns its update domain, from 0. */
  public int getUpdateDomain() {
    return updateDomain;
  }

  /** Returns its role. */
  public Role getRole() {
    return role;
  }

  /** Returns where it listens, by name of the endpoint; can't be modified. */
  public Map<String, RoleInstanceEndpoint> getInstanceEndpoints() {
    return Collections.unmodifiableMap(endpoints);
  }

  /** Before anybody else sees the instance. */
  void add(String name, RoleInstanceEndpoint endpoint) {
    endpoints.put(name, endpoint);
  }
}
