package io.rolehost.azure.xml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An element with all that is in it. Not changed after it was read. */
public final class XmlElement implements XmlNode {
  private final @Nullable XmlElement parent;
  private final String written;
  private final String name;
  private final String namespace;
  private final Place place;
  private final List<XmlAttribute> attributes = new ArrayList<>();
  private final List<XmlElement> children = new ArrayList<>();
  private @Nullable XmlText text;

  XmlElement(
      @Nullable XmlElement parent, String written, String name, String namespace, Place place) {
    this.parent = parent;
    this.written = written;
    this.name = name;
    this.namespace = namespace;
    this.place = place;
  }

  void add(XmlAttribute attribute) {
    attributes.add(attribute);
  }

  void add(XmlElement child) {
    children.add(child);
  }

  void addText() {
    if (text == null) {
      text = new XmlText(this);
    }
  }

  /** Returns its name without prefix. */
  public String name() {
    return name;
  }

  /** Returns its namespace; empty if it has none. */
  public String namespace() {
    return namespace;
  }

  /** Returns its attributes as written, declarations of namespaces among them. */
  public List<XmlAttribute> attributes() {
    return Collections.unmodifiableList(attributes);
  }

  /** Returns the elements in it. */
  public List<XmlElement> children() {
    return Collections.unmodifiableList(children);
  }

  /** Returns those elements in it that have this name and its own namespace. */
  public List<XmlElement> children(String named) {
    return children.stream()
        .filter(child -> child.name.equals(named) && child.namespace.equals(namespace))
        .toList();
  }

  /** Returns an attribute that has no namespace. */
  public Optional<XmlAttribute> attribute(String named) {
    return attributes.stream()
        .filter(attribute ->
            !attribute.isForeign() && !attribute.isNamespace() && attribute.name().equals(named))
        .findFirst();
  }

  /** Returns the value of an attribute without the blanks around it. */
  public Optional<String> value(String named) {
    return attribute(named).map(attribute -> attribute.value().strip());
  }

  /** Shows this element, its attributes, its text, and then the same of each child. */
  public void forEach(Consumer<XmlNode> action) {
    action.accept(this);
    attributes.forEach(action);
    if (text != null) {
      action.accept(text);
    }
    children.forEach(child -> child.forEach(action));
  }

  @Override
  public Place place() {
    return place;
  }

  @Override
  public String path() {
    return (parent == null ? "" : parent.path()) + "/" + written;
  }
}
