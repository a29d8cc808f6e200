package io.rolehost.node;

import io.rolehost.node.control.ControlServer;
import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.management.AuditEntry;
import io.rolehost.runtime.management.AuditEntry.Outcome;
import io.rolehost.runtime.management.RefusalBudget;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Answers what commands ask over the node's socket. */
final class NodeVerbs implements ControlServer.Verbs {
  private static final int QUEUED_EVENTS = 1_000;
  private static final int USAGE = 64;
  private static final String SOCKET = "the node's socket";

  private static final Set<String> CHANGING =
      Set.of("restart", "deploy", "rollback", "scale", "swapped", "stop");

  private final RefusalBudget budget = new RefusalBudget();

  private final Node node;
  private final NodeStatus status;
  private final DeployVerbs deploy;

  NodeVerbs(Node node, Deployments deployments) {
    this.node = node;
    this.status = new NodeStatus(node);
    this.deploy = new DeployVerbs(deployments);
  }

  @Override
  public void answer(Map<String, Object> request, ControlServer.Answer answer) throws IOException {
    String verb = String.valueOf(request.get("verb"));
    boolean changes = CHANGING.contains(verb) && !Boolean.TRUE.equals(request.get("dryRun"));
    answer(verb, request, changes ? new Audited(request, answer) : answer);
  }

  private void answer(String verb, Map<String, Object> request, ControlServer.Answer answer)
      throws IOException {
    switch (verb) {
      case "status" -> answer.line(status.status());
      case "explain" -> answer.line(explain(text(request, "target")));
      case "restart" -> deploy.restart(request, answer);
      case "deploy" -> deploy.deploy(request, answer);
      case "rollback" -> deploy.rollback(request, answer);
      case "scale" -> deploy.scale(request, answer);
      case "swapped" -> {
        swapped(request);
        answer.line(Map.of("written", true));
      }
      case "lives" -> answer.line(status.lives());
      case "stop" -> {
        stop(request);
        answer.line(Map.of("pid", ProcessHandle.current().pid()));
      }
      case "events" -> events(Boolean.TRUE.equals(request.get("follow")), answer);
      default ->
          answer.line(Map.of("error", "this node knows no verb '" + verb + "'", "exit", USAGE));
    }
  }

  @Override
  public void refused(String user) {
    budget
        .spend(System.nanoTime())
        .ifPresent(unsaid ->
            node.audited(
                new AuditEntry(
                    "a request",
                    "",
                    "user " + user,
                    SOCKET,
                    "",
                    new Outcome("refused", "only the user of the node and root may ask"),
                    unsaid)));
  }

  /** Writes down what is answered first, which says whether it was taken on. */
  private final class Audited implements ControlServer.Answer {
    private final Map<String, Object> request;
    private final ControlServer.Answer answer;
    private boolean written;

    Audited(Map<String, Object> request, ControlServer.Answer answer) {
      this.request = request;
      this.answer = answer;
    }

    @Override
    public void line(Map<String, ?> object) throws IOException {
      if (!written) {
        written = true;
        Object error = object.get("error");
        node.audited(
            new AuditEntry(
                "rolehost " + text(request, "verb"),
                target(request),
                "user " + text(request, ControlServer.PEER),
                SOCKET,
                text(request, "by"),
                error == null
                    ? new Outcome("done", "taken on")
                    : new Outcome("refused", error.toString()),
                budget.takeUnsaid()));
      }
      answer.line(object);
    }
  }

  private static String target(Map<String, Object> request) {
    return Stream.of("target", "role", "roles", "instances", "jar", "from", "to", "graceMillis")
        .filter(request::containsKey)
        .map(key -> key + "=" + request.get(key))
        .collect(Collectors.joining(" "));
  }

  private void stop(Map<String, Object> request) {
    String why = DeployVerbs.by(request);
    if (request.get("graceMillis") instanceof Number millis) {
      node.stop(why, Duration.ofMillis(millis.longValue()));
    } else {
      node.stop(why);
    }
  }

  /**
   * A command does it, over two nodes; this one writes down that it begins, and what came of it.
   */
  private void swapped(Map<String, Object> request) {
    Map<String, Object> facts = new LinkedHashMap<>();
    for (String key : List.of("from", "to", "backend")) {
      facts.put(key, text(request, key));
    }
    String user = text(request, "by");
    Course course = new Course("rolehost swap" + (user.isEmpty() ? "" : " of " + user));
    if (Boolean.TRUE.equals(request.get("begins"))) {
      node.swapBegins(course, facts);
    } else {
      node.swapped(
          course, facts, Boolean.TRUE.equals(request.get("done")), text(request, "sentence"));
    }
  }

  private static String text(Map<String, Object> request, String key) {
    Object value = request.get(key);
    return value == null ? "" : value.toString();
  }

  private Map<String, ?> explain(String target) {
    List<String> lines = status.explain(target);
    return lines.isEmpty()
        ? Map.of("error", status.unknown(target), "exit", USAGE)
        : Map.of("lines", lines);
  }

  private void events(boolean follow, ControlServer.Answer answer) throws IOException {
    BlockingQueue<JournalEntry> queue = new ArrayBlockingQueue<>(QUEUED_EVENTS);
    // One who reads too slowly loses events, and sees that by the gap in the sequence.
    AutoCloseable listening = node.onEvent(queue::offer);
    try {
      long last = 0;
      for (JournalEntry entry : node.eventsAfter(0)) {
        answer.line(values(entry));
        last = entry.sequence();
      }
      while (follow) {
        JournalEntry entry = queue.poll(1, TimeUnit.SECONDS);
        if (entry == null) {
          answer.line(Map.of()); // finds out whether the asker is still there
        } else if (entry.sequence() > last) {
          answer.line(values(entry));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close(listening);
    }
  }

  private static void close(AutoCloseable listening) throws IOException {
    try {
      listening.close();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private static Map<String, Object> values(JournalEntry entry) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("sequence", entry.sequence());
    values.put("at", entry.at().toString());
    values.put("type", entry.type());
    values.put("incarnation", entry.incarnation());
    values.put("from", entry.from());
    values.put("to", entry.to());
    values.put("cause", entry.cause());
    values.putAll(entry.detail());
    return values;
  }
}
