package io.rolehost.node;

import io.rolehost.freeze.Scope;
import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.management.AuditEntry;
import io.rolehost.runtime.management.FreezeAnswers;
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

  private final Node node;
  private final Deployments deployments;
  private final NodeStatus status;
  private final NodeFigures figures;
  private final FreezeAnswers freezes;
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
