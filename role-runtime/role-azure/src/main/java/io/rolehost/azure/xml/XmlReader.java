package io.rolehost.azure.xml;

import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file of at most 4 MiB by the JDK's StAX. A document type, and with it every entity of its
 * own, is refused; so is what is deep or wide beyond any service definition. For one thread.
 */
public final class XmlReader {
  /** The largest file that is read, in bytes. */
  public static final int MOST_BYTES = 4 * 1024 * 1024;

  static final int MOST_DEPTH = 64;
  static final int MOST_ATTRIBUTES = 128;
  static final int MOST_ELEMENTS = 100_000;

  private static final Pattern MESSAGE =
      Pattern.compile("(?s)ParseError at \\[row,col\\]:\\[\\d+,\\d+\\]\\s*Message: (.*)");

  private final String file;
  private final String text;
  private final Lines lines;
  private final Deque<XmlElement> open = new ArrayDeque<>();
  private @Nullable XmlElement root;
  private int elements;
  private int comments;

  private XmlReader(String file, String text) {
    this.file = file;
    this.text = text;
    this.lines = new Lines(file, text);
  }

  /**
   * Reads a document.
   *
   * @param file what places name
   * @throws UnreadableXml with one sentence that has file, line and column
   */
  public static XmlDocument read(String file, byte[] bytes) throws UnreadableXml {
    if (bytes.length > MOST_BYTES) {
      throw new UnreadableXml(
          file
              + ":1:1: it has "
              + bytes.length
              + " bytes; expected a service definition or configuration, of at most "
              + MOST_BYTES);
    }
    String text = Encoding.decode(file, bytes);
    return new XmlReader(file, text).read();
  }

  private XmlDocument read() throws UnreadableXml {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    try {
      check(factory.createXMLStreamReader(new StringReader(text)));
      // Positions are looked up in a text that is known to be well-formed and harmless by now.
      build(factory.createXMLStreamReader(new StringReader(text)), Tags.of(text));
    } catch (XMLStreamException e) {
      throw new UnreadableXml(place(e.getLocation()) + ": it is no XML: " + sentence(e));
    }
    if (root == null) {
      throw new UnreadableXml(file + ":1:1: there is no element in it");
    }
    return new XmlDocument(file, root, comments);
  }

  /** Goes through the whole of it once and keeps nothing. */
  private void check(XMLStreamReader in) throws XMLStreamException, UnreadableXml {
    int depth = 0;
    while (in.hasNext()) {
      switch (in.next()) {
        case XMLStreamConstants.DTD ->
            throw refused(in, "a document type (<!DOCTYPE) is not read: take it out");
        case XMLStreamConstants.ENTITY_REFERENCE ->
            throw refused(in, "an entity of its own (&…;) is not read: write its text");
        case XMLStreamConstants.COMMENT -> comments++;
        case XMLStreamConstants.END_ELEMENT -> depth--;
        case XMLStreamConstants.START_ELEMENT -> {
          depth++;
          elements++;
          if (depth > MOST_DEPTH) {
            throw refused(in, "more than " + MOST_DEPTH + " elements inside each other");
          }
          if (elements > MOST_ELEMENTS) {
            throw refused(in, "more than " + MOST_ELEMENTS + " elements");
          }
          if (in.getAttributeCount() + in.getNamespaceCount() > MOST_ATTRIBUTES) {
            throw refused(in, "an element with more than " + MOST_ATTRIBUTES + " attributes");
          }
        }
        default -> {
          // nothing that could do harm
        }
      }
    }
  }

  private void build(XMLStreamReader in, List<Tags.Tag> tags) throws XMLStreamException {
    int next = 0;
    while (in.hasNext()) {
      switch (in.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          open(in, tags.get(next));
          next++;
        }
        case XMLStreamConstants.END_ELEMENT -> {
          XmlElement _ = open.pop();
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
          XmlElement around = open.peek();
          if (around != null && !in.isWhiteSpace() && !in.getText().isBlank()) {
            around.addText();
          }
        }
        default -> {
          // comments and processing instructions say nothing to a program
        }
      }
    }
  }

  private void open(XMLStreamReader in, Tags.Tag tag) {
    XmlElement parent = open.peek();
    XmlElement element =
        new XmlElement(
            parent,
            written(in.getPrefix(), in.getLocalName()),
            in.getLocalName(),
            orEmpty(in.getNamespaceURI()),
            lines.at(tag.index()));
    for (int i = 0; i < in.getNamespaceCount(); i++) {
      String prefix = orEmpty(in.getNamespacePrefix(i));
      String written = prefix.isEmpty() ? "xmlns" : "xmlns:" + prefix;
      element.add(attribute(element, written, written, orEmpty(in.getNamespaceURI(i)), false, tag));
    }
    for (int i = 0; i < in.getAttributeCount(); i++) {
      element.add(
          attribute(
              element,
              written(in.getAttributePrefix(i), in.getAttributeLocalName(i)),
              in.getAttributeLocalName(i),
              in.getAttributeValue(i),
              !orEmpty(in.getAttributeNamespace(i)).isEmpty(),
              tag));
    }
    if (parent == null) {
      root = element;
    } else {
      parent.add(element);
    }
    open.push(element);
  }

  private XmlAttribute attribute(
      XmlElement owner, String written, String name, String value, boolean foreign, Tags.Tag tag) {
    Place place = lines.at(tag.attributes().getOrDefault(written, tag.index()));
    return new XmlAttribute(owner, written, name, value, foreign, place);
  }

  private UnreadableXml refused(XMLStreamReader in, String what) {
    return new UnreadableXml(place(in.getLocation()) + ": refused: " + what);
  }

  private Place place(@Nullable Location location) {
    return location == null
        ? new Place(file, 1, 1)
        : new Place(
            file, Math.max(1, location.getLineNumber()), Math.max(1, location.getColumnNumber()));
  }

  private static String sentence(XMLStreamException e) {
    String message = Optional.ofNullable(e.getMessage()).orElse("unknown");
    Matcher parts = MESSAGE.matcher(message);
    String said = parts.matches() ? parts.group(1) : message;
    String line = said.lines().findFirst().orElse("unknown").strip();
    return line.length() > 300 ? line.substring(0, 300) + "…" : line;
  }

  private static String written(@Nullable String prefix, String name) {
    return prefix == null || prefix.isEmpty() ? name : prefix + ":" + name;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
