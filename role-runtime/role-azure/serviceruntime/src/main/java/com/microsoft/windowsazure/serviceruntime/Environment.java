package com.microsoft.windowsazure.serviceruntime;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All that the getters give, as it is between two changes. Nobody modifies it. */
final class Environment {
  final String deploymentId;
  final boolean emulated;
  final RoleInstance current;
  final Map<String, Role> roles;
  final Map<String, String> settings;
  final Map<String, LocalResource> localResources;

  private Environment(
      String deploymentId,
      boolean emulated,
      RoleInstance current,
      Map<String, Role> roles,
      Map<String, String> settings,
      Map<String, LocalResource> localResources) {
    this.deploymentId = deploymentId;
    this.emulated = emulated;
    this.current = current;
    this.roles = Collections.unmodifiableMap(roles);
    this.settings = Collections.unmodifiableMap(settings);
    this.localResources = Collections.unmodifiableMap(localResources);
  }

  /** Reads the environment document. */
  static Environment read(InputStream in) throws IOException {
    Xml root = Xml.read(in, "RoleEnvironment");
    Xml deployment = only(root, "Deployment");
    Xml current = only(root, "CurrentInstance");
    Map<String, String> settings = new LinkedHashMap<>();
    for (Xml setting : current.children("ConfigurationSettings", "ConfigurationSetting")) {
      settings.put(setting.attribute("name"), setting.attribute("value"));
    }
    Map<String, LocalResource> resources = new LinkedHashMap<>();
    for (Xml resource : current.children("LocalResources", "LocalResource")) {
      String name = resource.attribute("name");
      resources.put(
          name,
          new LocalResource(name, resource.attribute("path"), resource.number("sizeInMB", 0)));
    }
    Map<String, Role> roles = new LinkedHashMap<>();
    for (Xml role : root.children("Roles", "Role")) {
      Role named = new Role(role.attribute("name"));
      for (Xml instance : role.children("Instances", "Instance")) {
        named.add(instance(instance, named));
      }
      roles.put(named.getName(), named);
    }
    return new Environment(
        deployment.attribute("id"),
        deployment.flag("emulated"),
        current(current, roles),
        roles,
        settings,
        resources);
  }

  private static Xml only(Xml root, String name) throws IOException {
    List<Xml> found = root.children(name);
    if (found.size() != 1) {
      throw new IOException("<RoleEnvironment> has " + found.size() + " elements <" + name + ">");
    }
    return found.get(0);
  }

  /** The current instance is in its role whether the document says so or not. */
  private static RoleInstance current(Xml document, Map<String, Role> roles) throws IOException {
    String roleName = document.attribute("roleName");
    @Nullable Role role = roles.get(roleName);
    if (role == null) {
      role = new Role(roleName);
      roles.put(roleName, role);
    }
    RoleInstance current = instance(document, role);
    role.add(current);
    return current;
  }

  private static RoleInstance instance(Xml document, Role role) throws IOException {
    RoleInstance instance =
        new RoleInstance(
            document.attribute("id"),
            document.number("faultDomain", 0),
            document.number("updateDomain", 0),
            role);
    for (Xml endpoint : document.children("Endpoints", "Endpoint")) {
      int port = endpoint.number("port", 0);
      if (port < 0 || port > 65_535) {
        throw new IOException("the port of an endpoint is " + port);
      }
      instance.add(
          endpoint.attribute("name"),
          new RoleInstanceEndpoint(
              instance,
              endpoint.attribute("protocol"),
              new InetSocketAddress(endpoint.attribute("address"), port)));
    }
    return instance;
  }

  /** Returns what is other in a later one: one change for each setting and each role. */
  List<RoleEnvironmentChange> changesTo(Environment later) {
    List<RoleEnvironmentChange> changes = new ArrayList<>();
    for (String name : union(settings.keySet(), later.settings.keySet())) {
      @Nullable String value = settings.get(name);
      if (value == null || !value.equals(later.settings.get(name))) {
        changes.add(new RoleEnvironmentConfigurationSettingChange(name));
      }
    }
    for (String name : union(roles.keySet(), later.roles.keySet())) {
      @Nullable Role before = roles.get(name);
      @Nullable Role after = later.roles.get(name);
      if (before == null || after == null || !isLike(before, after)) {
        changes.add(new RoleEnvironmentTopologyChange(name));
      }
    }
    return changes;
  }

  private static Set<String> union(Set<String> one, Set<String> other) {
    Set<String> all = new LinkedHashSet<>(one);
    all.addAll(other);
    return all;
  }

  private static boolean isLike(Role before, Role after) {
    if (!before.getInstances().keySet().equals(after.getInstances().keySet())) {
      return false;
    }
    for (RoleInstance instance : before.getInstances().values()) {
      @Nullable RoleInstance other = after.getInstances().get(instance.getId());
      if (other == null || !isLike(instance, other)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLike(RoleInstance before, RoleInstance after) {
    Map<String, RoleInstanceEndpoint> endpoints = before.getInstanceEndpoints();
    if (before.getFaultDomain() != after.getFaultDomain()
        || before.getUpdateDomain() != after.getUpdateDomain()
        || !endpoints.keySet().equals(after.getInstanceEndpoints().keySet())) {
      return false;
    }
    for (Map.Entry<String, RoleInstanceEndpoint> endpoint : endpoints.entrySet()) {
      @Nullable RoleInstanceEndpoint other = after.getInstanceEndpoints().get(endpoint.getKey());
      if (other == null || !endpoint.getValue().isLike(other)) {
        return false;
      }
    }
    return true;
  }
}
