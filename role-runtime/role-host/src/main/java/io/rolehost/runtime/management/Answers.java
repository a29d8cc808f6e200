package io.rolehost.runtime.management;

import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.management.RequestRules.Decision;
import io.rolehost.runtime.management.Route.Verb;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** Asks the host or node, and makes an answer of what it says. Any thread. */
final class Answers {

  private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

  private final Managed view;

  Answers(Managed view) {
    this.view = view;
  }

  /**
   * Answers a request that may be answered.
   *
   * @param body of the request
   * @param from who asked, for the log
   */
  Answer answer(Decision.Serve serve, Request request, byte[] body, String from) {
    Verb verb = serve.verb();
    return switch (serve.route()) {
      case LIVEZ ->
          ProbeText.livez(view.notLive(), request, view instanceof NodeView ? "node" : "host");
      case READYZ -> readyz(request);
      case STARTUPZ -> ProbeText.startupz(view.startupDone(), request, startsBy());
      case METRICS -> new Answer(200, METRICS, view.metrics(), Map.of());
      case STATUS -> Answer.json(200, status(request));
      case EXPLAIN -> explain(request);
      case EVENTS -> events(request);
      case THREADS -> new Answer(200, Answer.JSON, host().threads(), Map.of());
      case FREEZE -> freeze(verb, request, body, "HTTP from " + from);
      case TIMELINE -> of(view.timeline(instance(request)));
      case LOG -> text(view.log(instance(request)), request);
      case INCIDENTS -> of(view.incidents());
      case INCIDENT -> incident(request);
      case TASK -> task(request, from, serve.right());
      case OPERATIONS -> operations(verb, request, from, serve.right());
      case RECYCLE -> {
        host().recycle(by(request, "POST /recycle from " + from));
        yield accepted("recycle");
      }
      case STOP -> {
        view.stop("POST /stop from " + from);
        yield accepted("stop");
      }
      case RESTART -> restart(request, from);
      case PAGE -> serve.mayRead() ? Page.answer(view) : Page.LOCKED;
      case PAGE_FILE -> Page.file(Route.PAGE_FILE.rest(request.path()));
    };
  }

  /** A probe was answered in so many nanoseconds. */
  void probeAnswered(Route route, long nanos) {
    view.probeAnswered(route.path().substring(1), nanos);
  }

