package io.rolehost.azure.importing;

import io.rolehost.azure.importing.RoleDraft.Store;
import io.rolehost.azure.xml.XmlElement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** Local storage: folders of an instance's own. */
final class StorageMapping {
  private static final int STANDARD = 100;
  private static final int MOST = 100_000_000;

  private final Mapping mapping;
  private final Findings findings;
  private final RoleDraft role;

  StorageMapping(Mapping mapping, RoleDraft role) {
    this.mapping = mapping;
    this.findings = mapping.findings;
    this.role = role;
  }

  void map() {
    // Definitions of 2008 have it in the role itself.
    List<XmlElement> all = new ArrayList<>(role.element().children("LocalStorage"));
    all.addAll(mapping.inside(role.element(), "LocalResources", "LocalStorage"));
    Set<String> taken = new HashSet<>();
    for (XmlElement element : all) {
      mapping
          .name(element, role.key() + ".local-resources")
          .ifPresent(there -> store(element, there, taken));
    }
  }

  private void store(XmlElement element, String there, Set<String> taken) {
    if (role.store(there).isPresent()) {
      findings.problem(
          element,
          "role '"
              + role.azureName()
              + "' has two local storages '"
              + Mapping.shortened(there)
              + "': rename one of them");
      return;
    }
    String name = Names.safe(there, taken);
    taken.add(name);
    if (!name.equals(there)) {
      findings.notice(
          element,
          "local storage '" + Mapping.shortened(there) + "' is called '" + name + "' here");
    }
    String key = role.key() + ".local-resources." + name;
    int size = STANDARD;
    if (element.attribute("sizeInMB").isPresent()) {
      OptionalInt given = mapping.number(element, "sizeInMB", 1, MOST);
      if (given.isEmpty()) {
        return;
      }
      size = given.getAsInt();
    }
    String clean = element.value("cleanOnRoleRecycle").orElse("true");
    boolean cleaned = !clean.equalsIgnoreCase("false") && !clean.equals("0");
    String[] path = {"roles", role.name(), "local-resources", name};
    put(path, "size", new Value.Plain(size + "MiB"));
    put(path, "clean-on-recycle", new Value.Plain(Boolean.toString(cleaned)));
    findings.mapped(element, key);
    findings.different(
        element, "sizeInMB", key + ".size", "it is what the role means to use; nobody measures");
    findings.mapped(element, "cleanOnRoleRecycle", key + ".clean-on-recycle");
    role.store(there, new Store(name, size));
  }

  private void put(String[] path, String key, Value value) {
    List<String> whole = new ArrayList<>(List.of(path));
    whole.add(key);
    mapping.draft.put(Draft.ALL, value, whole.toArray(String[]::new));
  }
}
