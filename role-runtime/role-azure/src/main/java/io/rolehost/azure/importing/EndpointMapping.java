package io.rolehost.azure.importing;

import io.rolehost.azure.importing.RoleDraft.Endpoint;
import io.rolehost.azure.xml.XmlElement;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;

/** Endpoints: what a role listens at, and what reaches it. */
final class EndpointMapping {
  private static final int MOST = 65_535;
  private static final List<String> TOLD = List.of("http", "https", "tcp", "udp");
  private static final String ANY_ADDRESS = "0.0.0.0";
  private static final String LOCAL = "127.0.0.1";

  private final Mapping mapping;
  private final Findings findings;
  private final Ports ports = new Ports();

  EndpointMapping(Mapping mapping) {
    this.mapping = mapping;
    this.findings = mapping.findings;
  }

  /** Maps those of all roles: they share the ports of one machine. */
  void map(List<RoleDraft> roles) {
    for (RoleDraft role : roles) {
      XmlElement element = role.element();
      Set<String> taken = new HashSet<>();
      // Definitions of 2008 have the second one.
      for (String container : List.of("Endpoints", "InputEndpoints")) {
        mapping
            .inside(element, container, "InputEndpoint")
            .forEach(one -> read(role, one, taken, this::input));
        mapping
            .inside(element, container, "InternalEndpoint")
            .forEach(one -> read(role, one, taken, this::internal));
        mapping
            .inside(element, container, "InstanceInputEndpoint")
            .forEach(one -> read(role, one, taken, this::perInstance));
      }
    }
    portOfTheNode();
  }

  /** What a role wants it gets; the management plane of the node makes room. */
  private void portOfTheNode() {
    if (ports.isTaken(Ports.OF_THE_NODE)) {
      int port = ports.take(Ports.OF_THE_NODE, 1);
      mapping.draft.put(Draft.ALL, Value.whole(port), "rolehost", "management", "port");
      findings.notice(
          "the node's management plane is at port "
              + port
              + " (rolehost.management.port), since a role has "
              + Ports.OF_THE_NODE);
    }
  }

  /** How one kind of endpoint finds its port; -1 = it has none that could be right. */
  private interface PortOf {
    int of(RoleDraft role, XmlElement element, String key, String name);
  }

  private void read(RoleDraft role, XmlElement element, Set<String> taken, PortOf portOf) {
    String there = mapping.name(element, role.key() + ".endpoints").orElse("");
    if (there.isEmpty()) {
      return;
    }
    if (role.endpoint(there).isPresent()) {
      findings.problem(
          element,
          "role '" + role.azureName() + "' has two endpoints '" + there + "': rename one of them");
      return;
    }
    String name = Names.safe(there, taken);
    if (!taken.add(name)) {
      return;
    }
    String key = role.key() + ".endpoints." + name;
    if (role.isRoleHost()) {
      findings.different(
          element,
          key,
          "the role has to serve it, or its start is refused: context.endpoint(\""
              + name
              + "\").serve(…)");
    } else {
      findings.mapped(element, key + ": the port is in a variable PORT_… too");
    }
    if (!name.equals(there)) {
      findings.notice(element, "endpoint '" + there + "' is called '" + name + "' here");
    }
    String protocol = protocol(role, element, key);
    int wanted = portOf.of(role, element, key, name);
    if (wanted < 0) {
      return;
    }
    int port = wanted == 0 ? 0 : ports.take(wanted, role.mostInstances());
    if (port != wanted) {
      findings.notice(
          element,
          "endpoint '"
              + there
              + "' of role '"
              + role.azureName()
              + "' listens from port "
              + port
              + " on: instance n has port + n on one machine, and another endpoint has one of the"
              + " ports from "
              + wanted
              + " on");
    }
    boolean internal = element.name().equals("InternalEndpoint");
    String host = internal || role.isRoleHost() ? LOCAL : ANY_ADDRESS;
    put(role, name, "port", port == 0 ? new Value.Plain("auto") : Value.whole(port));
    put(role, name, "protocol", new Value.Plain(protocol));
    if (!host.equals(LOCAL)) {
      put(role, name, "host", new Value.Text(host));
    }
    if (internal) {
      put(role, name, "internal", new Value.Plain("true"));
    }
    role.endpoint(there, new Endpoint(name, protocol, host, port, element));
  }

  private void put(RoleDraft role, String endpoint, String key, Value value) {
    mapping.draft.put(Draft.ALL, value, "roles", role.name(), "endpoints", endpoint, key);
  }

  /** Returns what processes are told that it is. */
  private String protocol(RoleDraft role, XmlElement element, String key) {
    String protocol = element.value("protocol").orElse("tcp").toLowerCase(Locale.ROOT);
    String to = key + ".protocol";
    if (!TOLD.contains(protocol)) {
      findings.different(
          element,
          "protocol",
          to,
          protocol.equals("any")
              ? "processes are told tcp; nothing keeps the program from speaking what it does"
              : "the protocol is not known here: processes are told tcp");
      return "tcp";
    }
    if (protocol.equals("https")) {
      findings.different(
          element,
          "protocol",
          to,
          "it is plain HTTP here: TLS ends at the load balancer, or in a server of the role's own");
    } else if (role.isRoleHost() && !protocol.equals("http")) {
      findings.different(
          element,
          "protocol",
          to,
          "a role host serves HTTP by itself; for another protocol the role brings an"
              + " EndpointServer");
    } else {
      findings.mapped(element, "protocol", to);
    }
    return protocol;
  }