  /** Returns where a reader left off; empty if it did not say. */
  static OptionalLong lastEventId(Request request) {
    Optional<String> text =
        request
            .lastEventId()
            .or(() ->
                Optional.ofNullable(request.query().get("last-event-id")).map(List::getFirst));
    return text.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(text.get().strip()));
  }

  static Map<String, Object> json(JournalEntry entry) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("sequence", entry.sequence());
    map.put("at", entry.at().toString());
    map.put("nanos", entry.nanos());
    map.put("incarnation", entry.incarnation());
    map.put("type", entry.type());
    map.put("from", entry.from());
    map.put("to", entry.to());
    map.put("cause", entry.cause());
    map.put("detail", entry.detail());
    return map;
  }

  private Answer readyz(Request request) {
    boolean all = view instanceof NodeView;
    return !all && !request.asks("verbose") && !request.wantsJson() && view.isReady()
        ? Answer.OK
        : ProbeText.readyz(view.readiness(), request, all);
  }

  private Answer events(Request request) {
    List<Object> list = new ArrayList<>();
    for (JournalEntry entry : view.eventsAfter(lastEventId(request).orElse(0))) {
      list.add(json(entry));
    }
    return Answer.json(200, list);
  }

  private Map<String, Object> status(Request request) {
    List<String> instances = request.query().get("instance");
    return instances != null && view instanceof NodeView node
        ? node.status(instances, request.asks("host"))
        : view.status();
  }

  private static String instance(Request request) {
    return one(request, "instance").orElse("");
  }

  private Answer incident(Request request) {
    String rest = Route.INCIDENT.rest(request.path());
    int slash = rest.indexOf('/');
    return slash < 0
        ? Answer.problem(
            404, "Say which file of the incident: /incidents/NAME/FILE. GET /incidents lists them.")
        : text(view.incident(rest.substring(0, slash), rest.substring(slash + 1)), request);
  }

  /** A file as it is, for a terminal; what is cut says so, for JSON alone. */
  private static Answer text(Managed.Answer answer, Request request) {
    return answer.status() >= 400 || request.wantsJson()
        ? of(answer)
        : Answer.text(200, String.valueOf(answer.body().getOrDefault("text", "")));
  }

  private Answer explain(Request request) {
    Optional<String> target = one(request, "instance");
    Map<String, Object> explained;
    if (target.isPresent() && view instanceof NodeView node) {
      Managed.Answer found = node.explain(target.get());
      if (found.status() >= 400) {
        return of(found);
      }
      explained = found.body();
    } else {
      explained = view.explain();
    }
    return request.wantsJson()
        ? Answer.json(200, explained)
        : Answer.text(200, String.join("\n", lines(explained)) + "\n");
  }

  private static List<String> lines(Map<String, Object> explained) {
    List<String> lines = new ArrayList<>();
    if (explained.get("lines") instanceof List<?> list) {
      list.forEach(line -> lines.add(String.valueOf(line)));
    }
    return lines;
  }

  private Answer freeze(Verb verb, Request request, byte[] body, String from) {
    return switch (verb) {
      case GET -> Answer.json(200, view.freeze());
      case PUT -> {
        Optional<String> json = utf8(body);
        yield json.isEmpty()
            ? Answer.problem(400, "The body is not UTF-8. Send a freeze as JSON in UTF-8.")
            : of(view.putFreeze(json.get(), from));
      }
      case DELETE -> deleteFreeze(request, from);
      case POST -> throw new IllegalStateException("The routing table does not let POST in");
    };
  }

  private Answer deleteFreeze(Request request, String from) {
    // A misspelled parameter would remove more than was meant.
    for (Map.Entry<String, List<String>> parameter : request.query().entrySet()) {
      List<String> values = parameter.getValue();
      if (!Set.of("id", "scope", "by").contains(parameter.getKey())
          || values.size() != 1
          || values.getFirst().isBlank()) {
        return Answer.problem(
            400,
            "Give ?id=ID or ?scope=SCOPE, each once and not empty, or neither to remove every"
                + " entry that covers "
                + (view instanceof NodeView ? "all of this node" : "this instance")
                + "; and ?by=NAME to say who ends it. Nothing was"
                + " removed.");
      }
    }
    return of(view.deleteFreeze(one(request, "id"), one(request, "scope"), by(request, from)));
  }

  private Answer restart(Request request, String from) {
    Optional<String> target = one(request, "target").filter(given -> !given.isBlank());
    return target.isEmpty()
        ? Answer.problem(
            400,
            "Say which instance, or which role for all of its instances: POST"
                + " /restart?target=INSTANCE. GET /status lists them.")
        : of(node().restart(target.get(), by(request, "POST /restart from " + from)));
  }

  /** The routing table has its paths on a host's plane alone. */
  private HostView host() {
    return switch (view) {
      case HostView host -> host;
      case NodeView _ -> throw new IllegalStateException("A node has no such path");
    };
  }

  private NodeView node() {
    return switch (view) {
      case NodeView node -> node;
      case HostView _ -> throw new IllegalStateException("A role host has no such path");
    };
  }

  private String startsBy() {
    return switch (view) {
      case HostView _ -> "onStart has not returned true yet";
      case NodeView _ -> "the first start of some instance is still on its way";
    };
  }

  private Answer task(Request request, String from, Right right) {
    Optional<String> name = one(request, "name").filter(given -> !given.isBlank());
    Optional<HostView.TaskVerb> verb = one(request, "do").flatMap(Answers::taskVerb);
    return name.isEmpty() || verb.isEmpty()
        ? Answer.problem(
            400,
            "Say which task and what to do with it: POST /task?name=TASK&do=restart, stop or"
                + " start. GET /status lists the tasks.")
        : switch (view) {
          case HostView host ->
              of(host.task(verb.get(), name.get(), by(request, "POST /task from " + from)));
          case NodeView node -> hand(node, request, "POST", new Caller(right, from));
        };
  }

  private Answer operations(Verb verb, Request request, String from, Right right) {
    String name = Route.OPERATIONS.rest(request.path());
    Map<String, String> parameters = new LinkedHashMap<>();
    request.query().forEach((key, values) -> parameters.put(key, values.getFirst()));
    if (verb != Verb.GET && parameters.getOrDefault("do", "").isBlank()) {
      return Answer.problem(
          400, "Say what to do: POST /operations/" + name + "?do=VERB. GET shows what there is.");
    }
    return switch (view) {
      case NodeView node -> hand(node, request, verb.name(), new Caller(right, from));
      case HostView host -> {
        if (verb == Verb.GET) {
          yield of(host.look(name, parameters));
        }
        String wanted = parameters.getOrDefault("do", "");
        String who = by(request, "POST /operations/" + name + " from " + from);
        parameters.remove("do");
        parameters.remove("by");
        yield of(host.act(name, wanted, parameters, who));
      }
    };
  }

  /** The role host of an instance is asked the same, without the name of the instance. */
  private static Answer hand(NodeView node, Request request, String method, Caller caller) {
    String instance = instance(request);
    if (instance.isBlank()) {
      return Answer.problem(
          400, "Say of which instance: ?instance=ID. GET /status lists the instances.");
    }
    StringBuilder target = new StringBuilder(encoded(request.path()).replace("%2F", "/"));
    char before = '?';
    for (Map.Entry<String, List<String>> parameter : request.query().entrySet()) {
      boolean tells = parameter.getKey().equals("by") && method.equals("GET");
      if (!tells && !parameter.getKey().equals("instance")) {
        target.append(before).append(encoded(parameter.getKey()));
        target.append('=').append(encoded(parameter.getValue().getFirst()));
        before = '&';
      }
    }
    return of(node.hand(instance, method, target.toString(), caller));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Who asks, with the name that was given, if one was. */
  private static String by(Request request, String from) {
    return one(request, "by")
        .filter(name -> !name.isBlank())
        .map(n -> n + ", " + from)
        .orElse(from);
  }

  private static Optional<HostView.TaskVerb> taskVerb(String text) {
    return Stream.of(HostView.TaskVerb.values())
        .filter(verb -> verb.name().equalsIgnoreCase(text))
        .findFirst();
  }

  private static Optional<String> one(Request request, String parameter) {
    return Optional.ofNullable(request.query().get(parameter)).map(List::getFirst);
  }

  private static Answer of(Managed.Answer answer) {
    return Answer.json(answer.status(), answer.body());
  }

  private static Answer accepted(String what) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("accepted", what);
    body.put("done", false);
    body.put("detail", "Asked for, not done yet. GET /events tells how it goes.");
    return Answer.json(202, body);
  }

  private static Optional<String> utf8(byte[] body) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
