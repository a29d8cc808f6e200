package io.rolehost.azure.importing;

import io.rolehost.azure.xml.XmlElement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Certificates: what a role refers to, never what is in them. */
final class CertificateMapping {
  private static final String PART = "the certificates part";

  private final Mapping mapping;
  private final Findings findings;
  private final RoleDraft role;

  CertificateMapping(Mapping mapping, RoleDraft role) {
    this.mapping = mapping;
    this.findings = mapping.findings;
    this.role = role;
  }

  void map() {
    Map<String, XmlElement> declared = new LinkedHashMap<>();
    for (XmlElement element : mapping.inside(role.element(), "Certificates", "Certificate")) {
      Optional<String> name = mapping.name(element, PART);
      if (name.isEmpty()) {
        continue;
      }
      if (declared.putIfAbsent(name.get(), element) != null) {
        findings.problem(
            element,
            "role '"
                + role.azureName()
                + "' has two certificates '"
                + Mapping.shortened(name.get())
                + "': rename one of them");
        continue;
      }
      findings.different(
          element, PART, "no store of the machine's is filled: put it where the program reads it");
      String store = "a store of Windows: a file in PEM, or a key store of Java, takes its place";
      findings.different(element, "storeLocation", PART, store);
      findings.different(element, "storeName", PART, store);
      findings.different(
          element,
          "permissionLevel",
          PART,
          "let the file be readable by the user of the role, or by root alone");
      mapping.certificates.add(
          role.name()
              + " wants '"
              + Mapping.shortened(name.get())
              + "' in "
              + element.value("storeLocation").orElse("LocalMachine")
              + "/"
              + element.value("storeName").orElse("My"));
    }
    for (RoleDraft.Configured configured : role.configured()) {
      for (XmlElement element :
          mapping.inside(configured.element(), "Certificates", "Certificate")) {
        thumbprint(configured.environment(), element, declared);
      }
    }
  }

  private void thumbprint(int environment, XmlElement element, Map<String, XmlElement> declared) {
    Optional<String> name = mapping.name(element);
    if (name.isEmpty()) {
      return;
    }
    if (!declared.containsKey(name.get())) {
      findings.notMappedWhole(
          element, "the definition has no such certificate for this role: nothing refers to it");
      findings.notice(
          element, "the certificate '" + Mapping.shortened(name.get()) + "' is not declared");
      return;
    }
    String thumbprint = element.value("thumbprint").orElse("");
    String to =
        role.isRoleHost()
            ? role.key() + ".settings.azure.certificates"
            : "the variable CERTIFICATE_" + Names.inVariable(name.get());
    findings.mapped(element, "name", to);
    findings.different(element, to, "a reference alone: the certificate itself is not brought");
    findings.mapped(element, "thumbprint", to);
    if (role.isRoleHost()) {
      String[] path = {
        "roles", role.name(), "settings", "azure", "certificates", name.get(), "thumbprint"
      };
      mapping.draft.put(environment, new Value.Text(thumbprint), path);
      path[path.length - 1] = "algorithm";
      mapping.draft.put(
          environment, new Value.Text(element.value("thumbprintAlgorithm").orElse("sha1")), path);
      findings.mapped(element, "thumbprintAlgorithm", to);
    } else {
      mapping.draft.put(
          environment,
          new Value.Text(thumbprint),
          "roles",
          role.name(),
          "env",
          "CERTIFICATE_" + Names.inVariable(name.get()));
      findings.notMapped(element, "thumbprintAlgorithm", "the variable has the digits alone");
    }
    mapping.certificates.add(
        role.name()
            + " in "
            + mapping.environments.get(environment)
            + ": '"
            + Mapping.shortened(name.get())
            + "' has the thumbprint "
            + Mapping.shortened(thumbprint));
  }
}
