package io.rolehost.runtime.boot;

import static java.lang.System.Logger.Level.INFO;

import io.rolehost.api.Instance;
import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.FreezeVerdict;
import io.rolehost.freeze.Scope;
import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.endpoint.EndpointFacts;
import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.journal.StartTimeline;
import io.rolehost.runtime.lifecycle.HostEvent;
import io.rolehost.runtime.lifecycle.HostState;
import io.rolehost.runtime.lifecycle.StopCause;
import io.rolehost.runtime.management.AuditEntry;
import io.rolehost.runtime.management.FreezeAnswers;
import io.rolehost.runtime.management.HostView;
import io.rolehost.runtime.management.IncidentAnswers;
import io.rolehost.runtime.process.ProcessFacts;
import io.rolehost.runtime.process.ThreadDump;
import io.rolehost.runtime.readiness.ReadinessFacts;
import io.rolehost.runtime.readiness.Verdict;
import io.rolehost.runtime.supervision.TaskAnswer;
import io.rolehost.runtime.supervision.TaskFacts;
import io.rolehost.runtime.supervision.TaskTree;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What outsiders see of the host, gathered from its parts at the moment they ask. */
final class HostStatus implements HostView {

  private static final System.Logger LOG = System.getLogger(HostStatus.class.getName());

  /** What is told once and never changes. */
  record About(
      Instance instance,
      HostSettings settings,
      String build,
      Instant startedAt,
      List<String> notices,
      Supplier<List<String>> problems,
      Supplier<List<String>> lastLogLines) {}

  private final Parts parts;
  private final LiveFacts facts;
  private final About about;
  private final FreezeGate freeze;
  private final FreezeAnswers freezes;
  private final IncidentAnswers incidents;
  private final Supplier<List<Map<String, Object>>> startupTasks;
  private volatile long enteredAt;
  private volatile Instant since;
  private volatile boolean startedOnce;

  HostStatus(
      Parts parts,
      LiveFacts facts,
      About about,
      FreezeGate freeze,
      Supplier<List<Map<String, Object>>> startupTasks) {
    this.parts = parts;
    this.facts = facts;
    this.about = about;
    this.freeze = freeze;
    this.freezes =
        new FreezeAnswers(
            freeze.freezes(),
            new FreezeAnswers.Subject(
                about.settings().stateDir(),
                new Scope.Instance(about.settings().instanceId()),
                false),
            parts.time(),
            freeze::waitsFor,
            freeze::look,
            text -> LOG.log(INFO, text));
    this.incidents =
        new IncidentAnswers(about.settings().stateDir(), about.instance().id()::equals);
    this.startupTasks = startupTasks;
    this.enteredAt = parts.time().nanos();
    this.since = about.startedAt();
  }

  /** Takes note of a new state; called on the host thread. */
  void entered(HostState state) {
    enteredAt = parts.time().nanos();
    since = parts.time().instant();
    if (state instanceof HostState.Running) {
      startedOnce = true;
    }
  }

  @Override
  public Verdict readiness() {
    return facts.readiness();
  }

  @Override
  public boolean isReady() {
    return facts.isReady();
  }

  @Override
  public Optional<String> notLive() {
    return switch (parts.loop().state()) {
      case HostState.Killing(_, var why, _) -> Optional.of(why);
      case HostState.Running _ -> parts.role().flatMap(life -> life.endpoints().deadListener());
      case HostState.Booting _,
          HostState.Gate _,
          HostState.Preparing _,
          HostState.Starting _,
          HostState.StartingApplication _,
          HostState.Draining _,
          HostState.Stopping _,
          HostState.Ended _ ->
          Optional.empty();
    };
  }

  @Override
  public boolean startupDone() {
    return startedOnce || facts.held();
  }

  @Override
  public Map<String, Object> status() {
    HostState state = parts.loop().state();
    Verdict verdict = readiness();
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("role", about.instance().role());
    values.put("instance", about.instance().id());
    values.put("deployment", about.instance().deployment());
    values.put("side", parts.side().name());
    values.put("incarnation", about.instance().incarnation());
    values.put("state", state.name());
    values.put("word", word(state, verdict.ready()));
    values.put("since", since.toString());
    values.put("stateMillis", Duration.ofNanos(parts.time().nanos() - enteredAt).toMillis());
    values.put("startedAt", about.startedAt().toString());
    values.put("phase", phase(state));
    values.put("ready", verdict.ready());
    values.put(
        "reasons",
        verdict.reasons().stream().filter(r -> !r.ok()).map(Verdict.Reason::text).toList());
    values.put("readiness", verdict.reasons().stream().map(HostStatus::reason).toList());
    facts.stop().ifPresent(stop -> values.put("stop", stopping(stop)));
    values.put("startupTasks", startupTasks.get());
    values.put(
        "tasks",
        parts.role().map(life -> life.tasks().facts()).orElse(List.of()).stream()
            .map(TaskFacts::toMap)
            .toList());
    values.put("healthChecks", parts.health().facts().stream().map(HostStatus::check).toList());
    values.put("busyLeases", parts.leases().facts());
    values.put("endpoints", endpoints());
    values.put(
        "operations", parts.role().map(life -> life.operations().summaries()).orElse(Map.of()));
    Map<String, Object> frozen = freezes.current();
    values.put("freeze", frozen);
    values.put("freezes", frozen.getOrDefault("freezes", List.of()));
    values.put("limits", limits());
    values.put("lastEnd", lastEnd());
    values.put("process", ProcessFacts.values());
    values.put("profile", about.settings().profile().name().toLowerCase(java.util.Locale.ROOT));
    values.put("build", about.build());
    values.put("config", config());
    List<String> problems = new ArrayList<>(about.problems().get());
    parts.journal().problem().ifPresent(problems::add);
    values.put("problems", problems);
    values.put("notices", about.notices());
    return values;
  }

