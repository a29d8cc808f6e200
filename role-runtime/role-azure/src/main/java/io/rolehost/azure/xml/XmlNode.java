package io.rolehost.azure.xml;

/** What a document consists of, each with its place. Equal only to itself. */
public sealed interface XmlNode permits XmlElement, XmlAttribute, XmlText {

  /** Returns where it begins. */
  Place place();

  /** Returns its path by names as they are written, such as {@code /A/B/@c}. */
  String path();
}
