package io.rolehost.azure.xml;

/** An attribute, or the declaration of a namespace. */
public final class XmlAttribute implements XmlNode {
  private final XmlElement owner;
  private final String written;
  private final String name;
  private final String value;
  private final Place place;
  private final boolean foreign;

  XmlAttribute(
      XmlElement owner, String written, String name, String value, boolean foreign, Place place) {
    this.owner = owner;
    this.written = written;
    this.name = name;
    this.value = value;
    this.foreign = foreign;
    this.place = place;
  }

  /** Returns the element that has it. */
  public XmlElement owner() {
    return owner;
  }

  /** Returns its name without prefix. */
  public String name() {
    return name;
  }

  /** Returns its value with references resolved. */
  public String value() {
    return value;
  }

  /** Returns whether it declares a namespace. */
  public boolean isNamespace() {
    return written.equals("xmlns") || written.startsWith("xmlns:");
  }

  /** Returns whether it is of a namespace of its own, so that its name means nothing here. */
  public boolean isForeign() {
    return foreign;
  }

  @Override
  public Place place() {
    return place;
  }

  @Override
  public String path() {
    return owner.path() + "/@" + written;
  }
}
