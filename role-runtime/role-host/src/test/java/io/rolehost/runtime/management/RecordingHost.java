package io.rolehost.runtime.management;

import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.readiness.Verdict;
import io.rolehost.runtime.readiness.Verdict.Reason;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A host that answers what the test says and writes down what it was asked to do. */
final class RecordingHost implements HostView {

  static final Verdict READY = new Verdict(true, List.of(new Reason(true, "state", "READY")));
  static final Verdict HELD =
      new Verdict(
          false,
          List.of(
              new Reason(false, "freeze", "frozen: bad release by anna"),
              new Reason(true, "check", "db")));

  final List<String> calls = new CopyOnWriteArrayList<>();
  final List<AuditEntry> audit = new CopyOnWriteArrayList<>();
  final List<JournalEntry> journal = new CopyOnWriteArrayList<>();
  final List<Consumer<JournalEntry>> listeners = new CopyOnWriteArrayList<>();
  volatile Verdict verdict = READY;
  volatile Optional<String> notLive = Optional.empty();
  volatile boolean started = true;
  volatile Supplier<String> metrics = () -> "up 1\n";

  void happen(String to) {
    JournalEntry entry =
        new JournalEntry(
            journal.isEmpty() ? 1 : journal.getLast().sequence() + 1,
            Instant.EPOCH,
            5,
            7,
            "transition",
            "STARTING",
            to,
            "why",
            Map.of());
    journal.add(entry);
    listeners.forEach(listener -> listener.accept(entry));
  }

  @Override
  public Verdict readiness() {
    return verdict;
  }

  @Override
  public Optional<String> notLive() {
    return notLive;
  }

  @Override
  public boolean startupDone() {
    return started;
  }

  @Override
  public Map<String, Object> status() {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("instance", "<b>web</b>_IN_0");
    status.put("state", "READY");
    status.put("tasks", List.of(Map.of("name", "resize")));
    return status;
  }

  @Override
  public Map<String, Object> explain() {
    return Map.of("lines", List.of("It is ready.", "It was never restarted."));
  }

  @Override
  public String metrics() {
    return metrics.get();
  }

  @Override
  public String threads() {
    return "{\"threads\":[]}";
  }

  @Override
  public List<JournalEntry> eventsAfter(long sequence) {
    return journal.stream().filter(entry -> entry.sequence() > sequence).toList();
  }

  @Override
  public AutoCloseable onEvent(Consumer<JournalEntry> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public Answer timeline(String instance) {
    return new Answer(200, Map.of("spans", List.of(), "ends", List.of()));
  }

  @Override
  public Answer log(String instance) {
    return new Answer(200, Map.of("lines", List.of("a line"), "text", "a line\n"));
  }

  @Override
  public Answer incidents() {
    return new Answer(200, Map.of("incidents", List.of()));
  }

  @Override
  public Answer incident(String incident, String file) {
    calls.add("incident " + incident + " " + file);
    return new Answer(200, Map.of("text", "the file", "cut", false));
  }

  @Override
  public Map<String, Object> freeze() {
    return Map.of("frozen", false);
  }

  @Override
  public Answer putFreeze(String json, String from) {
    calls.add("put " + json + " " + from);
    return json.isEmpty()
        ? new Answer(400, Map.of("detail", "no freeze"))
        : new Answer(200, Map.of("stored", true));
  }

  @Override
  public Answer deleteFreeze(Optional<String> id, Optional<String> scope, String by) {
    calls.add("delete " + id.orElse("-") + " " + scope.orElse("-") + " " + by);
    return new Answer(200, Map.of("stillFrozenBy", List.of()));
  }

  @Override
  public Answer task(TaskVerb verb, String name, String by) {
    calls.add("task " + verb + " " + name + " " + by);
    return new Answer(200, Map.of("task", name));
  }

  @Override
  public Answer look(String operations, Map<String, String> query) {
    return new Answer(200, Map.of(operations, query));
  }

  @Override
  public Answer act(String operations, String verb, Map<String, String> parameters, String by) {
    calls.add("act " + operations + " " + verb + " " + parameters + " " + by);
    return new Answer(202, Map.of("detail", "done"));
  }

  @Override
  public void recycle(String by) {
    calls.add("recycle " + by);
  }

  @Override
  public void stop(String by) {
    calls.add("stop " + by);
  }

  @Override
  public void audited(AuditEntry entry) {
    audit.add(entry);
  }
}
