package io.rolehost.azure.importing;

import io.rolehost.azure.importing.EnvironmentMapping.Variables;
import io.rolehost.azure.importing.Value.Block;
import io.rolehost.azure.xml.XmlAttribute;
import io.rolehost.azure.xml.XmlElement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Startup tasks. */
final class StartupMapping {
  // What an update of Azure waited for an instance; a task had no limit of its own.
  private static final String LIMIT = "30m";

  private final Mapping mapping;
  private final Findings findings;
  private final RoleDraft role;
  private final String key;
  private final Set<String> names = new HashSet<>();

  /** A task that can be written down. */
  private record Task(
      String name, List<String> command, String type, Variables variables, boolean secret) {}

  StartupMapping(Mapping mapping, RoleDraft role) {
    this.mapping = mapping;
    this.findings = mapping.findings;
    this.role = role;
    this.key = role.key() + ".startup";
  }

  void map() {
    List<Task> tasks = new ArrayList<>();
    for (XmlElement startup : role.element().children("Startup")) {
      findings.notMapped(
          startup, "priority", "it was of Azure's own use: tasks run in their order");
    }
    for (XmlElement element : mapping.inside(role.element(), "Startup", "Task")) {
      task(element).ifPresent(tasks::add);
    }
    if (tasks.isEmpty()) {
      return;
    }
    boolean perEnvironment =
        tasks.stream().anyMatch(task -> !task.variables().settings().isEmpty());
    for (int i = perEnvironment ? 0 : Draft.ALL; i < environments(perEnvironment); i++) {
      int environment = i;
      boolean secret =
          tasks.stream()
              .anyMatch(task ->
                  task.secret()
                      || task.variables().settings().values().stream()
                          .anyMatch(setting -> isSecret(environment, setting)));
      List<Value> blocks = tasks.stream().<Value>map(task -> block(task, environment)).toList();
      mapping.put(
          environment,
          secret,
          "startup tasks of " + role.name(),
          new Value.Several(blocks),
          "roles",
          role.name(),
          "startup");
    }
  }

  private int environments(boolean perEnvironment) {
    return perEnvironment ? mapping.environments.size() : 0;
  }

  private boolean isSecret(int environment, String setting) {
    return Secretive.is(setting, role.values(environment).getOrDefault(setting, ""));
  }

  private Optional<Task> task(XmlElement element) {
    Optional<XmlAttribute> line = element.attribute("commandLine");
    CommandWords words =
        CommandWords.of(line.map(XmlAttribute::value).orElse(""), role.isWeb() ? "bin" : "");
    if (line.isEmpty() || words.words().isEmpty()) {
      findings.problem(element, "<Task> has no commandLine: give it one, or take it out");
      return Optional.empty();
    }
    String type = element.value("taskType").orElse("simple");
    boolean known = type.equals("simple") || type.equals("background") || type.equals("foreground");
    if (!known) {
      findings.problem(
          element,
          "taskType: expected simple, background or foreground, found " + Mapping.shortened(type));
      return Optional.empty();
    }
    if (!type.equals("simple") && !role.isRoleHost()) {
      findings.notMappedWhole(
          element,
          "only simple tasks run before a program that is no role host: make it a role of its own,"
              + " with command = "
              + "[…] and, where the other needs it, depends-on");
      findings.notice(
          element, "a " + type + " task of role '" + role.azureName() + "' is left out: see there");
      return Optional.empty();
    }
    findings.mapped(element, key);
    findings.mapped(element, "taskType", key + ": type = " + type);
    command(line.get(), words);
    String context = element.value("executionContext").orElse("limited");
    if (context.equals("elevated")) {
      findings.different(
          element,
          "executionContext",
          key,
          "a task has the user of its role: what needs root belongs into the machine's set-up, or"
              + " a unit of systemd");
    } else {
      findings.mapped(element, "executionContext", key + ": the user of the role");
    }
    EnvironmentMapping environment =
        new EnvironmentMapping(mapping, role, true, key + ".environment");
    Variables variables = environment.of(mapping.inside(element, "Environment", "Variable"));
    boolean secret =
        Secretive.is(line.get().value())
            || variables.values().entrySet().stream()
                .anyMatch(one ->
                    one.getValue() instanceof Value.Text(String text)
                        && Secretive.is(one.getKey(), text));
    String program = words.words().getFirst();
    String name = Names.safe(program.substring(program.lastIndexOf('/') + 1), names);
    names.add(name);
    return Optional.of(
        new Task(name, words.exporting(variables.exports()), type, variables, secret));
  }

  private void command(XmlAttribute line, CommandWords words) {
    if (words.windowsOnly()) {
      findings.different(
          line,
          key,
          "it is a program or script of Windows: write the same for this machine and name it there;"
              + " until then the start fails and says so");
      findings.notice(
          line,
          "startup task "
              + Mapping.shortened(words.words().getFirst())
              + " of role '"
              + role.azureName()
              + "' is of Windows: the role will not start before it is written anew");
    } else {
      findings.different(
          line,
          key,
          "program and words, split as Windows does and given to no shell; it starts in the folder "
              + role.name()
              + "/, with a limit of "
              + LIMIT);
    }
  }

  private Block block(Task task, int environment) {
    Block block = new Block();
    block.put(List.of("name"), new Value.Text(task.name()));
    block.put(List.of("command"), Value.texts(task.command()));
    block.put(List.of("type"), new Value.Plain(task.type()));
    if (task.type().equals("simple")) {
      block.put(List.of("timeout"), new Value.Plain(LIMIT));
    }
    task.variables()
        .values()
        .forEach((name, value) -> block.put(List.of("environment", name), value));
    task.variables()
        .settings()
        .forEach((name, setting) -> {
          String value = role.values(Math.max(0, environment)).get(setting);
          if (value != null) {
            block.put(List.of("environment", name), new Value.Text(value));
          }
        });
    return block;
  }
}
