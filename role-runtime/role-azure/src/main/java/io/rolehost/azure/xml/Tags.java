package io.rolehost.azure.xml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds where each start tag and each of its attributes stands, in a text that a parser has found
 * to be well-formed and without a document type. The JDK's parser tells the end of a tag alone.
 * Pure.
 */
final class Tags {

  /**
   * A start tag.
   *
   * @param index of its {@code <}
   * @param attributes the index of each, by its name as it is written
   */
  record Tag(int index, Map<String, Integer> attributes) {}

  private final String text;
  private final List<Tag> tags = new ArrayList<>();
  private int at;

  private Tags(String text) {
    this.text = text;
  }

  /** Returns all start tags in their order. */
  static List<Tag> of(String text) {
    Tags scan = new Tags(text);
    scan.all();
    return scan.tags;
  }

  private void all() {
    while (true) {
      int next = text.indexOf('<', at);
      if (next < 0) {
        return;
      }
      at = next;
      if (text.startsWith("<!--", at)) {
        skipPast("-->", 4);
      } else if (text.startsWith("<![CDATA[", at)) {
        skipPast("]]>", 9);
      } else if (text.startsWith("<?", at)) {
        skipPast("?>", 2);
      } else if (text.startsWith("</", at)) {
        skipPast(">", 2);
      } else {
        tag();
      }
    }
  }

  private void skipPast(String end, int opening) {
    int found = text.indexOf(end, at + opening);
    at = found < 0 ? text.length() : found + end.length();
  }

  private void tag() {
    int begin = at;
    Map<String, Integer> attributes = new LinkedHashMap<>();
    at++;
    name();
    while (at < text.length() && text.charAt(at) != '>') {
      if (isBlank(text.charAt(at)) || text.charAt(at) == '/') {
        at++;
        continue;
      }
      int where = at;
      String name = name();
      attributes.put(name, where);
      value();
    }
    tags.add(new Tag(begin, attributes));
  }

  private String name() {
    int begin = at;
    while (at < text.length() && !isBlank(text.charAt(at)) && "=/>".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(begin, at);
  }

  private void value() {
    while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\'') {
      at++;
    }
    if (at < text.length()) {
      int end = text.indexOf(text.charAt(at), at + 1);
      at = end < 0 ? text.length() : end + 1;
    }
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }
}
