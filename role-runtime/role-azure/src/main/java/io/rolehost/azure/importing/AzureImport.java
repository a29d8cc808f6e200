package io.rolehost.azure.importing;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.rolehost.azure.importing.ImportPlan.PlannedFile;
import io.rolehost.azure.importing.ImportPlan.Rule;
import io.rolehost.azure.importing.RoleDraft.Kind;
import io.rolehost.azure.xml.XmlDocument;
import io.rolehost.azure.xml.XmlElement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** From a service definition and its configurations to a solution: pure. For one thread. */
public final class AzureImport {
  private static final String SCHEMAS = "http://schemas.microsoft.com/ServiceHosting/";
  private static final int MOST_DOMAINS = 20;
  private static final List<String> ROLES = List.of("WebRole", "WorkerRole");

  private final List<XmlDocument> documents;
  private final Map<String, String> jars;
  private final Mapping mapping;
  private final Findings findings;
  private final List<XmlDocument> configurations;

  private AzureImport(List<XmlDocument> documents, Map<String, String> jars) {
    this.documents = documents;
    this.jars = jars;
    this.configurations =
        documents.stream().filter(one -> one.root().name().equals("ServiceConfiguration")).toList();
    this.mapping = new Mapping(Environments.of(configurations));
    this.findings = mapping.findings;
  }

  /**
   * Decides what is written.
   *
   * @param documents one definition and at least one configuration; the first configuration's
   *     environment gets {@code solution.conf}
   * @param jars the jar of a role by the name it has there; paths from where the solution will lie
   */
  public static ImportPlan plan(List<XmlDocument> documents, Map<String, String> jars) {
    return new AzureImport(List.copyOf(documents), Map.copyOf(jars)).plan();
  }

  private ImportPlan plan() {
    List<XmlDocument> definitions =
        documents.stream().filter(one -> one.root().name().equals("ServiceDefinition")).toList();
    checkInputs(definitions);
    String service = "";
    if (!definitions.isEmpty()) {
      XmlElement definition = definitions.getFirst().root();
      service = definition.value("name").orElse("");
      map(definition, service);
    }
    ImportReport report = report(service);
    if (!report.problems().isEmpty()) {
      return new ImportPlan(List.of(), List.of(), report);
    }
    List<String> folders = mapping.roles.stream().map(RoleDraft::name).toList();
    return new ImportPlan(files(report), folders, report);
  }

  private void checkInputs(List<XmlDocument> definitions) {
    for (XmlDocument document : documents) {
      XmlElement root = document.root();
      boolean known =
          root.name().equals("ServiceDefinition") || root.name().equals("ServiceConfiguration");
      if (!known) {
        findings.problem(
            root,
            "expected <ServiceDefinition> or <ServiceConfiguration>, found <"
                + Mapping.shortened(root.name())
                + ">");
      } else if (!root.namespace().isEmpty() && !root.namespace().startsWith(SCHEMAS)) {
        findings.problem(
            root,
            "its namespace is "
                + Mapping.shortened(root.namespace())
                + "; expected one that begins with "
                + SCHEMAS);
      }
    }
    if (definitions.isEmpty()) {
      findings.problem("there is no service definition among the files: name the .csdef too");
    }
    for (XmlDocument other :
        definitions.subList(Math.min(1, definitions.size()), definitions.size())) {
      findings.problem(other.root(), "there are two service definitions: import one at a time");
    }
    if (configurations.isEmpty()) {
      findings.problem(
          "there is no service configuration among the files: name the .cscfg too, it has the"
              + " numbers of instances and the values of settings");
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < configurations.size(); i++) {
      if (!names.add(mapping.environments.get(i))) {
        findings.problem(
            configurations.get(i).root(),
            "two configurations are of the environment '"
                + mapping.environments.get(i)
                + "', by the names of their files: rename one of them");
      }
    }
  }

