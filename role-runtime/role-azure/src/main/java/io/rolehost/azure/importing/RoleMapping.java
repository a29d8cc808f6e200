package io.rolehost.azure.importing;

import io.rolehost.azure.importing.MachineSizes.Size;
import io.rolehost.azure.xml.XmlElement;
import java.util.Locale;
import java.util.Optional;

/** What a role has beside its program, its settings and its endpoints. */
final class RoleMapping {
  private static final int MOST_INSTANCES = 1_000;

  private final Mapping mapping;
  private final Findings findings;
  private final RoleDraft role;

  RoleMapping(Mapping mapping, RoleDraft role) {
    this.mapping = mapping;
    this.findings = mapping.findings;
    this.role = role;
  }

  /** Reads how many instances there are: what else is mapped depends on it. */
  void instances() {
    for (RoleDraft.Configured configured : role.configured()) {
      XmlElement element = configured.element();
      String environment = mapping.environments.get(configured.environment());
      String file = FileNames.environment(environment);
      findings.mapped(element, role.key() + " in " + file);
      findings.mapped(element, "name", role.key());
      findings.notMapped(
          element, "vmName", "instances have no host names: they are processes of one machine");
      if (element.children("Instances").isEmpty()) {
        findings.notice(
            element, "role '" + role.azureName() + "' has no count of instances here: 1 is taken");
        count(configured.environment(), 1);
      }
      for (XmlElement instances : element.children("Instances")) {
        findings.mapped(instances, role.key() + ".instances in " + file);
        mapping
            .number(instances, "count", 0, MOST_INSTANCES)
            .ifPresent(count -> count(configured.environment(), count));
        findings.mapped(instances, "count", role.key() + ".instances in " + file);
      }
    }
  }

  private void count(int environment, int count) {
    role.instances(environment, count);
    mapping.draft.put(environment, Value.whole(count), "roles", role.name(), "instances");
  }

  void map() {
    XmlElement element = role.element();
    findings.mapped(element, role.key());
    findings.mapped(element, "name", role.key());
    element
        .value("vmsize")
        .ifPresent(size -> {
          Optional<Size> known = MachineSizes.of(size);
          findings.different(
              element,
              "vmsize",
              "the machines part",
              known.isPresent()
                  ? "instances share a machine: limits { memory, cpus } bounds each of them"
                  : "the size is not known here: say by limits what an instance may use");
          mapping.machines.add(
              role.name()
                  + " had "
                  + Mapping.shortened(size)
                  + known
                      .map(found ->
                          ": "
                              + number(found.cpus())
                              + " processors and "
                              + number(found.memory())
                              + " GiB for each instance, Windows included; at most  limits { memory"
                              + " = "
                              + Math.round(found.memory() * 1024 * 0.75)
                              + "MiB, cpus = "
                              + number(found.cpus())
                              + " }  comes to that")
                      .orElse(", a size that is not known here"));
        });
    findings.notMapped(
        element,
        "enableNativeCodeExecution",
        "there is no partial trust: 'rolehost systemd' writes a unit that takes from a role what"
            + " it does not need");
    sites();
    imports();
    contents();
  }

  private void sites() {
    for (XmlElement sites : role.element().children("Sites")) {
      for (XmlElement site : sites.children("Site")) {
        for (XmlElement binding : mapping.inside(site, "Bindings", "Binding")) {
          binding(site, binding);
        }
      }
      findings.notMappedWhole(
          sites,
          "there is no IIS: a WebRole serves what its routes say, and what is in folders is served"
              + " by it or by the load balancer; a virtual application is a path of its own there");
    }
  }

  private void binding(XmlElement site, XmlElement binding) {
    String endpoint = binding.value("endpointName").orElse("");
    Optional<RoleDraft.Endpoint> known = role.endpoint(endpoint);
    if (known.isEmpty()) {
      findings.notMappedWhole(binding, "the role has no endpoint of that name");
      findings.notice(
          binding,
          "a binding of site '"
              + Mapping.shortened(site.value("name").orElse(""))
              + "' names no endpoint of the role: '"
              + Mapping.shortened(endpoint)
              + "'");
      return;
    }
    String to = role.key() + ".endpoints." + known.get().name();
    findings.different(binding, to, "a role serves at its endpoint by itself, for every host name");
    findings.mapped(binding, "name", to);
    findings.mapped(binding, "endpointName", to);
    String host = binding.value("hostHeader").orElse("");
    findings.different(
        binding,
        "hostHeader",
        "the network part",
        "the load balancer chooses by the host name: in HAProxy 'use_backend … if { hdr(host) …"
            + " }'");
    if (!host.isEmpty()) {
      mapping.network.add(
          "requests for the host "
              + Mapping.shortened(host)
              + " are meant for endpoint '"
              + known.get().name()
              + "' of "
              + role.name());
    }
  }

  private void imports() {
    for (XmlElement element : role.element().children("Imports")) {
      for (XmlElement one : element.children("Import")) {
        String module = one.value("moduleName").orElse("");
        findings.notMappedWhole(
            one,
            switch (module.toLowerCase(Locale.ROOT)) {
              case "remoteaccess", "remoteforwarder" ->
                  "there is no remote desktop: log in to the machine by SSH; rolehost status,"
                      + " explain and logs tell how a role is";
              case "diagnostics" ->
                  "nothing is sent to a storage account: logs are files of the node, numbers are at"
                      + " /metrics for Prometheus, and incidents keep what a crash leaves";
              case "connect" ->
                  "a network of the machines' own, such as WireGuard, takes its place";
              case "caching", "cache" -> "a cache is a program of its own: a role with a command";
              default ->
                  "the module is not known here: bring what it did as a role or in the image";
            });
      }
      findings.notMappedWhole(element, "plugins were Azure's own; see each of them");
    }
  }

  private void contents() {
    for (XmlElement contents : role.element().children("Contents")) {
      for (XmlElement content : contents.children("Content")) {
        findings.notMappedWhole(
            content,
            "nothing packs a role: have the build copy the folder to "
                + role.name()
                + "/"
                + Mapping.shortened(content.value("destination").orElse("").replace('\\', '/')));
      }
      findings.notMappedWhole(contents, "nothing packs a role: see each of its folders");
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString(Math.round(value)) : Double.toString(value);
  }
}