  private static String phase(HostState state) {
    return switch (state) {
      case HostState.Booting _ -> "reading the configuration";
      case HostState.Gate(int check, boolean held) ->
          held ? "held at freeze check " + check : "at freeze check " + check;
      case HostState.Preparing _ -> "startup tasks";
      case HostState.Starting _ -> "onStart";
      case HostState.StartingApplication _ -> "onApplicationStart";
      case HostState.Running _ -> "run";
      case HostState.Draining _ -> "drain";
      case HostState.Stopping(_, var step) -> "stop: " + step;
      case HostState.Killing _ -> "last words before the halt";
      case HostState.Ended _ -> "exit";
    };
  }

  /** Returns one of the words operators know. */
  private static String word(HostState state, boolean ready) {
    return switch (state) {
      case HostState.Booting _,
          HostState.Preparing _,
          HostState.Starting _,
          HostState.StartingApplication _ ->
          "starting";
      case HostState.Gate(_, boolean held) -> held ? "frozen" : "starting";
      case HostState.Running _ -> ready ? "ready" : "not ready";
      case HostState.Draining _, HostState.Stopping _, HostState.Killing _, HostState.Ended _ ->
          "stopping";
    };
  }

  private static Map<String, Object> reason(Verdict.Reason reason) {
    return Map.of("ok", reason.ok(), "name", reason.name(), "text", reason.text());
  }

