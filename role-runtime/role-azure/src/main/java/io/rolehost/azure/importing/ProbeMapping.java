package io.rolehost.azure.importing;

import io.rolehost.azure.importing.RoleDraft.Endpoint;
import io.rolehost.azure.xml.XmlAttribute;
import io.rolehost.azure.xml.XmlElement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Custom probes of the load balancer, and who uses them. */
final class ProbeMapping {
  private static final int INTERVAL = 15;
  private static final int LEAST_INTERVAL = 5;
  private static final int TIMEOUT = 31;
  private static final int LEAST_TIMEOUT = 11;
  private static final int MOST = 100_000;

  /**
   * A probe that is used.
   *
   * @param interval in seconds, and so is the timeout, which is more
   */
  private record Numbers(int interval, int timeout) {}

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
    Numbers numbers = numbers(role, probe);
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
    Value where = new Value.Text(endpoint.name());
    if (probe.attribute("port").isPresent()) {
      OptionalInt port = mapping.number(probe, "port", 1, 65_535);
      if (port.isEmpty()) {
        return false;
      }
      where = where(role, port.getAsInt());
    }
    String protocol = probe.value("protocol").orElse("http").toLowerCase(Locale.ROOT);
    switch (protocol) {
      case "http" -> http(role, named, probe, where, numbers);
      case "tcp" -> tcp(role, named, probe, where);
      default -> {
        findings.problem(
            probe,
            "protocol of <LoadBalancerProbe>: expected http or tcp, found "
                + Mapping.shortened(protocol));
        return false;
      }
    }
    return true;
  }

  private void http(
      RoleDraft role, XmlAttribute named, XmlElement probe, Value where, Numbers numbers) {
    String key = role.key() + ".ready.http";
    String path = probe.value("path").orElse("");
    put(role, new Value.Text(path.startsWith("/") ? path : "/" + path), "http", "path");
    put(role, where, "http", "port");
    put(role, new Value.Plain(numbers.interval() + "s"), "http", "interval");
    put(role, new Value.Plain(numbers.timeout() + "s"), "http", "timeout");
    String why =
        "the node asks too, at the loopback address, and more often until the first 200; as there,"
            + " nothing but 200 is good";
    findings.different(named, key, why);
    findings.different(probe, key, why);
    findings.mapped(probe, "intervalInSeconds", key + ".interval");
    findings.mapped(probe, "timeoutInSeconds", key + ".timeout");
    tell(probe, key, why);
  }

  private void tcp(RoleDraft role, XmlAttribute named, XmlElement probe, Value where) {
    put(role, where, "port");
    String key = role.key() + ".ready";
    String why =
        "the node asks too, at the loopback address: 20 times a second at the start and twice a"
            + " second after";
    findings.different(named, key, why);
    findings.notMapped(probe, "path", "a probe by TCP asks for nothing: nothing to do");
    tell(probe, key, why);
  }

  private void put(RoleDraft role, Value value, String... path) {
    List<String> whole = new ArrayList<>(List.of("roles", role.name(), "ready"));
    whole.addAll(List.of(path));
    mapping.draft.put(Draft.ALL, value, whole.toArray(String[]::new));
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

  private Numbers numbers(RoleDraft role, XmlElement probe) {
    int interval = seconds(probe, "intervalInSeconds", LEAST_INTERVAL, INTERVAL);
    int timeout = seconds(probe, "timeoutInSeconds", LEAST_TIMEOUT, TIMEOUT);
    String sentence =
        "probe '"
            + Mapping.shortened(probe.value("name").orElse(""))
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
    if (timeout > interval) {
      return new Numbers(interval, timeout);
    }
    // One bad answer takes it out there and here.
    findings.different(
        probe,
        "timeoutInSeconds",
        "the timeout of " + role.key() + ".ready",
        "it has to be more than the interval: one second more is taken");
    return new Numbers(interval, interval + 1);
  }

  private int seconds(XmlElement probe, String attribute, int least, int otherwise) {
    return probe.attribute(attribute).isEmpty()
        ? otherwise
        : mapping.number(probe, attribute, least, MOST).orElse(otherwise);
  }
}
