package io.rolehost.azure.importing;

import io.rolehost.azure.importing.ImportReport.Item;
import io.rolehost.azure.importing.ImportReport.Notice;
import io.rolehost.azure.xml.Place;
import io.rolehost.azure.xml.XmlAttribute;
import io.rolehost.azure.xml.XmlDocument;
import io.rolehost.azure.xml.XmlElement;
import io.rolehost.azure.xml.XmlNode;
import io.rolehost.azure.xml.XmlText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is found out on the way: one outcome for each element, attribute and text of the input. The
 * first outcome stands; what nobody knew is told as not mapped at the end. For one thread.
 */
final class Findings {
  private final Map<XmlNode, Outcome> outcomes = new LinkedHashMap<>();
  private final List<Notice> notices = new ArrayList<>();
  private final List<Notice> problems = new ArrayList<>();

  void mapped(XmlNode node, String to) {
    Outcome _ = outcomes.putIfAbsent(node, new Outcome.Mapped(to));
  }

  void different(XmlNode node, String to, String why) {
    Outcome _ = outcomes.putIfAbsent(node, new Outcome.Different(to, why));
  }

  void notMapped(XmlNode node, String instead) {
    Outcome _ = outcomes.putIfAbsent(node, new Outcome.NotMapped(instead));
  }

  /** An element with all in it that has no outcome yet. */
  void notMappedWhole(XmlElement element, String instead) {
    element.forEach(node -> notMapped(node, instead));
  }

  void mapped(XmlElement element, String attribute, String to) {
    element.attribute(attribute).ifPresent(found -> mapped(found, to));
  }

  void different(XmlElement element, String attribute, String to, String why) {
    element.attribute(attribute).ifPresent(found -> different(found, to, why));
  }

  void notMapped(XmlElement element, String attribute, String instead) {
    element.attribute(attribute).ifPresent(found -> notMapped(found, instead));
  }

  /** A sentence that a person should read, though the import goes on. */
  void notice(XmlNode at, String sentence) {
    notices.add(new Notice(Optional.of(at.place()), sentence));
  }

  void notice(String sentence) {
    notices.add(new Notice(Optional.empty(), sentence));
  }

  /** What is so wrong that nothing is written. */
  void problem(XmlNode at, String sentence) {
    problems.add(new Notice(Optional.of(at.place()), sentence));
  }

  void problem(String sentence) {
    problems.add(new Notice(Optional.empty(), sentence));
  }

  List<Notice> notices() {
    return List.copyOf(notices);
  }

  List<Notice> problems() {
    return List.copyOf(problems);
  }

  /** Returns every node of the documents with its outcome, in the order of the files. */
  List<Item> items(List<XmlDocument> documents) {
    List<Item> items = new ArrayList<>();
    for (XmlDocument document : documents) {
      document.root().forEach(node -> items.add(item(node)));
    }
    return items;
  }

  private Item item(XmlNode node) {
    Outcome outcome = outcomes.get(node);
    Place place = node.place();
    return new Item(node.path(), label(node), place, outcome == null ? unknown(node) : outcome);
  }

  private static Outcome unknown(XmlNode node) {
    return switch (node) {
      case XmlElement element ->
          new Outcome.NotMapped(
              "<"
                  + element.name()
                  + "> is not known here: if the roles need what it says, say it in solution.conf");
      case XmlAttribute attribute when attribute.isNamespace() ->
          new Outcome.NotMapped("it only names a schema: nothing to do");
      case XmlAttribute attribute ->
          new Outcome.NotMapped(
              attribute.name()
                  + " of <"
                  + attribute.owner().name()
                  + "> is not known here: if the roles need what it says, say it in solution.conf");
      case XmlText _ -> new Outcome.NotMapped("text between tags means nothing in these files");
    };
  }

  private static String label(XmlNode node) {
    XmlElement element =
        switch (node) {
          case XmlElement itself -> itself;
          case XmlAttribute attribute -> attribute.owner();
          case XmlText _ -> null;
        };
    return element == null ? "" : element.value("name").orElse("");
  }
}
