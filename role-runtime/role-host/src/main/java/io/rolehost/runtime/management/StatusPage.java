package io.rolehost.runtime.management;

import io.rolehost.runtime.readiness.Verdict;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The page for a person with a browser. Pure; whatever comes from outside is escaped. */
final class StatusPage {

  private static final String STYLE =
      """
      body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:60em;padding:0 1em;\
      color:#222;background:#fff}
      h1{font-size:1.4em}h2{font-size:1.1em;margin-top:1.6em}
      .word{padding:.1em .6em;border-radius:.3em;background:#ddd}
      .ready{background:#bfe8c2}.not-ready,.stopping{background:#f6d9a8}.frozen{background:#bcdcf5}
      table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;\
      padding:.15em .8em .15em 0;border-bottom:1px solid #ddd}th{font-weight:600}
      @media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}.word{color:#222}\
      th,td{border-color:#444}a{color:#8cf}}
      """;

  private static final List<String> FREEZE_COLUMNS =
      List.of("Scope", "Owner", "Reason", "Since", "Until", "Hold", "Evidence", "Id");

  private StatusPage() {}

  static Answer answer(Map<String, Object> status, Verdict readiness, List<String> explained) {
    return page(html(status, readiness, explained));
  }

  /** Returns the answer of a page that was begun by {@link #begin}. */
  static Answer page(String html) {
    return new Answer(200, "text/html; charset=utf-8", html, Map.of())
        .with(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'sha256-"
                + sha256(STYLE)
                + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  }

  /** Begins a page that reloads itself. */
  static void begin(StringBuilder html, String title) {
    html.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
    html.append("<meta http-equiv=\"refresh\" content=\"5\">");
    html.append("<meta name=\"viewport\" content=\"width=device-width\">");
    html.append("<title>").append(escape(title)).append("</title><style>");
    html.append(STYLE).append("</style></head><body>\n");
  }

  /** Appends one of the words operators know, with its colour. */
  static void word(StringBuilder html, String word) {
    html.append("<span class=\"word ").append(escape(word.replace(' ', '-'))).append("\">");
    html.append(escape(word)).append("</span>");
  }

  /** Returns one of the words operators know. */
  static String word(String state, boolean ready) {
    return switch (state) {
      case "STARTING", "PREPARING", "STANDBY" -> "starting";
      case "HELD" -> "frozen";
      case "DRAINING", "STOPPING", "KILLING", "STOPPED", "FAILED" -> "stopping";
      default -> ready ? "ready" : "not ready";
    };
  }

  private static String html(
      Map<String, Object> status, Verdict readiness, List<String> explained) {
    String name = text(status.getOrDefault("instance", "role host"));
    String word = word(text(status.getOrDefault("state", "")), readiness.ready());
    StringBuilder html = new StringBuilder(4096);
    begin(html, name + ": " + word);
    html.append("<h1>").append(escape(name)).append(' ');
    word(html, word);
    html.append("</h1>\n<ul>");
    for (String line : explained) {
      html.append("<li>").append(escape(line)).append("</li>\n");
    }
    html.append("</ul>\n");
    if (status.get("freeze") instanceof Map<?, ?> freeze) {
      freezes(html, freeze);
    }
    html.append("<h2>Readiness</h2>\n<table>");
    for (Verdict.Reason reason : readiness.reasons()) {
      html.append("<tr><td>").append(reason.ok() ? "yes" : "no").append("</td><th>");
      html.append(escape(reason.name())).append("</th><td>");
      html.append(escape(reason.text())).append("</td></tr>\n");
    }
    html.append("</table>\n<h2>Status</h2>\n");
    value(html, status);
    html.append("<p>");
    for (Route route : List.of(Route.STATUS, Route.EXPLAIN, Route.METRICS, Route.READYZ)) {
      html.append("<a href=\"").append(route.path()).append("\">");
      html.append(route.path()).append("</a> ");
    }
    return html.append("</p></body></html>\n").toString();
  }

  /** Who froze what, why, and until when; nothing where nothing is frozen or wrong. */
  private static void freezes(StringBuilder html, Map<?, ?> freeze) {
    StringBuilder rows = new StringBuilder();
    if (freeze.get("freezes") instanceof List<?> all) {
      for (Object one : all) {
        if (one instanceof Map<?, ?> values) {
          row(rows, values);
        }
      }
    }
    StringBuilder notes = new StringBuilder();
    note(notes, "Works until it is its turn to be held: ", freeze.get("waitsFor"));
    note(notes, "", freeze.get("notice"));
    if (freeze.get("sources") instanceof List<?> sources) {
      for (Object source : sources) {
        if (source instanceof Map<?, ?> values && values.get("problem") != null) {
          note(notes, optional(values.get("name")) + ": ", values.get("problem"));
        }
      }
    }
    if (rows.isEmpty() && notes.isEmpty()) {
      return;
    }
    html.append("<h2>Freezes</h2>\n");
    if (!rows.isEmpty()) {
      html.append("<table id=\"freezes\"><tr>");
      for (String head : FREEZE_COLUMNS) {
        html.append("<th scope=\"col\">").append(head).append("</th>");
      }
      html.append("</tr>\n").append(rows).append("</table>\n");
    }
    html.append(notes);
  }

  private static void row(StringBuilder rows, Map<?, ?> freeze) {
    rows.append("<tr>");
    for (String key : List.of("scope", "owner", "reason", "since")) {
      cell(rows, optional(freeze.get(key)));
    }
    cell(rows, until(freeze));
    cell(rows, Boolean.TRUE.equals(freeze.get("hold")) ? "yes" : "no");
    cell(rows, optional(freeze.get("evidence")));
    cell(rows, optional(freeze.get("id")));
    rows.append("</tr>\n");
  }

  private static String until(Map<?, ?> freeze) {
    if (!(freeze.get("secondsLeft") instanceof Number seconds)) {
      return "somebody ends it";
    }
    long left = Math.max(0, seconds.longValue());
    return optional(freeze.get("until"))
        + " ("
        + (left < 120 ? left + " s" : left / 60 + " min")
        + " left"
        + (freeze.get("auto") == null ? ")" : ", then one more try)");
  }

  private static void cell(StringBuilder rows, String text) {
    rows.append("<td>").append(escape(text)).append("</td>");
  }

  private static void note(StringBuilder notes, String before, @Nullable Object value) {
    if (value != null) {
      notes.append("<p>").append(escape(before + value)).append("</p>\n");
    }
  }

  private static String optional(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }

  private static void value(StringBuilder html, Object value) {
    switch (value) {
      case Map<?, ?> map -> {
        html.append("<table>");
        map.forEach((key, inner) -> {
          html.append("<tr><th scope=\"row\">").append(escape(text(key))).append("</th><td>");
          value(html, inner == null ? "" : inner);
          html.append("</td></tr>\n");
        });
        html.append("</table>");
      }
      case List<?> list -> {
        for (Object inner : list) {
          html.append("<div>");
          value(html, inner == null ? "" : inner);
          html.append("</div>");
        }
      }
      default -> html.append(escape(text(value)));
    }
  }

  private static String text(Object value) {
    return String.valueOf(value);
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

  private static String sha256(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