  private void map(XmlElement definition, String service) {
    service(definition, service);
    OptionalInt domains = domains(definition);
    roles(definition);
    configurations(service);
    Set<String> known = new HashSet<>();
    for (RoleDraft role : mapping.roles) {
      known.add(role.azureName());
      domains.ifPresent(count -> {
        role.domains(count);
        mapping.draft.put(Draft.ALL, Value.whole(count), "roles", role.name(), "update", "domains");
      });
      new RoleMapping(mapping, role).instances();
    }
    for (String named : jars.keySet()) {
      if (!known.contains(named)) {
        findings.problem(
            "--jar names the role '" + named + "', and the definition has " + List.copyOf(known));
      }
    }
    new EndpointMapping(mapping).map(mapping.roles);
    for (RoleDraft role : mapping.roles) {
      new StorageMapping(mapping, role).map();
      new SettingMapping(mapping, role).map();
      new ProgramMapping(mapping, role, Optional.ofNullable(jars.get(role.azureName()))).map();
      new StartupMapping(mapping, role).map();
      new CertificateMapping(mapping, role).map();
      new RoleMapping(mapping, role).map();
    }
    new ProbeMapping(mapping).map(definition);
    new NetworkMapping(mapping).rules(definition);
  }

  private void service(XmlElement definition, String service) {
    findings.mapped(definition, FileNames.DEFINITION);
    if (service.isEmpty()) {
      findings.problem(definition, "<ServiceDefinition> has no name: give it one");
    } else {
      mapping.draft.put(
          Draft.ALL, new Value.Text(Names.safe(service, Set.of())), "rolehost", "deployment");
      findings.mapped(definition, "name", "rolehost.deployment");
    }
    findings.notMapped(
        definition, "schemaVersion", "it is for the tools that made the file: nothing to do");
    findings.different(
        definition,
        "topologyChangeDiscovery",
        "azure-runtime",
        "programs are told all at once, and may cancel; a role that is a jar is not told of"
            + " others");
  }

  private OptionalInt domains(XmlElement definition) {
    if (definition.attribute("upgradeDomainCount").isEmpty()) {
      return OptionalInt.empty();
    }
    OptionalInt count = mapping.number(definition, "upgradeDomainCount", 1, MOST_DOMAINS);
    findings.mapped(definition, "upgradeDomainCount", "update.domains of each role");
    return count;
  }

  private void roles(XmlElement definition) {
    Set<String> there = new HashSet<>();
    Set<String> taken = new HashSet<>();
    for (XmlElement element : definition.children()) {
      if (!element.namespace().equals(definition.namespace())) {
        continue;
      }
      if (element.name().equals("VirtualMachineRole")) {
        findings.notMappedWhole(
            element, "a machine of its own is none of Rolehost's: run it as a virtual machine");
        findings.notice(element, "a VirtualMachineRole is left out");
      }
      if (!ROLES.contains(element.name())) {
        continue;
      }
      Optional<String> name = mapping.name(element, "roles");
      if (name.isEmpty()) {
        continue;
      }
      if (!there.add(name.get())) {
        findings.problem(
            element,
            "there are two roles '" + Mapping.shortened(name.get()) + "': rename one of them");
        continue;
      }
      String safe = Names.safe(name.get(), taken);
      taken.add(safe);
      if (!safe.equals(name.get())) {
        findings.notice(
            element, "role '" + Mapping.shortened(name.get()) + "' is called '" + safe + "' here");
      }
      Kind kind =
          ProgramMapping.programs(element).isEmpty()
              ? Kind.ROLE_HOST
              : jars.containsKey(name.get()) ? Kind.PLAIN_JAVA : Kind.COMMAND;
      mapping.roles.add(new RoleDraft(element, name.get(), safe, kind));
      mapping
          .draft
          .common()
          .inner("roles")
          .inner(safe)
          .comment(element.name() + " in " + element.place().file() + ":" + element.place().line());
    }
    if (mapping.roles.isEmpty()) {
      findings.problem(definition, "there is no <WebRole> or <WorkerRole> in it");
    }
  }

