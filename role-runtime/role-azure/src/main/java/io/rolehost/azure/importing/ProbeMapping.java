package io.rolehost.azure.importing;

import io.rolehost.azure.importing.RoleDraft.Endpoint;
import io.rolehost.azure.xml.XmlAttribute;
import io.rolehost.azure.xml.XmlElement;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Custom probes of the load balancer, and who uses them. */
final class ProbeMapping {
  private static final int INTERVAL = 15;
  private static final int TIMEOUT = 31;

  private final Mapping mapping;
  private final Findings findings;
  private final Map<String, XmlElement> probes = new LinkedHashMap<>();
  private final Set<String> used = new HashSet<>();

  ProbeMapping(Mapping mapping) {
    this.mapping = mapping;
    this.findings = mapping.findings;
  }

  void map(XmlElement definition) {
    for (XmlElement probe : mapping.inside(definition, "LoadBalancerProbes", "LoadBalancerProbe")) {
      mapping
          .name(probe, "the endpoints that name it")
          .ifPresent(name -> {
            if (probes.putIfAbsent(name, probe) != null) {
              findings.problem(probe, "there are two probes '" + name + "': rename one of them");
            }
          });
    }
    for (RoleDraft role : mapping.roles) {
      boolean ready = false;
      for (Endpoint endpoint : role.endpoints().values()) {
        Optional<XmlAttribute> named = endpoint.element().attribute("loadBalancerProbe");
        if (named.isPresent()) {
          ready |= use(role, endpoint, named.get(), ready);
        }
      }
    }
    probes.forEach((name, probe) -> {
      if (!used.contains(name)) {
        findings.notMappedWhole(probe, "no endpoint names this probe: nothing to do");
      }
      findings.notMappedWhole(probe, "the probe has no such thing: nothing to do");
    });
  }

  /** Returns whether the role is ready by this probe from now on. */
  private boolean use(RoleDraft role, Endpoint endpoint, XmlAttribute named, boolean has) {
    String name = named.value().strip();
    XmlElement probe = probes.get(name);
    if (probe == null) {
      findings.problem(
          named,
          "there is no <LoadBalancerProbe name=\"" + Mapping.shortened(name) + "\">: add it");
      return false;
    }
    used.add(name);
    numbers(role, probe);
    String protocol = probe.value("protocol").orElse("http");
    if (role.isRoleHost()) {
      String why =
          "a role host tells by itself whether it is ready (/readyz of its management plane), at"
              + " once when a stop begins: have the load balancer ask that";
      findings.different(named, "readiness of " + role.key(), why);
      tell(probe, "readiness of " + role.key(), why);
      return false;
    }
    if (has) {
      findings.notMapped(named, "one probe makes the role ready, that of its first endpoint");
      return false;
    }
    String key = role.key() + ".ready";
    Value where = new Value.Text(endpoint.name());
    if (probe.attribute("port").isPresent()) {
      OptionalInt port = mapping.number(probe, "port", 1, 65_535);
      if (port.isEmpty()) {
        return false;
      }
      where = where(role, port.getAsInt());
    }
    mapping.draft.put(Draft.ALL, where, "roles", role.name(), "ready", "port");
    String path = probe.value("path").orElse("");
    if (protocol.equals("http")) {
      if (!path.startsWith("/")) {
        path = "/" + path;
      }
      mapping.draft.put(Draft.ALL, new Value.Text(path), "roles", role.name(), "ready", "http");
    }
    String why =
        "the node asks at the loopback address, 20 times a second at the start and twice a second"
            + " after; a status below 400 is good";
    findings.different(named, key, why);
    tell(probe, key, why);
    return true;
  }

  private Value where(RoleDraft role, int port) {
    for (Endpoint endpoint : role.endpoints().values()) {
      boolean same =
          endpoint.port() == port
              || endpoint.element().value("port").orElse("").equals(Integer.toString(port))
              || endpoint.element().value("localPort").orElse("").equals(Integer.toString(port));
      if (same) {
        return new Value.Text(endpoint.name());
      }
    }
    return Value.whole(port);
  }

  private void tell(XmlElement probe, String to, String why) {
    findings.different(probe, to, why);
    findings.mapped(probe, "protocol", to);
    findings.mapped(probe, "path", to);
    findings.different(probe, "port", to, "instance n is asked at port + n, or at its endpoint");
    String limits = "the load balancer, see the network part";
    findings.different(
        probe, "intervalInSeconds", limits, "the node has its own pace; 'inter' in HAProxy");
    findings.different(
        probe,
        "timeoutInSeconds",
        limits,
        "the node has its own pace; 'inter' and 'fall' together");
  }

  private void numbers(RoleDraft role, XmlElement probe) {
    int interval =
        probe.attribute("intervalInSeconds").isEmpty()
            ? INTERVAL
            : mapping.number(probe, "intervalInSeconds", 1, 100_000).orElse(INTERVAL);
    int timeout =
        probe.attribute("timeoutInSeconds").isEmpty()
            ? TIMEOUT
            : mapping.number(probe, "timeoutInSeconds", 1, 100_000).orElse(TIMEOUT);
    String sentence =
        "probe '"
            + probe.value("name").orElse("")
            + "' of "
            + role.name()
            + ": in HAProxy 'check inter "
            + interval
            + "s fall "
            + Math.max(1, timeout / interval)
            + "'";
    if (!mapping.network.contains(sentence)) {
      mapping.network.add(sentence);
    }
  }
}
