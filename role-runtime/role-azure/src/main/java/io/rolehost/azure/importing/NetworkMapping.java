package io.rolehost.azure.importing;

import io.rolehost.azure.xml.XmlElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who may call whom, and networks: sentences for people, since no node enforces it. */
final class NetworkMapping {
  private static final String PART = "the network part";
  private static final String WHY =
      "no node enforces it: where it matters, a firewall or a token of the roles' own does";

  private final Mapping mapping;
  private final Findings findings;

  NetworkMapping(Mapping mapping) {
    this.mapping = mapping;
    this.findings = mapping.findings;
  }

  void rules(XmlElement definition) {
    for (XmlElement rules : definition.children("NetworkTrafficRules")) {
      findings.different(rules, PART, WHY);
      rules.children("OnlyAllowTrafficTo").forEach(this::only);
      for (XmlElement all : rules.children("AllowAllTraffic")) {
        all(all);
      }
    }
  }

  private void all(XmlElement element) {
    findings.mapped(element, PART + ": every role reaches every endpoint here");
    for (XmlElement destinations : element.children("Destinations")) {
      findings.mapped(destinations, PART);
      destinations.children("RoleEndpoint").forEach(this::endpoint);
    }
    sources(element);
  }

  private void only(XmlElement rule) {
    findings.different(rule, PART, WHY);
    List<String> targets = new ArrayList<>();
    for (XmlElement destinations : rule.children("Destinations")) {
      findings.different(destinations, PART, WHY);
      for (XmlElement endpoint : destinations.children("RoleEndpoint")) {
        targets.add(endpoint(endpoint));
      }
    }
    List<String> sources = sources(rule);
    mapping.network.add(
        (targets.isEmpty() ? "no endpoint" : String.join(" and ", targets))
            + " may be called by "
            + (sources.isEmpty() ? "no role" : String.join(" and ", sources))
            + " alone");
  }

  private List<String> sources(XmlElement rule) {
    List<String> sources = new ArrayList<>();
    for (XmlElement when : rule.children("WhenSource")) {
      findings.different(when, PART, WHY);
      findings.different(when, "matches", PART, WHY);
      for (XmlElement from : when.children("FromRole")) {
        String role = from.value("roleName").orElse("");
        findings.different(from, PART, WHY);
        findings.different(from, "roleName", PART, WHY);
        sources.add(name(from, role));
      }
    }
    return sources;
  }

  private String endpoint(XmlElement element) {
    String role = element.value("roleName").orElse("");
    String endpoint = element.value("endpointName").orElse("");
    findings.different(element, PART, WHY);
    findings.different(element, "roleName", PART, WHY);
    findings.different(element, "endpointName", PART, WHY);
    String known = name(element, role);
    Optional<RoleDraft> target =
        mapping.roles.stream().filter(one -> one.azureName().equals(role)).findFirst();
    if (target.isPresent() && target.get().endpoint(endpoint).isEmpty()) {
      findings.notice(
          element,
          "role '"
              + Mapping.shortened(role)
              + "' has no endpoint '"
              + Mapping.shortened(endpoint)
              + "'");
    }
    return "endpoint '" + Mapping.shortened(endpoint) + "' of " + known;
  }

  private String name(XmlElement element, String role) {
    return mapping.roles.stream()
        .filter(one -> one.azureName().equals(role))
        .map(RoleDraft::name)
        .findFirst()
        .orElseGet(() -> {
          findings.notice(element, "there is no role '" + Mapping.shortened(role) + "'");
          return "'" + Mapping.shortened(role) + "' (which there is not)";
        });
  }

  void configuration(XmlElement configuration) {
    List<XmlElement> all = configuration.children("NetworkConfiguration");
    for (XmlElement network : all) {
      findings.notMappedWhole(
          network,
          "networks, addresses and names are the machine's: set them there, and in its firewall");
    }
    if (all.size() > 1) {
      findings.notice(all.get(1), "there are two <NetworkConfiguration>");
    }
  }
}