  private Map<String, Object> stopping(HostState.Stop stop) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("reason", stop.cause().reason().name());
    values.put("text", stop.cause().text());
    values.put("code", stop.code());
    long left = stop.ledger().remaining(parts.time().nanos());
    values.put("remainingMillis", Duration.ofNanos(left).toMillis());
    return values;
  }

  private static Map<String, Object> check(ReadinessFacts.CheckFact fact) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("name", fact.name());
    values.put("up", fact.up());
    values.put("sampled", fact.sampled());
    values.put("gatesReadiness", fact.gates());
    values.put("message", fact.message());
    return values;
  }

  private List<Map<String, Object>> endpoints() {
    return parts.role().map(life -> life.endpoints().facts()).orElse(List.of()).stream()
        .map(HostStatus::endpoint)
        .toList();
  }

  private static Map<String, Object> endpoint(EndpointFacts fact) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("name", fact.name());
    values.put("protocol", fact.protocol());
    values.put("host", fact.host());
    values.put("port", fact.port());
    values.put("open", fact.open());
    values.put("inFlight", fact.inFlight());
    values.put("served", fact.served());
    return values;
  }

  /** Returns the limits in force, which the profile and a small grace may have made others. */
  private Map<String, Object> limits() {
    HostSettings.Stop stop = about.settings().stop();
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("on", !about.settings().limitsOff());
    values.put("startMillis", about.settings().start().timeout().toMillis());
    values.put("graceMillis", stop.grace().toMillis());
    values.put("hardCapMillis", stop.hardCap().toMillis());
    values.put("killReserveMillis", stop.killReserve().toMillis());
    values.put("drainMinMillis", stop.drain().min().toMillis());
    values.put("drainQuietMillis", stop.drain().quiet().toMillis());
    values.put("drainCapMillis", stop.drain().cap().toMillis());
    return values;
  }

  private Map<String, Object> lastEnd() {
    Map<String, Object> values = new LinkedHashMap<>();
    parts
        .journal()
        .lastEnd()
        .ifPresent(end -> {
          values.putAll(end.detail());
          values.put("incarnation", end.incarnation());
          values.put("at", end.at().toString());
        });
    parts
        .journal()
        .lastWithoutEnd()
        .ifPresent(incarnation -> {
          values.put("incarnation", incarnation);
          values.put("reason", "KILLED");
          values.put(
              "text",
              "start #" + incarnation + " ended without a word: killed, or the machine went down");
        });
    return values;
  }

  private Map<String, Object> config() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("hash", parts.config().loaded().hash());
    parts.config().loaded().watchedFile().ifPresent(file -> values.put("file", file.toString()));
    parts.config().problem().ifPresent(problem -> values.put("problem", problem));
    return values;
  }

  @Override
  public Map<String, Object> explain() {
    Map<String, Object> values = new LinkedHashMap<>();
    Verdict verdict = readiness();
    List<String> lines = new ArrayList<>();
    HostState where = parts.loop().state();
    String state = where.name();
    lines.add(
        about.instance().id()
            + " (start #"
            + about.instance().incarnation()
            + ") is "
            + state
            + " since "
            + since
            + (verdict.ready() ? " and ready" : " and not ready"));
    for (Verdict.Reason reason : verdict.reasons()) {
      if (!reason.ok()) {
        lines.add("not ready: " + reason.text());
      }
    }
    FreezeVerdict frozen = freeze.last();
    for (Freeze covering : frozen.covering()) {
      lines.add("frozen: " + Sentences.freeze(covering, parts.time().instant()));
    }
    for (String problem : frozen.problems()) {
      lines.add("freeze source: " + problem);
    }
    freeze.waitsFor().ifPresent(on -> lines.add("works until it is its turn to be held: " + on));
    freeze
        .waitsToRecycle()
        .ifPresent(on ->
            lines.add("works by the old configuration until it is its turn to recycle: " + on));
    facts.stop().ifPresent(stop -> lines.add("stopping: " + stop.cause().text()));
    Map<String, Object> last = lastEnd();
    if (!last.isEmpty()) {
      lines.add("started because the last one ended: " + last.get("text") + code(last));
    }
    for (TaskFacts task : parts.role().map(life -> life.tasks().facts()).orElse(List.of())) {
      if (task.down()) {
        lines.add("task " + task.name() + " is " + task.state());
      }
    }
    parts.role().ifPresent(life -> lines.addAll(life.stalls()));
    parts.config().problem().ifPresent(problem -> lines.add("configuration: " + problem));
    lines.addAll(Explanation.of(where, toExplain()).lines());
    values.put("ready", verdict.ready());
    values.put("state", state);
    values.put("lines", lines);
    return values;
  }

  private Explanation.Facts toExplain() {
    long now = parts.time().nanos();
    return new Explanation.Facts(
        about.instance().id(),
        Duration.ofNanos(now - enteredAt),
        about.settings().limitsOff()
            ? Optional.empty()
            : Optional.of(about.settings().start().timeout()),
        about.settings().start().onTimeout(),
        now);
  }

  private static String code(Map<String, Object> last) {
    Object code = last.get("code");
    return code == null ? "" : " (exit code " + code + ")";
  }

  @Override
  public String metrics() {
    return parts.metrics().prometheus();
  }

  @Override
  public void probeAnswered(String path, long nanos) {
    parts.metrics().probeAnswered(path, nanos);
  }

  @Override
  public String threads() {
    return ThreadDump.json();
  }

  @Override
  public List<JournalEntry> eventsAfter(long sequence) {
    return parts.journal().after(sequence);
  }

  @Override
  public AutoCloseable onEvent(Consumer<JournalEntry> listener) {
    return parts.journal().subscribe(listener);
  }

  @Override
  public Answer timeline(String instance) {
    return new Answer(200, StartTimeline.of(parts.journal().after(0)));
  }

  @Override
  public Answer log(String instance) {
    List<String> lines = about.lastLogLines().get();
    return new Answer(
        200,
        Map.of("lines", lines, "text", String.join("\n", lines) + (lines.isEmpty() ? "" : "\n")));
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
  public Answer task(TaskVerb verb, String name, String by) {
    Optional<TaskTree> tasks = parts.role().map(RoleLife::tasks);
    if (tasks.isEmpty()) {
      return TaskAnswers.none(parts.loop().state().name());
    }
    TaskAnswer answer =
        switch (verb) {
          case RESTART -> tasks.get().restart(name);
          case STOP -> tasks.get().stop(name);
          case START -> tasks.get().startAgain(name);
        };
    parts.record("operator", by + ": " + answer.text(), Map.of("task", name, "do", verb.name()));
    return TaskAnswers.of(name, answer);
  }

  @Override
  public Answer look(String operations, Map<String, String> query) {
    return parts
        .role()
        .map(life -> life.operations().look(operations, query))
        .orElseGet(() -> NamedOperations.none(parts.loop().state().name()));
  }

  @Override
  public Answer act(String operations, String verb, Map<String, String> parameters, String by) {
    Optional<RoleLife> role = parts.role();
    if (role.isEmpty()) {
      return NamedOperations.none(parts.loop().state().name());
    }
    Answer answer = role.get().operations().act(operations, verb, parameters, by);
    Map<String, Object> detail = new LinkedHashMap<>(parameters);
    detail.put("operations", operations);
    detail.put("do", verb);
    detail.put("answer", answer.status());
    parts.record("operator", by + ": " + operations + " " + verb + ": " + said(answer), detail);
    return answer;
  }

  private static String said(Answer answer) {
    Object detail = answer.body().get("detail");
    return answer.status() + (detail == null ? "" : ", " + detail);
  }

  @Override
  public void recycle(String by) {
    parts.loop().post(new HostEvent.StopAsked(StopCause.recycle("asked by " + by)));
  }

  @Override
  public void stop(String by) {
    parts.loop().post(new HostEvent.StopAsked(StopCause.operator(by)));
  }

  @Override
  public void audited(AuditEntry entry) {
    parts.record(AuditEntry.TYPE, entry.sentence(), entry.detail());
  }
}