  private void configurations(String service) {
    for (int i = 0; i < configurations.size(); i++) {
      XmlElement configuration = configurations.get(i).root();
      String file = FileNames.environment(mapping.environments.get(i));
      findings.mapped(configuration, file);
      findings.mapped(configuration, "serviceName", "rolehost.deployment");
      String named = configuration.value("serviceName").orElse("");
      if (!named.equals(service)) {
        findings.problem(
            configuration,
            "serviceName is '"
                + Mapping.shortened(named)
                + "', and the definition is of '"
                + Mapping.shortened(service)
                + "': they belong to different services, or one of them is misspelt");
      }
      findings.notMapped(
          configuration, "schemaVersion", "it is for the tools that made the file: nothing to do");
      findings.notMapped(
          configuration, "osFamily", "there is no Windows here: any Linux with a JDK 25 does");
      findings.notMapped(
          configuration,
          "osVersion",
          "updates of the system are the machine's: unattended-upgrades or the like");
      configured(i, configuration);
      new NetworkMapping(mapping).configuration(configuration);
    }
  }

  private void configured(int environment, XmlElement configuration) {
    Map<String, RoleDraft> byName = new LinkedHashMap<>();
    mapping.roles.forEach(role -> byName.put(role.azureName(), role));
    Set<String> found = new HashSet<>();
    for (XmlElement element : configuration.children("Role")) {
      Optional<String> name = mapping.name(element);
      if (name.isEmpty()) {
        continue;
      }
      RoleDraft role = byName.get(name.get());
      if (role == null) {
        findings.notMappedWhole(
            element, "the definition has no such role: add it there, or leave it out here");
        findings.notice(
            element,
            "the definition has no role '" + Mapping.shortened(name.get()) + "'; left out");
      } else if (!found.add(name.get())) {
        findings.problem(
            element, "role '" + Mapping.shortened(name.get()) + "' is there twice: take one out");
      } else {
        role.configured().add(new RoleDraft.Configured(environment, element));
      }
    }
    for (RoleDraft role : mapping.roles) {
      if (!found.contains(role.azureName())) {
        findings.notice(
            configuration,
            "role '"
                + role.azureName()
                + "' is not configured in "
                + mapping.environments.get(environment)
                + ": it has one instance there and no values of settings");
      }
    }
  }

  private ImportReport report(String service) {
    List<ImportReport.Input> inputs = new ArrayList<>();
    for (XmlDocument document : documents) {
      int environment = configurations.indexOf(document);
      String name = environment < 0 ? "" : mapping.environments.get(environment);
      inputs.add(
          new ImportReport.Input(
              document.file(),
              name,
              name.isEmpty() ? "" : FileNames.solution(name, environment == 0),
              document.comments()));
    }
    return new ImportReport(
        service,
        inputs,
        findings.items(documents),
        mapping.network,
        mapping.machines,
        mapping.certificates,
        mapping.secrets,
        findings.notices(),
        findings.problems());
  }

  private List<PlannedFile> files(ImportReport report) {
    List<PlannedFile> files = new ArrayList<>();
    files.add(
        new PlannedFile(FileNames.DEFINITION, Rule.GENERATED, mapping.draft.common().render()));
    for (int i = 0; i < mapping.environments.size(); i++) {
      String environment = mapping.environments.get(i);
      boolean secret = !mapping.draft.secret(i).isEmpty();
      if (secret) {
        files.add(
            new PlannedFile(
                FileNames.secrets(environment), Rule.SECRET, mapping.draft.secret(i).render()));
      }
      String includes =
          "include required(\""
              + FileNames.DEFINITION
              + "\")\n"
              + (secret ? "include required(\"" + FileNames.secrets(environment) + "\")\n" : "");
      files.add(
          new PlannedFile(
              FileNames.environment(environment),
              Rule.GENERATED,
              includes + mapping.draft.of(i).render()));
      files.add(
          new PlannedFile(
              FileNames.solution(environment, i == 0),
              Rule.ONCE,
              "# What rolehost up runs for "
                  + environment
                  + ". This file is yours: no import writes it again.\n"
                  + "include required(\""
                  + FileNames.environment(environment)
                  + "\")\n\n"
                  + "# What stands below wins over what was imported, key by key, such as\n"
                  + "# roles."
                  + mapping.roles.getFirst().name()
                  + ".limits { memory = 1GiB, cpus = 1 }\n"));
    }
    files.add(new PlannedFile("import-report.md", Rule.REPORT, ReportText.of(report)));
    files.add(
        new PlannedFile(
            "import-report.json",
            Rule.REPORT,
            ConfigValueFactory.fromMap(report.toMap())
                .render(ConfigRenderOptions.concise().setFormatted(true))));
    return files;
  }
}
