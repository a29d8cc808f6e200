package io.rolehost.runtime.management;

import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.management.Route.Verb;
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

/** Asks the host, and makes an answer of what it says. Any thread. */
final class Answers {

  private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

  private final HostView view;

  Answers(HostView view) {
    this.view = view;
  }

  /**
   * Answers a request that may be answered.
   *
   * @param body of the request
   * @param from who asked, for the host's log
   */
  Answer answer(Route route, Verb verb, Request request, byte[] body, String from) {
    return switch (route) {
      case LIVEZ -> ProbeText.livez(view.notLive(), request);
      case READYZ -> ProbeText.readyz(view.readiness(), request);
      case STARTUPZ -> ProbeText.startupz(view.startupDone(), request);
      case METRICS -> new Answer(200, METRICS, view.metrics(), Map.of());
      case STATUS -> Answer.json(200, view.status());
      case EXPLAIN -> explain(request);
      case EVENTS -> events(request);
      case THREADS -> new Answer(200, Answer.JSON, view.threads(), Map.of());
      case FREEZE -> freeze(verb, request, body, "HTTP from " + from);
      case TASK -> task(request, from);
      case RECYCLE -> {
        view.recycle("POST /recycle from " + from);
        yield accepted("recycle");
      }
      case STOP -> {
        view.stop("POST /stop from " + from);
        yield accepted("stop");
      }
      case PAGE -> StatusPage.answer(view.status(), view.readiness(), lines(view.explain()));
    };
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

  private Answer events(Request request) {
    List<Object> list = new ArrayList<>();
    for (JournalEntry entry : view.eventsAfter(lastEventId(request).orElse(0))) {
      list.add(json(entry));
    }
    return Answer.json(200, list);
  }

  private Answer explain(Request request) {
    Map<String, Object> explained = view.explain();
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
                + " entry that covers this instance; and ?by=NAME to say who ends it. Nothing was"
                + " removed.");
      }
    }
    String by = one(request, "by").map(name -> name + ", " + from).orElse(from);
    return of(view.deleteFreeze(one(request, "id"), one(request, "scope"), by));
  }

  private Answer task(Request request, String from) {
    Optional<String> name = one(request, "name").filter(given -> !given.isBlank());
    Optional<HostView.TaskVerb> verb = one(request, "do").flatMap(Answers::taskVerb);
    return name.isEmpty() || verb.isEmpty()
        ? Answer.problem(
            400,
            "Say which task and what to do with it: POST /task?name=TASK&do=restart, stop or"
                + " start. GET /status lists the tasks.")
        : of(view.task(verb.get(), name.get(), "POST /task from " + from));
  }

  private static Optional<HostView.TaskVerb> taskVerb(String text) {
    return Stream.of(HostView.TaskVerb.values())
        .filter(verb -> verb.name().equalsIgnoreCase(text))
        .findFirst();
  }

  private static Optional<String> one(Request request, String parameter) {
    return Optional.ofNullable(request.query().get(parameter)).map(List::getFirst);
  }

  private static Answer of(HostView.Answer answer) {
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
