package io.rolehost.cli;

import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.management.AuditEntry;
import io.rolehost.runtime.management.Caller;
import io.rolehost.runtime.management.ManagementPlane;
import io.rolehost.runtime.management.ManagementTokens;
import io.rolehost.runtime.management.NodeView;
import io.rolehost.runtime.readiness.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A node that has as many instances as a test wants, and whose every text is hostile. */
final class FakeFleet implements NodeView {

  /** Would set a mark on the page if it were ever run, in an element or an attribute. */
  static final String HOSTILE =
      "<script>window.harmed=1</script><img src=x onerror=window.harmed=1>\"'><svg"
          + " onload=harmed=1>";

  private static final List<String> WORDS =
      List.of("ready", "ready", "ready", "not ready", "waiting to retry", "frozen");

  private final int size;
  private final String text;
  private final Instant began = Instant.now().minus(Duration.ofHours(3));
  private final List<JournalEntry> events = new CopyOnWriteArrayList<>();
  private final List<Consumer<JournalEntry>> listeners = new CopyOnWriteArrayList<>();
  private final List<String> whys;
  final List<String> calls = new CopyOnWriteArrayList<>();

  /**
   * Makes one.
   *
   * @param text is in every string that a role or a stranger could choose
   */
  FakeFleet(int size, String text) {
    this.size = size;
    this.text = text;
    this.whys = new CopyOnWriteArrayList<>();
    for (int i = 0; i < size; i++) {
      whys.add(word(i).equals("ready") ? "" : "because of " + text);
    }
    event(0, "the first " + text);
  }

  static ManagementPlane plane(NodeView view) throws Exception {
    return plane(view, ManagementTokens.one("the-token"));
  }

  static ManagementPlane plane(NodeView view, ManagementTokens tokens) throws Exception {
    return ManagementPlane.start(
        new HostSettings.Management(
            "127.0.0.1",
            0,
            false,
            HostSettings.Tokens.NONE,
            List.of(),
            64,
            Optional.empty(),
            Optional.empty()),
        view,
        tokens);
  }

  /** Something happens to an instance, and its reason is another. */
  void happen(int index, String why) {
    whys.set(index, why);
    event(index, why);
  }

  private void event(int index, String cause) {
    JournalEntry entry =
        new JournalEntry(
            events.size() + 1,
            Instant.now(),
            1,
            7,
            "transition",
            "STARTING",
            "READY",
            cause,
            Map.of("instance", id(index)));
    events.add(entry);
    listeners.forEach(listener -> listener.accept(entry));
  }

  private String id(int index) {
    return "role" + index % 5 + text + "_IN_" + index;
  }

  private static String word(int index) {
    return WORDS.get(index % WORDS.size());
  }

