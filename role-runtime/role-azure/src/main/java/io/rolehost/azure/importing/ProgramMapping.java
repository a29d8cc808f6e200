package io.rolehost.azure.importing;

import io.rolehost.azure.importing.EnvironmentMapping.Variables;
import io.rolehost.azure.importing.RoleDraft.Kind;
import io.rolehost.azure.xml.XmlAttribute;
import io.rolehost.azure.xml.XmlElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is run: entry points, and the variables of the process. */
final class ProgramMapping {
  // What a stop had there.
  private static final String STOP = "5m";

  private final Mapping mapping;
  private final Findings findings;
  private final RoleDraft role;
  private final Optional<String> jar;

  /**
   * Creates one.
   *
   * @param jar what the command line names for this role
   */
  ProgramMapping(Mapping mapping, RoleDraft role, Optional<String> jar) {
    this.mapping = mapping;
    this.findings = mapping.findings;
    this.role = role;
    this.jar = jar;
  }

  /** Returns the elements that name a program. */
  static List<XmlElement> programs(XmlElement role) {
    List<XmlElement> found = new ArrayList<>();
    for (XmlElement runtime : role.children("Runtime")) {
      for (XmlElement entry : runtime.children("EntryPoint")) {
        found.addAll(entry.children("ProgramEntryPoint"));
      }
    }
    return found;
  }

  void map() {
    List<XmlElement> variables = new ArrayList<>();
    for (XmlElement runtime : role.element().children("Runtime")) {
      findings.mapped(runtime, role.key());
      runtime(runtime);
      variables.addAll(mapping.inside(runtime, "Environment", "Variable"));
      for (XmlElement entry : runtime.children("EntryPoint")) {
        findings.mapped(entry, role.key());
        entry.children("NetFxEntryPoint").forEach(this::netFx);
      }
    }
    boolean command = role.kind() == Kind.COMMAND;
    EnvironmentMapping environment =
        new EnvironmentMapping(mapping, role, command, role.key() + ".env");
    Variables found = environment.of(variables);
    environment.put(found);
    List<XmlElement> programs = programs(role.element());
    for (XmlElement other : programs.subList(Math.min(1, programs.size()), programs.size())) {
      findings.notMappedWhole(other, "a role has one entry point, and another is before this one");
      findings.notice(other, "role '" + role.azureName() + "' has two entry points");
    }
    if (programs.isEmpty()) {
      putJar();
    } else {
      program(programs.getFirst(), found.exports());
    }
    if (role.hasAzureRuntime()) {
      draft(new Value.Plain("true"), "azure-runtime");
      draft(new Value.Plain(STOP), "stop-grace");
    }
    draft(new Value.Text(role.name()), "working-directory");
  }

  private void runtime(XmlElement runtime) {
    if (runtime.value("executionContext").orElse("limited").equals("elevated")) {
      findings.different(
          runtime,
          "executionContext",
          role.key() + ".run-as",
          "its processes have the user of the node unless run-as names another: run the node as"
              + " root, or grant what is needed, such as CAP_NET_BIND_SERVICE");
    } else {
      findings.mapped(runtime, "executionContext", "the user of the node, or run-as");
    }
  }

  private void netFx(XmlElement entry) {
    if (role.kind() != Kind.ROLE_HOST) {
      findings.notMappedWhole(entry, "a ProgramEntryPoint is there too, and that counts");
      return;
    }
    String why =
        jar.isPresent()
            ? "the jar that was named runs in its place; it holds the role, a class in Java. If"
                + " that calls RoleEnvironment, set azure-runtime = true"
            : "code of .NET does not run here: write the role in Java, and put its jar there or"
                + " name it by --jar "
                + role.azureName()
                + "=PATH";
    findings.different(entry, role.key() + ".jar", why);
    findings.different(entry, "assemblyName", role.key() + ".jar", why);
    findings.notMapped(
        entry, "targetFrameworkVersion", "there is no .NET here: the jar says which Java it needs");
  }

  private void putJar() {
    draft(new Value.Text(jar.orElse(role.name() + "/" + role.name() + ".jar")), "jar");
    if (jar.isEmpty()) {
      findings.notice(
          role.element(),
          "role '"
              + role.azureName()
              + "' needs a jar: put it at "
              + role.name()
              + "/"
              + role.name()
              + ".jar, or name it by --jar "
              + role.azureName()
              + "=PATH");
    }
  }

  private void program(XmlElement entry, Map<String, String> exports) {
    Optional<XmlAttribute> line = entry.attribute("commandLine");
    CommandWords words = CommandWords.of(line.map(XmlAttribute::value).orElse(""), "");
    if (line.isEmpty() || words.words().isEmpty()) {
      findings.problem(entry, "<ProgramEntryPoint> has no commandLine: give it one");
      return;
    }
    if (jar.isPresent()) {
      draft(new Value.Text(jar.get()), "jar");
      draft(new Value.Plain("false"), "role-host");
      String why =
          "the jar that was named runs in its place, as a plain Java program with azure-runtime";
      findings.different(entry, role.key() + ".jar", why);
      findings.different(line.get(), role.key() + ".jar", why);
    } else {
      command(entry, line.get(), words, exports);
    }
    boolean atStart = entry.value("setReadyOnProcessStart").orElse("true").equals("true");
    if (atStart) {
      findings.mapped(entry, "setReadyOnProcessStart", role.key() + ": ready when started");
    } else {
      findings.different(
          entry,
          "setReadyOnProcessStart",
          role.key() + ".ready",
          "it is ready when it was started, unless a probe says when or it says by its role"
              + " environment that it is busy: set ready { port, http, fd }");
    }
  }

  private void command(
      XmlElement entry, XmlAttribute line, CommandWords words, Map<String, String> exports) {
    mapping.put(
        Draft.ALL,
        Secretive.is(line.value()),
        "command of " + role.name(),
        Value.texts(words.exporting(exports)),
        "roles",
        role.name(),
        "command");
    String key = role.key() + ".command";
    findings.mapped(entry, key + ", with " + role.key() + ".azure-runtime");
    if (words.windowsOnly()) {
      findings.different(
          line,
          key,
          "it is a program or script of Windows: write the same for this machine and name it there;"
              + " until then it can't be started and the node says so");
      findings.notice(
          line,
          "the program of role '"
              + role.azureName()
              + "' is of Windows: "
              + Mapping.shortened(words.words().getFirst()));
    } else {
      findings.different(
          line,
          key,
          "program and words, split as Windows does and given to no shell; it starts in the folder "
              + role.name()
              + "/, where there it was approot");
    }
  }

  private void draft(Value value, String key) {
    mapping.draft.put(Draft.ALL, value, "roles", role.name(), key);
  }
}
