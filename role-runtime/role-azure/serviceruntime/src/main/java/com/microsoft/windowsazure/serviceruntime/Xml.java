package com.microsoft.windowsazure.serviceruntime;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** An element of a small XML document. Read without entities and document types, and in bounds. */
final class Xml {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_ELEMENTS = 200_000;

  private final String name;
  private final Map<String, String> attributes = new LinkedHashMap<>();
  private final List<Xml> children = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  private Xml(String name) {
    this.name = name;
  }

  /**
   * Reads a document.
   *
   * @param root the expected name of its root
   * @throws IOException if it can't be read, or is another document
   */
  static Xml read(InputStream in, String root) throws IOException {
    XMLInputFactory factory = XMLInputFactory.newInstance();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    try {
      XMLStreamReader reader = factory.createXMLStreamReader(in);
      Xml element = read(reader);
      if (!element.name.equals(root)) {
        throw new IOException("expected the document <" + root + ">, found <" + element.name + ">");
      }
      return element;
    } catch (XMLStreamException e) {
      throw new IOException("the document <" + root + "> can't be read: " + e.getMessage(), e);
    }
  }

  static Xml read(byte[] document, String root) throws IOException {
    return read(new ByteArrayInputStream(document), root);
  }

  private static Xml read(XMLStreamReader reader) throws XMLStreamException {
    Deque<Xml> open = new ArrayDeque<>();
    @Nullable Xml root = null;
    int elements = 0;
    while (reader.hasNext()) {
      int event = reader.next();
      if (event == XMLStreamConstants.START_ELEMENT) {
        if (++elements > MAX_ELEMENTS || open.size() == MAX_DEPTH) {
          throw new XMLStreamException("it is too large");
        }
        Xml element = new Xml(reader.getLocalName());
        for (int i = 0; i < reader.getAttributeCount(); i++) {
          element.attributes.put(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
        }
        if (open.isEmpty()) {
          root = element;
        } else {
          open.getLast().children.add(element);
        }
        open.addLast(element);
      } else if (event == XMLStreamConstants.END_ELEMENT) {
        open.removeLast();
      } else if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
        if (!open.isEmpty()) {
          open.getLast().text.append(reader.getText());
        }
      } else if (event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_REFERENCE) {
        throw new XMLStreamException("it has a document type or an entity");
      }
    }
    if (root == null) {
      throw new XMLStreamException("it is empty");
    }
    return root;
  }

  /** Returns the children with a name. */
  List<Xml> children(String of) {
    List<Xml> found = new ArrayList<>();
    for (Xml child : children) {
      if (child.name.equals(of)) {
        found.add(child);
      }
    }
    return found;
  }

  /**
   * Returns the children with a name within the only child with another; none if that is absent.
   */
  List<Xml> children(String within, String of) {
    List<Xml> found = new ArrayList<>();
    for (Xml child : children(within)) {
      found.addAll(child.children(of));
    }
    return found;
  }

  /** Returns the text of the first child with a name. */
  String textOf(String child) throws IOException {
    List<Xml> found = children(child);
    if (found.isEmpty()) {
      throw new IOException("<" + name + "> has no <" + child + ">");
    }
    return found.get(0).text.toString().trim();
  }

  /** Returns the value of an attribute. */
  String attribute(String key) throws IOException {
    @Nullable String value = attributes.get(key);
    if (value == null) {
      throw new IOException("<" + name + "> has no attribute " + key);
    }
    return value;
  }

  /** Returns the value of an attribute that is a number; {@code absent} if it is not there. */
  int number(String key, int absent) throws IOException {
    @Nullable String value = attributes.get(key);
    if (value == null) {
      return absent;
    }
    try {
      return Integer.parseInt(value.trim());
    } catch (NumberFormatException e) {
      throw new IOException("<" + name + " " + key + "=\"" + value + "\"> is no number", e);
    }
  }

  /** Returns whether an attribute is there and true. */
  boolean flag(String key) {
    @Nullable String value = attributes.get(key);
    return value != null && (value.trim().equals("true") || value.trim().equals("1"));
  }
}
