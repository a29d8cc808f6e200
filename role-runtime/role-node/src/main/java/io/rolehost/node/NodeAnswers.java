package io.rolehost.node;

import io.rolehost.freeze.Scope;
import io.rolehost.node.process.OutputFile;
import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.journal.StartTimeline;
import io.rolehost.runtime.management.AuditEntry;
import io.rolehost.runtime.management.Caller;
import io.rolehost.runtime.management.FreezeAnswers;
import io.rolehost.runtime.management.IncidentAnswers;
import io.rolehost.runtime.management.NodeView;
import io.rolehost.runtime.readiness.Verdict;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Answers what is asked over the node's management plane. Any thread. */
final class NodeAnswers implements NodeView {

  /** Its thread is seen every ten seconds, but for a jar that is copied or a fork that is slow. */
  private static final Duration PAST_HELPING = Duration.ofMinutes(2);

  private static final int USAGE = 64;
  private static final int LOG_LINES = 200;

  private final Node node;
  private final Deployments deployments;
  private final NodeStatus status;
  private final NodeFigures figures;
  private final FreezeAnswers freezes;
  private final HostCalls hosts;
  private final IncidentAnswers incidents;
  private final Consumer<String> tell;

  /**
   * Creates it.
   *
   * @param tell takes who asked for what, for the console
   */
  NodeAnswers(
      Node node,
      Deployments deployments,
      SwitchFreezes freezes,
      InstantSource clock,
      Consumer<String> tell) {
    this.node = node;
    this.deployments = deployments;
    this.status = new NodeStatus(node);
    this.figures = new NodeFigures(node);
    this.tell = tell;
    this.hosts = new HostCalls(node.solution().node().stateDir());
    this.incidents = new IncidentAnswers(node.solution().node().stateDir(), _ -> true);
    // The file is watched, so what is stored is seen without a word.
    this.freezes =
        new FreezeAnswers(
            freezes.freezeSwitch(),
            new FreezeAnswers.Subject(node.solution().node().stateDir(), new Scope.All(), true),
            clock,
            Optional::empty,
            () -> {},
            tell);
  }

  @Override
  public Verdict readiness() {
    List<NodeReadiness.Part> parts = new ArrayList<>();
    for (Supervised instance : node.instances()) {
      parts.add(
          new NodeReadiness.Part(
              instance.id(), instance.life().state(), instance.word(), status.why(instance)));
    }
    return NodeReadiness.verdict(node.isStopping(), parts);
  }

  @Override
  public Optional<String> notLive() {
    Duration silent = node.silentFor();
    return silent.compareTo(PAST_HELPING) < 0
        ? Optional.empty()
        : Optional.of("the node's thread was not seen at work for " + silent.toSeconds() + " s");
  }

  @Override
  public boolean startupDone() {
    return node.firstStartsDone();
  }

  @Override
  public Map<String, Object> status() {
    return status.status();
  }

  @Override
  public Map<String, Object> status(List<String> instances, boolean withHost) {
    Map<String, Object> values = new LinkedHashMap<>(status.status(instances::contains));
    if (withHost && values.get("instances") instanceof List<?> rows) {
      List<Map<String, Object>> all = new ArrayList<>();
      for (Supervised instance : node.instances()) {
        for (Object row : rows) {
          if (row instanceof Map<?, ?> known && instance.id().equals(known.get("instance"))) {
            all.add(withHost(instance, known));
          }
        }
      }
      values.put("instances", all);
    }
    return values;
  }

  private Map<String, Object> withHost(Supervised instance, Map<?, ?> row) {
    Map<String, Object> values = new LinkedHashMap<>();
    row.forEach((key, value) -> values.put(String.valueOf(key), value));
    Answer host = hosts.status(instance);
    if (host.status() == 200) {
      values.put("host", host.body());
    } else {
      values.put("hostProblem", host.body().getOrDefault("detail", ""));
    }
    return values;
  }

