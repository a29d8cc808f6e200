package io.rolehost.azure.importing;

import io.rolehost.azure.xml.XmlAttribute;
import io.rolehost.azure.xml.XmlElement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Settings: declared in the definition, valued in each configuration. */
final class SettingMapping {
  private static final String OF_PLUGINS = "Microsoft.WindowsAzure.Plugins.";
  private static final Pattern PATH =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*(\\.[A-Za-z_][A-Za-z0-9_-]*){0,15}");
  // Blocks that mean something to the host, or that the import writes.
  private static final Set<String> OTHERS = Set.of("rolehost", "azure");

  private final Mapping mapping;
  private final Findings findings;
  private final RoleDraft role;
  private final Map<String, List<String>> paths = new HashMap<>();
  private final Set<String> valued = new HashSet<>();

  SettingMapping(Mapping mapping, RoleDraft role) {
    this.mapping = mapping;
    this.findings = mapping.findings;
    this.role = role;
  }

  void map() {
    declare();
    for (RoleDraft.Configured configured : role.configured()) {
      values(configured);
    }
    role.declared()
        .forEach((name, element) -> {
          if (valued.contains(name)) {
            findings.mapped(element, where(name));
          } else {
            findings.different(
                element,
                where(name),
                "no configuration gives it a value, so it is not there: give it one"
                    + (role.isRoleHost() ? ", or the role a default in its application.conf" : ""));
          }
        });
  }

  private void declare() {
    Set<String> prefixes = new HashSet<>();
    List<String> names = new ArrayList<>();
    for (XmlElement setting : mapping.inside(role.element(), "ConfigurationSettings", "Setting")) {
      Optional<String> name = mapping.name(setting, role.key());
      if (name.isEmpty()) {
        continue;
      }
      if (role.declares(name.get())) {
        findings.problem(
            setting,
            "role '"
                + role.azureName()
                + "' declares the setting '"
                + Mapping.shortened(name.get())
                + "' twice: take one out");
        continue;
      }
      role.declare(name.get(), setting);
      names.add(name.get());
      for (int dot = name.get().indexOf('.'); dot > 0; dot = name.get().indexOf('.', dot + 1)) {
        prefixes.add(name.get().substring(0, dot));
      }
    }
    for (String name : names) {
      boolean path =
          PATH.matcher(name).matches()
              && !prefixes.contains(name)
              && !startsWithOther(name, names)
              && !OTHERS.contains(name.split("\\.", 2)[0]);
      paths.put(name, path ? List.of(name.split("\\.", -1)) : List.of(name));
    }
  }

  private static boolean startsWithOther(String name, List<String> names) {
    return names.stream().anyMatch(other -> name.startsWith(other + "."));
  }

  private void values(RoleDraft.Configured configured) {
    for (XmlElement setting :
        mapping.inside(configured.element(), "ConfigurationSettings", "Setting")) {
      Optional<String> name = mapping.name(setting);
      if (name.isEmpty()) {
        continue;
      }
      value(configured.environment(), setting, name.get());
    }
    for (String name : role.declared().keySet()) {
      if (!role.values(configured.environment()).containsKey(name)) {
        findings.notice(
            configured.element(),
            "the setting '"
                + Mapping.shortened(name)
                + "' of role '"
                + role.azureName()
                + "' has no value in "
                + mapping.environments.get(configured.environment()));
      }
    }
  }

  private void value(int environment, XmlElement setting, String name) {
    if (!role.declares(name)) {
      boolean plugins = name.startsWith(OF_PLUGINS);
      String instead =
          plugins
              ? "it is of a plugin that an <Import> brought, and there is no such plugin here"
              : "the definition declares no such setting, so the role never saw it: declare it"
                  + " there, or leave it out";
      if (!plugins) {
        findings.notice(
            setting, "the setting '" + Mapping.shortened(name) + "' is not declared; left out");
      }
      findings.notMappedWhole(setting, instead);
      return;
    }
    String value = setting.attribute("value").map(XmlAttribute::value).orElse("");
    String earlier = role.values(environment).get(name);
    if (earlier != null) {
      if (!earlier.equals(value)) {
        findings.problem(
            setting,
            "the setting '"
                + Mapping.shortened(name)
                + "' of role '"
                + role.azureName()
                + "' has two values: take one out");
      }
      findings.notMappedWhole(setting, "the same is said before");
      return;
    }
    if (setting.attribute("value").isEmpty()) {
      findings.notice(
          setting, "the setting '" + Mapping.shortened(name) + "' has no value; it is empty here");
    }
    role.value(environment, name, value);
    valued.add(name);
    boolean secret = Secretive.is(name, value);
    put(environment, name, value, secret);
    String file =
        secret
            ? FileNames.secrets(mapping.environments.get(environment))
            : FileNames.environment(mapping.environments.get(environment));
    findings.mapped(setting, where(name) + " in " + file);
    findings.mapped(setting, "name", where(name) + " in " + file);
    if (secret) {
      findings.different(
          setting,
          "value",
          where(name) + " in " + file,
          "it looks like a secret, so it is in a file that its owner alone can read");
    } else {
      findings.mapped(setting, "value", where(name) + " in " + file);
    }
  }

  private void put(int environment, String name, String value, boolean secret) {
    String what = "setting " + Mapping.shortened(name) + " of " + role.name();
    List<String> path = new ArrayList<>(List.of("roles", role.name(), "settings"));
    path.addAll(paths.getOrDefault(name, List.of(name)));
    mapping.put(environment, secret, what, new Value.Text(value), path.toArray(String[]::new));
    if (role.isRoleHost() && name.equals("Freeze")) {
      freeze(environment, value.strip());
    }
  }

  /** The convention of the guidance for Azure is a switch of the host's here. */
  private void freeze(int environment, String value) {
    if (value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false")) {
      mapping.draft.put(
          environment,
          new Value.Plain(Boolean.toString(value.equalsIgnoreCase("true"))),
          "roles",
          role.name(),
          "settings",
          "rolehost",
          "freeze",
          "enabled");
    }
  }

  private String where(String name) {
    List<String> path = paths.getOrDefault(name, List.of(name));
    boolean quoted = path.size() == 1 && !Value.PLAIN_KEY.matcher(name).matches();
    String shortened = Mapping.shortened(name);
    return role.key()
        + ".settings."
        + (quoted ? "\"" + shortened + "\" (one key, in quotes)" : shortened)
        + (role.isRoleHost() && name.equals("Freeze") ? " and rolehost.freeze.enabled" : "");
  }
}
