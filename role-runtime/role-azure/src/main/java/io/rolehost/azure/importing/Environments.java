package io.rolehost.azure.importing;

import io.rolehost.azure.xml.XmlDocument;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** How the environments of configurations are called: by the names of their files. Pure. */
final class Environments {

  private Environments() {}

  static List<String> of(List<XmlDocument> configurations) {
    return configurations.stream().map(one -> of(one.file())).toList();
  }

  /** {@code ServiceConfiguration.Cloud.cscfg} is of Cloud, {@code Photos.cscfg} of Photos. */
  static String of(String file) {
    String name = file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".cscfg")) {
      name = name.substring(0, name.length() - ".cscfg".length());
    }
    name = name.substring(name.lastIndexOf('.') + 1);
    if (name.equalsIgnoreCase("ServiceConfiguration")) {
      return "default";
    }
    return name.isEmpty() ? "default" : Names.safe(name, Set.of());
  }
}
