package io.rolehost.azure.importing;

import io.rolehost.azure.xml.XmlElement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A role while it is mapped. For one thread. */
final class RoleDraft {

  /** What runs it here. */
  enum Kind {
    /** A jar whose role the role host runs. */
    ROLE_HOST,
    /** A jar that is a plain program. */
    PLAIN_JAVA,
    /** Any program. */
    COMMAND
  }

  /**
   * An endpoint.
   *
   * @param host the address that processes are told, and so is the protocol
   * @param port 0 = any free one
   */
  record Endpoint(String name, String protocol, String host, int port, XmlElement element) {}

  /** A local resource. */
  record Store(String name, long megabytes) {}

  /** A configuration's part about this role. */
  record Configured(int environment, XmlElement element) {}

  private final XmlElement element;
  private final String azureName;
  private final String name;
  private final Kind kind;
  private final List<Configured> configured = new ArrayList<>();
  private final Map<Integer, Integer> instances = new HashMap<>();
  private final Map<String, XmlElement> declared = new LinkedHashMap<>();
  private final Map<Integer, Map<String, String>> values = new HashMap<>();
  private final Map<String, Endpoint> endpoints = new LinkedHashMap<>();
  private final Map<String, Store> stores = new LinkedHashMap<>();
  private int domains = 5;

  RoleDraft(XmlElement element, String azureName, String name, Kind kind) {
    this.element = element;
    this.azureName = azureName;
    this.name = name;
    this.kind = kind;
  }

  XmlElement element() {
    return element;
  }

  boolean isWeb() {
    return element.name().equals("WebRole");
  }

  String azureName() {
    return azureName;
  }

  String name() {
    return name;
  }

  Kind kind() {
    return kind;
  }

  boolean isRoleHost() {
    return kind == Kind.ROLE_HOST;
  }

  /** Returns whether its program was one of its own there, with the role environment. */
  boolean hasAzureRuntime() {
    return kind != Kind.ROLE_HOST;
  }

  /** Returns its key in the solution. */
  String key() {
    return "roles." + name;
  }

  List<Configured> configured() {
    return configured;
  }

  int domains() {
    return domains;
  }

  void domains(int count) {
    domains = count;
  }

  void instances(int environment, int count) {
    instances.put(environment, count);
  }

  /** Returns the largest number that any environment asks for. */
  int mostInstances() {
    return instances.values().stream().mapToInt(Integer::intValue).max().orElse(1);
  }

  void declare(String setting, XmlElement where) {
    declared.put(setting, where);
  }

  boolean declares(String setting) {
    return declared.containsKey(setting);
  }

  Map<String, XmlElement> declared() {
    return declared;
  }

  void value(int environment, String setting, String value) {
    values.computeIfAbsent(environment, _ -> new LinkedHashMap<>()).put(setting, value);
  }

  Map<String, String> values(int environment) {
    return values.getOrDefault(environment, Map.of());
  }

  void endpoint(String there, Endpoint endpoint) {
    endpoints.put(there, endpoint);
  }

  Optional<Endpoint> endpoint(String there) {
    return Optional.ofNullable(endpoints.get(there));
  }

  Map<String, Endpoint> endpoints() {
    return endpoints;
  }

  void store(String there, Store store) {
    stores.put(there, store);
  }

  Optional<Store> store(String there) {
    return Optional.ofNullable(stores.get(there));
  }

  Map<String, Store> stores() {
    return stores;
  }
}
