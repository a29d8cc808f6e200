package io.rolehost.azure.importing;

import io.rolehost.azure.xml.XmlAttribute;
import io.rolehost.azure.xml.XmlElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What all parts of one import share. For one thread. */
final class Mapping {
  /** The environments by name, in the order of the command line. */
  final List<String> environments;

  final Findings findings = new Findings();
  final Draft draft;
  final List<RoleDraft> roles = new ArrayList<>();
  final List<String> network = new ArrayList<>();
  final List<String> machines = new ArrayList<>();
  final List<String> certificates = new ArrayList<>();
  final List<String> secrets = new ArrayList<>();

  Mapping(List<String> environments) {
    this.environments = environments;
    this.draft = new Draft(environments.size());
  }

  /** Returns what is in all containers of that name: two are wrong, and what they hold is not. */
  List<XmlElement> inside(XmlElement element, String container, String named) {
    List<XmlElement> found = new ArrayList<>();
    for (XmlElement one : element.children(container)) {
      findings.mapped(one, "holds what is told of by itself");
      found.addAll(one.children(named));
    }
    return found;
  }

  /** Returns the name that an element must have, and says where it went. */
  Optional<String> name(XmlElement element, String mappedTo) {
    Optional<String> name = name(element);
    if (name.isPresent()) {
      findings.mapped(element, "name", mappedTo);
    }
    return name;
  }

  /** Returns the name that an element must have. */
  Optional<String> name(XmlElement element) {
    Optional<String> name = element.value("name").filter(text -> !text.isEmpty());
    if (name.isEmpty()) {
      findings.problem(element, "<" + element.name() + "> has no name: give it one");
    }
    return name;
  }

  /** Returns a number that an element must have, within bounds. */
  OptionalInt number(XmlElement element, String attribute, int least, int most) {
    Optional<XmlAttribute> found = element.attribute(attribute);
    if (found.isEmpty()) {
      findings.problem(
          element,
          "<" + element.name() + "> has no " + attribute + ": expected " + least + " to " + most);
      return OptionalInt.empty();
    }
    try {
      int number = Integer.parseInt(found.get().value().strip());
      if (number >= least && number <= most) {
        return OptionalInt.of(number);
      }
    } catch (NumberFormatException e) {
      // told below, with the bounds
    }
    findings.problem(
        found.get(),
        attribute
            + " of <"
            + element.name()
            + ">: expected "
            + least
            + " to "
            + most
            + ", found "
            + shortened(found.get().value()));
    return OptionalInt.empty();
  }

  /** Puts a value where it may be read, and tells of it if that is its owner alone. */
  void put(int environment, boolean secret, String what, Value value, String... path) {
    if (!secret) {
      draft.put(environment, value, path);
      return;
    }
    draft.putSecret(environment, value, path);
    for (int i = 0; i < environments.size(); i++) {
      if (environment == Draft.ALL || environment == i) {
        String sentence = what + ": " + FileNames.secrets(environments.get(i));
        if (!secrets.contains(sentence)) {
          secrets.add(sentence);
        }
      }
    }
  }

  static String shortened(String text) {
    return text.length() > 120 ? text.substring(0, 120) + "…" : text;
  }
}
