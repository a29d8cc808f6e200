package io.rolehost.azure.xml;

/** Text between tags that is more than blanks. */
public final class XmlText implements XmlNode {
  private final XmlElement owner;

  XmlText(XmlElement owner) {
    this.owner = owner;
  }

  /** Returns the place of the element it stands in. */
  @Override
  public Place place() {
    return owner.place();
  }

  @Override
  public String path() {
    return owner.path() + "/text()";
  }
}
