package io.rolehost.azure.importing;

import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import javax.xml.parsers.SAXParserFactory;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.Locator;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Every element and attribute of a file with the line on which its tag ends, found by another
 * parser than the one that is tested.
 */
final class Nodes extends DefaultHandler {

  /** A path, and the line where the tag ends. */
  record Node(String path, int tagEnds) {}

  private final List<Node> nodes = new ArrayList<>();
  private final Deque<String> open = new ArrayDeque<>();
  private @Nullable Locator locator;

  static List<Node> of(byte[] bytes) throws Exception {
    Nodes handler = new Nodes();
    SAXParserFactory factory = SAXParserFactory.newDefaultInstance();
    factory.setNamespaceAware(false);
    factory.newSAXParser().parse(source(bytes), handler);
    return handler.nodes;
  }

  static InputSource source(byte[] bytes) {
    InputSource source = new InputSource(new ByteArrayInputStream(bytes));
    boolean wide =
        bytes.length > 1 && (bytes[0] == 0 || bytes[1] == 0 || (bytes[0] & 0xFE) == 0xFE);
    source.setEncoding(wide ? "UTF-16" : "UTF-8");
    return source;
  }

  @Override
  public void setDocumentLocator(Locator found) {
    locator = found;
  }

  @Override
  public void startElement(String uri, String local, String name, Attributes attributes) {
    open.push((open.isEmpty() ? "" : open.peek()) + "/" + name);
    int line = locator == null ? 0 : locator.getLineNumber();
    nodes.add(new Node(String.valueOf(open.peek()), line));
    for (int i = 0; i < attributes.getLength(); i++) {
      nodes.add(new Node(open.peek() + "/@" + attributes.getQName(i), line));
    }
  }

  @Override
  public void endElement(String uri, String local, String name) {
    String _ = open.pop();
  }
}