  private int input(RoleDraft role, XmlElement element, String key, String name) {
    OptionalInt open = mapping.number(element, "port", 1, MOST);
    if (open.isEmpty()) {
      return -1;
    }
    int port = open.getAsInt();
    String local = element.value("localPort").orElse(Integer.toString(port));
    int wanted = 0;
    if (local.equals("*")) {
      findings.mapped(element, "localPort", key + ".port = auto");
    } else if (element.attribute("localPort").isPresent()) {
      OptionalInt given = mapping.number(element, "localPort", 1, MOST);
      if (given.isEmpty()) {
        return -1;
      }
      wanted = given.getAsInt();
      findings.different(
          element,
          "localPort",
          key + ".port",
          "instance n listens at this port + n on one machine");
    } else {
      wanted = port;
    }
    boolean many = role.mostInstances() > 1;
    findings.different(
        element,
        "port",
        wanted == port ? key + ".port" : "the load balancer, see the network part",
        many
            ? "no load balancer comes along: HAProxy listens at it for all instances"
            : "no load balancer comes along: the only instance can listen at it by itself, below"
                + " 1024 as root or with CAP_NET_BIND_SERVICE");
    mapping.network.add(
        "public port "
            + port
            + " ("
            + element.value("protocol").orElse("tcp")
            + ") is to reach endpoint '"
            + name
            + "' of all instances of "
            + role.name()
            + " that are ready (/readyz of their management port, or rolehost status)");
    findings.different(
        element,
        "certificate",
        "the certificates part",
        "where TLS ends the certificate must be a file, such as crt of HAProxy's bind");
    findings.different(
        element,
        "ignoreRoleInstanceStatus",
        "the load balancer",
        "a server without 'check' in HAProxy gets traffic whatever its state");
    return wanted;
  }

  private int internal(RoleDraft role, XmlElement element, String key, String name) {
    int wanted = 0;
    if (element.attribute("port").isPresent() && !element.value("port").orElse("").equals("*")) {
      OptionalInt port = mapping.number(element, "port", 1, MOST);
      wanted = port.orElse(-1);
    }
    findings.different(
        element, "port", key + ".port", "instance n listens at this port + n on one machine");
    for (XmlElement fixed : element.children("FixedPort")) {
      findings.mapped(fixed, key + ".port");
      wanted = mapping.number(fixed, "port", 1, MOST).orElse(-1);
      findings.different(
          fixed, "port", key + ".port", "instance n listens at this port + n on one machine");
    }
    for (XmlElement range : element.children("FixedPortRange")) {
      wanted = range(role, range, key);
    }
    mapping.network.add(
        "endpoint '"
            + name
            + "' of "
            + role.name()
            + " is for roles of this service alone: let no firewall open it to others");
    return wanted;
  }

  private int range(RoleDraft role, XmlElement range, String key) {
    OptionalInt min = mapping.number(range, "min", 1, MOST);
    OptionalInt max = mapping.number(range, "max", 1, MOST);
    findings.mapped(range, key + ".port");
    findings.mapped(range, "min", key + ".port");
    findings.different(
        range, "max", key + ".port", "instance n takes min + n, and nothing holds it below max");
    if (min.isEmpty() || max.isEmpty()) {
      return -1;
    }
    if (max.getAsInt() < min.getAsInt()) {
      findings.problem(range, "min is more than max: exchange them");
      return -1;
    }
    if (max.getAsInt() - min.getAsInt() + 1 < role.mostInstances()) {
      findings.notice(
          range,
          role.azureName()
              + " has "
              + role.mostInstances()
              + " instances, and this range fewer ports: the last instances get ports above it");
    }
    return min.getAsInt();
  }

  private int perInstance(RoleDraft role, XmlElement element, String key, String name) {
    findings.different(
        element,
        "localPort",
        key + ".port",
        "nothing forwards ports here: each instance listens at its public port itself");
    int wanted = 0;
    for (XmlElement from : element.children("AllocatePublicPortFrom")) {
      findings.mapped(from, key + ".port");
      for (XmlElement range : from.children("FixedPortRange")) {
        wanted = range(role, range, key);
      }
    }
    if (wanted == 0) {
      String local = element.value("localPort").orElse("*");
      wanted = local.equals("*") ? 0 : mapping.number(element, "localPort", 1, MOST).orElse(-1);
    }
    mapping.network.add(
        "endpoint '"
            + name
            + "' of each instance of "
            + role.name()
            + " is public by itself"
            + (wanted > 0 ? ": instance n at port " + wanted + " + n" : ""));
    return wanted;
  }

  /** The ports of one machine. */
  private static final class Ports {
    // Where the node's own management plane is.
    static final int OF_THE_NODE = 8081;
    private static final int FREE_FROM = 20_000;

    private final Set<Integer> taken = new HashSet<>();

    boolean isTaken(int port) {
      return taken.contains(port);
    }

    /** Returns the first of {@code count} ports; the wanted one if all behind it are free. */
    int take(int wanted, int count) {
      int first = isFree(wanted, count) ? wanted : FREE_FROM;
      while (first + count <= MOST && !isFree(first, count)) {
        first++;
      }
      for (int port = first; port < first + Math.max(1, count); port++) {
        taken.add(port);
      }
      return first;
    }

    private boolean isFree(int first, int count) {
      for (int port = first; port < first + Math.max(1, count); port++) {
        if (port > MOST || taken.contains(port)) {
          return false;
        }
      }
      return true;
    }
  }
}
