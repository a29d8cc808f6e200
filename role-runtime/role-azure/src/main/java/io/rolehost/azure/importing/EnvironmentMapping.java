package io.rolehost.azure.importing;

import io.rolehost.azure.importing.Instances.Meaning;
import io.rolehost.azure.xml.XmlAttribute;
import io.rolehost.azure.xml.XmlElement;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Variables, of a role or of one startup task. */
final class EnvironmentMapping {

  /**
   * What variables become.
   *
   * @param values what is the same in all environments
   * @param settings variables whose value is that of a setting, by variable
   * @param exports what a shell has to work out in each instance
   */
  record Variables(
      Map<String, Value> values, Map<String, String> settings, Map<String, String> exports) {
    Variables() {
      this(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
    }
  }

  private final Mapping mapping;
  private final Findings findings;
  private final RoleDraft role;
  private final Instances instances;
  private final boolean shell;
  private final String to;

  /**
   * Creates one.
   *
   * @param shell whether a shell can stand before the program
   * @param to where they go, for people
   */
  EnvironmentMapping(Mapping mapping, RoleDraft role, boolean shell, String to) {
    this.mapping = mapping;
    this.findings = mapping.findings;
    this.role = role;
    this.instances = new Instances(role, role.isRoleHost());
    this.shell = shell;
    this.to = to;
  }

  Variables of(List<XmlElement> elements) {
    Variables variables = new Variables();
    Set<String> names = new HashSet<>();
    for (XmlElement element : elements) {
      Optional<String> name = mapping.name(element);
      if (name.isEmpty()) {
        continue;
      }
      if (!names.add(name.get())) {
        findings.problem(
            element,
            "the variable '" + Mapping.shortened(name.get()) + "' is there twice: take one out");
      } else if (!Names.isVariable(name.get())) {
        findings.notMappedWhole(
            element,
            "no shell can set a variable of this name, or the node sets it itself: rename it");
        findings.notice(
            element, "the variable '" + Mapping.shortened(name.get()) + "' is left out");
      } else {
        one(element, name.get(), variables);
        findings.mapped(element, "name", to);
      }
    }
    return variables;
  }

  private void one(XmlElement element, String name, Variables variables) {
    List<XmlElement> paths = element.children("RoleInstanceValue");
    Optional<XmlAttribute> value = element.attribute("value");
    if (paths.isEmpty()) {
      if (value.isEmpty()) {
        findings.notice(element, "the variable '" + name + "' has no value; it is empty here");
      }
      variables.values().put(name, new Value.Text(value.map(XmlAttribute::value).orElse("")));
      findings.mapped(element, to + "." + name);
      findings.mapped(element, "value", to + "." + name);
      return;
    }
    XmlElement path = paths.getFirst();
    if (value.isPresent()) {
      findings.notMapped(value.get(), "a RoleInstanceValue is there too, and that counts");
    }
    Optional<XmlAttribute> xpath = path.attribute("xpath");
    if (xpath.isEmpty()) {
      findings.problem(path, "<RoleInstanceValue> has no xpath: give it one");
      return;
    }
    meaning(element, path, xpath.get(), name, variables);
  }

  private void meaning(
      XmlElement element, XmlElement path, XmlAttribute xpath, String name, Variables variables) {
    String key = to + "." + name;
    switch (instances.of(xpath.value())) {
      case Meaning.Fixed(String fixed) -> {
        variables.values().put(name, new Value.Text(fixed));
        findings.mapped(element, key);
        findings.mapped(path, key);
        findings.different(xpath, key, "it is written down as '" + fixed + "', as it is here");
      }
      case Meaning.Deployment() -> {
        variables.values().put(name, new Value.Reference("rolehost.deployment"));
        findings.mapped(element, key);
        findings.mapped(path, key);
        findings.different(
            xpath, key, "it is the name of the deployment (rolehost.deployment), not 32 digits");
      }
      case Meaning.OfSetting(String setting) -> {
        variables.settings().put(name, setting);
        findings.mapped(element, key);
        findings.mapped(path, key);
        findings.different(
            xpath, key, "the value is written a second time: change both when it changes");
      }
      case Meaning.InShell(String expression, String inJava) -> {
        if (shell) {
          variables.exports().put(name, expression);
          findings.mapped(element, key);
          findings.mapped(path, key);
          findings.different(
              xpath, key, "a shell works it out before the program, as \"" + expression + "\"");
        } else {
          String instead =
              "each instance has another value, and the variables of a jar are the same in all:"
                  + " take "
                  + (role.isRoleHost() ? inJava : "what a shell writes as " + expression);
          findings.notMappedWhole(element, instead);
          findings.notice(element, "the variable '" + name + "' is left out: " + instead);
        }
      }
      case Meaning.Unknown(String why) -> {
        findings.notMappedWhole(element, why + ": give the variable a value in solution.conf");
        findings.notice(xpath, "the variable '" + name + "' is left out: " + why);
      }
    }
  }

  /** Writes them as the variables of the whole role. */
  void put(Variables variables) {
    variables
        .values()
        .forEach((name, value) -> {
          boolean secret = value instanceof Value.Text(String text) && Secretive.is(name, text);
          mapping.put(
              Draft.ALL, secret, "variable " + name + " of " + role.name(), value, path(name));
        });
    variables
        .settings()
        .forEach((name, setting) -> {
          for (int i = 0; i < mapping.environments.size(); i++) {
            String value = role.values(i).get(setting);
            if (value != null) {
              boolean secret = Secretive.is(setting, value) || Secretive.is(name, value);
              mapping.put(
                  i,
                  secret,
                  "variable " + name + " of " + role.name(),
                  new Value.Text(value),
                  path(name));
            }
          }
        });
  }

  private String[] path(String name) {
    return new String[] {"roles", role.name(), "env", name};
  }
}