  private Map<String, Object> row(int index) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("instance", id(index));
    row.put("role", "role" + index % 5 + text);
    row.put("deployment", "default");
    row.put("state", "READY" + text);
    row.put("word", word(index));
    row.put("since", began.plusSeconds(index).toString());
    row.put("incarnation", 7);
    row.put("release", text);
    row.put("roleHost", true);
    row.put("why", whys.get(index));
    row.put("pid", 4711 + index);
    row.put("problem", "the journal " + text);
    if (word(index).equals("waiting to retry")) {
      row.put("nextStartInMillis", 65_000);
    }
    List<Object> ends = new ArrayList<>();
    for (int i = 6; i > 2; i--) {
      Map<String, Object> end = new LinkedHashMap<>();
      end.put("at", began.minusSeconds(600L * (7 - i)).toString());
      end.put("incarnation", i);
      end.put("code", 70);
      end.put("why", "IllegalStateException: " + text);
      end.put("asked", i % 2 == 0);
      end.put("livedMillis", 200_000);
      end.put("fingerprint", text);
      end.put("incident", text);
      end.put("next", text);
      ends.add(end);
    }
    row.put("ends", ends);
    return row;
  }

  private Map<String, Object> host() {
    Map<String, Object> host = new LinkedHashMap<>();
    host.put("phase", text);
    host.put("build", text);
    host.put("profile", text);
    host.put("side", text);
    host.put("config", Map.of("hash", text));
    host.put("limits", Map.of("drainCapMillis", 100_000, "graceMillis", 300_000));
    host.put(
        "readiness",
        List.of(
            Map.of("ok", false, "name", "check" + text, "text", "down " + text),
            Map.of("ok", true, "name", "state", "text", "READY")));
    Map<String, Object> task = new LinkedHashMap<>();
    task.put("name", "images/resize" + text);
    task.put("state", "RUNNING" + text);
    task.put("attempt", 3);
    task.put("restarts", 2);
    task.put("since", began.toString());
    task.put("lastFailure", "IOException: " + text);
    task.put("progress", 12_345);
    task.put("secondsSinceProgress", 61.5);
    host.put("tasks", List.of(task));
    host.put(
        "healthChecks",
        List.of(
            Map.of(
                "name", text, "up", false, "gatesReadiness", true, "message", "refused " + text)));
    host.put("busyLeases", List.of(Map.of("reason", text, "secondsLeft", 12)));
    host.put("startupTasks", List.of(Map.of("name", text, "output", text)));
    host.put(
        "endpoints",
        List.of(
            Map.of(
                "name",
                text,
                "protocol",
                "http",
                "host",
                text,
                "port",
                8080,
                "open",
                true,
                "inFlight",
                3,
                "served",
                1_000)));
    host.put("problems", List.of("a problem " + text));
    host.put("notices", List.of("a notice " + text));
    Map<String, Object> jobs = new LinkedHashMap<>();
    jobs.put(
        "queues",
        List.of(
            Map.of(
                "queue",
                "photos" + text,
                "waiting",
                12,
                "oldestSeconds",
                75.0,
                "dead",
                3,
                "running",
                2,
                "done",
                99,
                "paused",
                "by " + text)));
    jobs.put(
        "schedules",
        List.of(
            Map.of(
                "schedule", "nightly" + text,
                "next", began.plusSeconds(90_000).toString(),
                "paused", Map.of("by", text, "reason", text, "since", began.toString()))));
    jobs.put("problem", "the broker " + text);
    host.put("operations", Map.of("jobs", jobs, "cache", Map.of("key" + text, text)));
    return host;
  }

  @Override
  public Map<String, Object> status() {
    List<Object> rows = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      rows.add(row(i));
    }
    return Map.of("node", about(), "instances", rows);
  }

  private Map<String, Object> about() {
    return Map.of("deployment", "default" + text, "stopping", false, "underWay", "deploys " + text);
  }

  @Override
  public Map<String, Object> status(List<String> instances, boolean withHost) {
    List<Object> rows = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      if (instances.contains(id(i))) {
        Map<String, Object> row = row(i);
        if (withHost) {
          row.put("host", host());
        }
        rows.add(row);
      }
    }
    return Map.of("node", about(), "instances", rows);
  }

  @Override
  public Map<String, Object> explain() {
    return Map.of("lines", List.of("It is " + text));
  }

  @Override
  public Answer explain(String target) {
    return new Answer(200, Map.of("lines", List.of("It is so: " + text)));
  }

  @Override
  public Answer timeline(String instance) {
    Map<String, Object> start = new LinkedHashMap<>();
    List<Object> spans = new ArrayList<>();
    Instant at = began;
    for (String kind : List.of("start", "ready", "drain", "stop", "back-off", "start", "ready")) {
      start = new LinkedHashMap<>(start);
      start.put("incarnation", spans.size() < 5 ? 6 : 7);
      start.put("state", text);
      start.put("kind", kind);
      start.put("from", at.toString());
      at = at.plusSeconds(kind.equals("ready") ? 3_000 : 300);
      if (spans.size() < 6) {
        start.put("to", at.toString());
      } else {
        start.remove("to");
      }
      spans.add(start);
    }
    return new Answer(
        200,
        Map.of(
            "spans",
            spans,
            "ends",
            List.of(
                Map.of(
                    "incarnation",
                    6,
                    "at",
                    began.plusSeconds(3_900).toString(),
                    "crash",
                    true,
                    "code",
                    70,
                    "why",
                    "crashed: " + text))));
  }

  @Override
  public Answer log(String instance) {
    return new Answer(200, Map.of("lines", List.of("a line " + text), "text", text));
  }

  @Override
  public Answer incidents() {
    return new Answer(
        200,
        Map.of(
            "incidents",
            List.of(
                Map.of(
                    "name",
                    text,
                    "instance",
                    id(0),
                    "fingerprint",
                    text,
                    "files",
                    List.of("log.txt", text)))));
  }

  @Override
  public Answer incident(String incident, String file) {
    return new Answer(200, Map.of("text", "the incident " + text, "cut", true));
  }

  @Override
  public Map<String, Object> freeze() {
    return Map.of(
        "frozen",
        true,
        "waitsFor",
        text,
        "notice",
        text,
        "freezes",
        List.of(
            Map.of(
                "id",
                "f1" + text,
                "scope",
                "role:" + text,
                "owner",
                "anna" + text,
                "reason",
                "INC-7 " + text,
                "since",
                began.toString(),
                "until",
                Instant.now().plusSeconds(3_000).toString(),
                "secondsLeft",
                3_000,
                "hold",
                true,
                "evidence",
                text)),
        "sources",
        List.of(Map.of("name", text, "problem", text)));
  }

  @Override
  public Answer putFreeze(String json, String from) {
    calls.add("put " + json);
    return new Answer(400, Map.of("title", text, "detail", "no such scope " + text));
  }

  @Override
  public Answer deleteFreeze(Optional<String> id, Optional<String> scope, String by) {
    calls.add("delete " + id.orElse("") + " by " + by);
    return new Answer(200, Map.of("removed", List.of()));
  }

  @Override
  public Answer hand(String instance, String method, String target, Caller caller) {
    calls.add(method + " " + target + " of " + instance);
    return method.equals("GET")
        ? new Answer(
            200,
            Map.of(
                "deadLetters",
                List.of(
                    Map.of(
                        "id",
                        text,
                        "type",
                        text,
                        "at",
                        text,
                        "reason",
                        text,
                        "failure",
                        text,
                        "attempts",
                        5))))
        : new Answer(200, Map.of("detail", "done " + text, "count", 3, "more", false));
  }

  @Override
  public Answer restart(String target, String by) {
    calls.add("restart " + target);
    return new Answer(202, Map.of("restarting", List.of(target)));
  }

  @Override
  public Verdict readiness() {
    return new Verdict(true, List.of());
  }

  @Override
  public Optional<String> notLive() {
    return Optional.empty();
  }

  @Override
  public boolean startupDone() {
    return true;
  }

  @Override
  public String metrics() {
    return "";
  }

  @Override
  public List<JournalEntry> eventsAfter(long sequence) {
    return events.stream()
        .filter(entry -> entry.sequence() > sequence)
        .collect(Collectors.toList());
  }

  @Override
  public AutoCloseable onEvent(Consumer<JournalEntry> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public void stop(String by) {
    calls.add("stop");
  }

  @Override
  public void audited(AuditEntry entry) {
    calls.add("audit " + entry.asked());
  }
}