  @Override
  public Answer hand(String instance, String method, String target, Caller caller) {
    Optional<Supervised> found = find(instance);
    if (found.isEmpty()) {
      return unknown(instance);
    }
    if (!method.equals("GET")) {
      tell.accept(
          caller.right().text()
              + " token from "
              + caller.address()
              + ": "
              + method
              + " "
              + target
              + " of "
              + instance);
    }
    return hosts.ask(found.get(), method, target, caller.header());
  }

  private Optional<Supervised> find(String instance) {
    return node.instances().stream().filter(one -> one.id().equals(instance)).findFirst();
  }

  private Answer unknown(String instance) {
    return HostCalls.problem(404, status.unknown(instance));
  }

  @Override
  public Answer timeline(String instance) {
    return find(instance)
        .map(found -> {
          List<JournalEntry> oldestFirst = new ArrayList<>();
          found.journal().recent(StartTimeline.TYPES).forEachRemaining(oldestFirst::addFirst);
          return new Answer(200, StartTimeline.of(oldestFirst));
        })
        .orElseGet(() -> unknown(instance));
  }

  @Override
  public Answer log(String instance) {
    return find(instance)
        .map(found -> {
          List<String> lines =
              OutputFile.tail(
                  node.solution().node().stateDir().resolve("log"),
                  found.id(),
                  found.life().incarnation(),
                  LOG_LINES);
          return new Answer(
              200,
              Map.of(
                  "lines",
                  lines,
                  "text",
                  String.join("\n", lines) + (lines.isEmpty() ? "" : "\n")));
        })
        .orElseGet(() -> unknown(instance));
  }

  @Override
  public Answer incidents() {
    return incidents.list();
  }

  @Override
  public Answer incident(String incident, String file) {
    return incidents.show(incident, file);
  }

  @Override
  public Map<String, Object> explain() {
    List<String> lines = new ArrayList<>();
    lines.add("the node has " + NodeAnnouncer.status(node.instances()));
    lines.addAll(status.explain(""));
    return Map.of("lines", lines);
  }

  @Override
  public Answer explain(String target) {
    List<String> lines = status.explain(target);
    return lines.isEmpty()
        ? problem(404, "Not Found", status.unknown(target))
        : new Answer(200, Map.of("lines", lines));
  }

  @Override
  public String metrics() {
    return figures.text();
  }

  @Override
  public List<JournalEntry> eventsAfter(long sequence) {
    return node.eventsAfter(sequence);
  }

  @Override
  public long beforeFirstEvent() {
    return node.beforeFirstEvent();
  }

  @Override
  public AutoCloseable onEvent(Consumer<JournalEntry> listener) {
    return node.onEvent(listener);
  }

  @Override
  public Map<String, Object> freeze() {
    return freezes.current();
  }

  @Override
  public Answer putFreeze(String json, String from) {
    return freezes.put(json, from);
  }

  @Override
  public Answer deleteFreeze(Optional<String> id, Optional<String> scope, String by) {
    return freezes.delete(id, scope, by);
  }

  @Override
  public Answer restart(String target, String by) {
    try {
      List<String> ids = deployments.restart(target, new Course("POST /recycle"));
      tell.accept(by + ": restarts " + String.join(", ", ids));
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("accepted", "restart");
      body.put("done", false);
      body.put("restarting", ids);
      body.put("detail", "Asked for, not done yet. GET /events tells how it goes.");
      return new Answer(202, body);
    } catch (Deployments.Refused refused) {
      String why = String.valueOf(refused.getMessage());
      return refused.code() == USAGE
          ? problem(404, "Not Found", why)
          : problem(409, "Not Now", why);
    }
  }

  @Override
  public void stop(String by) {
    node.stop(by);
  }

  @Override
  public void audited(AuditEntry entry) {
    node.audited(entry);
  }

  private static Answer problem(int code, String title, String detail) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "about:blank");
    body.put("title", title);
    body.put("status", code);
    body.put("detail", detail);
    return new Answer(code, body);
  }
}
