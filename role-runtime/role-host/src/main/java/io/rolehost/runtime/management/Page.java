package io.rolehost.runtime.management;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The page for a person with a browser: files of the jar, the first of which is given a table of
 * what is so now. Scripts fill and follow the rest; without them the table is still there. Any
 * thread.
 */
final class Page {

  /** Nothing from elsewhere, nothing inline, in no frame. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final String HTML = "text/html; charset=utf-8";
  private static final String CSS = "text/css; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final String INDEX = "index.html";

  /** All there are: a path is looked up here and never in a folder. */
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("page.css", CSS),
          Map.entry("start.js", SCRIPT),
          Map.entry("page.js", SCRIPT),
          Map.entry("dom.js", SCRIPT),
          Map.entry("plane.js", SCRIPT),
          Map.entry("fleet.js", SCRIPT),
          Map.entry("instance.js", SCRIPT),
          Map.entry("timeline.js", SCRIPT),
          Map.entry("actions.js", SCRIPT),
          Map.entry("words.js", SCRIPT),
          Map.entry("icon.svg", "image/svg+xml"));

  private static final String TITLE = "<!--title-->";
  private static final String REFRESH = "<!--refresh-->";
  private static final String SUMMARY = "<!--summary-->";
  private static final String ROWS = "<!--rows-->";
  private static final String LATER = "<!--later-->";

  /** More than fit on a screen. What comes after them is laid out only when it is scrolled to. */
  private static final int FIRST_ROWS = 40;

  private static final String RELOADS =
      "<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>";

  /** The page for who may not look: nothing of the host or node, and a way to give a token. */
  static final Answer LOCKED =
      page(
          resource(INDEX)
              .replace(TITLE, "Rolehost")
              .replace(REFRESH, "")
              .replace(SUMMARY, resource("locked.html")));

  private Page() {}

  /** Returns the page with what is so now. */
  static Answer answer(Managed view) {
    Map<String, Object> status = view.status();
    String html =
        switch (view) {
          case HostView host -> html(status, host.explain());
          case NodeView _ -> html(status);
        };
    return page(html);
  }

  private static Answer page(String html) {
    return secured(new Answer(200, HTML, html, Map.of())).with("Content-Security-Policy", POLICY);
  }

  /** Returns a file of the page. */
  static Answer file(String name) {
    String type = TYPES.get(name);
    return type == null
        ? Answer.problem(404, "The page has no such file. It has " + TYPES.keySet() + ".")
        : secured(new Answer(200, type, resource(name), Map.of()));
  }

  private static Answer secured(Answer answer) {
    return answer
        .with("Referrer-Policy", "no-referrer")
        .with("Cross-Origin-Resource-Policy", "same-origin")
        .with("Cross-Origin-Opener-Policy", "same-origin");
  }

  /** A role host: what it says of itself. */
  static String html(Map<String, Object> status, Map<String, Object> explained) {
    Map<Object, Object> row = new LinkedHashMap<>(status);
    String why =
        explained.get("lines") instanceof List<?> lines
            ? String.join("\n", lines.stream().map(String::valueOf).toList())
            : "";
    row.put("why", why);
    return whole(text(status, "instance"), List.of(row));
  }

  /** A node: its instances. */
  static String html(Map<String, Object> status) {
    Map<?, ?> about = status.get("node") instanceof Map<?, ?> node ? node : Map.of();
    return whole(
        "Node, deployment " + text(about, "deployment"),
        status.get("instances") instanceof List<?> all ? all : List.of());
  }

  private static String whole(String title, List<?> instances) {
    int first = Math.min(FIRST_ROWS, instances.size());
    String later =
        first == instances.size()
            ? ""
            : resource("later.html")
                .replace(ROWS, rows(instances.subList(first, instances.size())));
    return resource(INDEX)
        .replace(TITLE, escape(title))
        .replace(REFRESH, RELOADS)
        .replace(
            SUMMARY,
            resource("summary.html")
                .replace(LATER, later)
                .replace(ROWS, rows(instances.subList(0, first))));
  }

  private static String rows(List<?> instances) {
    StringBuilder rows = new StringBuilder(256 * instances.size());
    for (Object instance : instances) {
      if (instance instanceof Map<?, ?> values) {
        row(rows, values);
      }
    }
    return rows.toString();
  }

  private static void row(StringBuilder rows, Map<?, ?> instance) {
    String word = text(instance, "word");
    rows.append("<tr><th scope=\"row\">").append(escape(text(instance, "instance")));
    rows.append("</th><td data-head=\"State\"><span class=\"word\" data-word=\"")
        .append(escape(word))
        .append("\">");
    rows.append(escape(word)).append("</span></td><td data-head=\"Why\" class=\"why\">");
    rows.append(escape(text(instance, "why")));
    rows.append("</td><td data-head=\"Start\">#").append(escape(text(instance, "incarnation")));
    rows.append("</td></tr>\n");
  }

  private static String text(Map<?, ?> values, String key) {
    Object value = values.get(key);
    return value == null ? "" : value.toString();
  }

  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '&' -> escaped.append("&amp;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }

  private static String resource(String name) {
    try (InputStream in =
        Optional.ofNullable(Page.class.getResourceAsStream("page/" + name))
            .orElseThrow(() -> new IllegalStateException("The jar lacks page/" + name))) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
