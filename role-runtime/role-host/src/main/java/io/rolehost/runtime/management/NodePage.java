package io.rolehost.runtime.management;

import java.util.List;
import java.util.Map;

/** The first page of a node: its instances, each with a link to its own page. Pure. */
final class NodePage {

  private NodePage() {}

  /** Links lead to where the node was asked: its role hosts listen on the same machine. */
  static Answer answer(Map<String, Object> status, Request request) {
    Map<?, ?> about = status.get("node") instanceof Map<?, ?> node ? node : Map.of();
    String deployment = text(about, "deployment");
    StringBuilder html = new StringBuilder(4096);
    StatusPage.begin(html, "node " + deployment);
    html.append("<h1>Node, deployment ").append(StatusPage.escape(deployment));
    if (Boolean.TRUE.equals(about.get("stopping"))) {
      html.append(' ');
      StatusPage.word(html, "stopping");
    }
    html.append("</h1>\n");
    if (about.get("underWay") != null) {
      html.append("<p>").append(StatusPage.escape(text(about, "underWay"))).append("</p>\n");
    }
    html.append("<table id=\"instances\"><tr>");
    for (String head : List.of("Instance", "", "Why", "Start", "Process")) {
      html.append("<th scope=\"col\">").append(head).append("</th>");
    }
    html.append("</tr>\n");
    if (status.get("instances") instanceof List<?> instances) {
      for (Object instance : instances) {
        if (instance instanceof Map<?, ?> values) {
          row(html, values, request);
        }
      }
    }
    html.append("</table>\n<p>");
    for (Route route :
        List.of(Route.STATUS, Route.EXPLAIN, Route.METRICS, Route.READYZ, Route.FREEZE)) {
      html.append("<a href=\"").append(route.path()).append("\">");
      html.append(route.path()).append("</a> ");
    }
    return StatusPage.page(html.append("</p></body></html>\n").toString());
  }

  private static void row(StringBuilder html, Map<?, ?> instance, Request request) {
    String id = StatusPage.escape(text(instance, "instance"));
    html.append("<tr><th scope=\"row\">");
    if (instance.get("managementPort") instanceof Number port) {
      String url = "http://" + name(request) + ":" + port + "/";
      html.append("<a href=\"").append(StatusPage.escape(url)).append("\">").append(id);
      html.append("</a>");
    } else {
      html.append(id);
    }
    html.append("</th><td>");
    StatusPage.word(html, text(instance, "word"));
    html.append("</td><td>").append(StatusPage.escape(text(instance, "why")));
    html.append("</td><td>#").append(StatusPage.escape(text(instance, "incarnation")));
    html.append("</td><td>").append(StatusPage.escape(text(instance, "pid")));
    html.append("</td></tr>\n");
  }

  /** The name in the Host header, which was checked, without its port. */
  private static String name(Request request) {
    String host = request.hosts().isEmpty() ? "localhost" : request.hosts().getFirst().strip();
    if (host.startsWith("[")) {
      return host.substring(0, host.indexOf(']') + 1);
    }
    int colon = host.indexOf(':');
    boolean bareIpV6 = colon >= 0 && colon != host.lastIndexOf(':');
    return bareIpV6 ? "[" + host + "]" : colon < 0 ? host : host.substring(0, colon);
  }

  private static String text(Map<?, ?> values, String key) {
    Object value = values.get(key);
    return value == null ? "" : value.toString();
  }
}
