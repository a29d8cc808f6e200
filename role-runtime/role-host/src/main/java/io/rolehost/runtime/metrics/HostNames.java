package io.rolehost.runtime.metrics;

import io.prometheus.metrics.instrumentation.dropwizard5.labels.CustomLabelMapper;
import io.prometheus.metrics.instrumentation.dropwizard5.labels.MapperConfig;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a name in the registry is for Prometheus, and what the host's own mean. A dot would end a
 * part of a name in the registry, so in that of a queue it stands there as a slash, which no queue
 * may have in its name. Thread-safe.
 *
 * <p>Names are looked for by patterns, one after another, which is slow for ten thousand of them:
 * what was found is kept for the names there are.
 */
final class HostNames extends CustomLabelMapper {

  private static final String QUEUE = "queue";

  /** Past it what was found is forgotten, should a role make names for ever. */
  static final int MAX_KNOWN = 50_000;

  /** Names of the host's that have labels, which are the last parts of the name in the registry. */
  private static final Map<String, List<String>> LABELS = new LinkedHashMap<>();

  /** What the host's own mean, by their names in the registry. */
  private static final Map<String, String> HELP = new LinkedHashMap<>();

  static {
    own("rolehost.state", "1 for the state of this moment.", "state");
    own("rolehost.ready", "1 while /readyz is 200.");
    own("rolehost.incarnation", "Which start of the instance this is.");
    own("rolehost.uptime.seconds", "Time since this start began.");
    own("rolehost.stop.requested", "1 once a stop was asked.");
    own("rolehost.stop.seconds", "Time since a stop was asked; 0 if none was.");
    own("rolehost.stop.step.seconds", "How long a step of this stop took.", "step");
    own("rolehost.last.stop.seconds", "How long the stop of the start before took.");
    own("rolehost.last.exit.code", "With which code the start before ended.");
    own("rolehost.freeze.active", "Freezes that cover the instance.", "scope");
    own("rolehost.freeze.seconds", "How long any freeze has covered this start.");
    own("rolehost.leases.open", "Open busy leases.");
    own("rolehost.requests.in.flight", "Requests being answered.");
    own("rolehost.responses", "Answers of the host's own listener.", "endpoint", "status");
    own("rolehost.tasks", "Tasks in that state.", "state");
    own("rolehost.task.restarts", "Restarts of a task.", "task", "reason");
    own("rolehost.task.backoff.milliseconds", "Time that restarts had to wait.", "task");
    own("rolehost.task.leave.seconds", "From the cancel of an attempt to its end.", "task");
    own("rolehost.task.hangs", "Times a task stood still past a limit.", "task");
    own("rolehost.task.abandoned", "Attempts that were left behind.", "task");
    own("rolehost.health", "1 while the check is up.", "check");
    own("rolehost.transitions", "Changes of state.", "from", "to");
    own("rolehost.deadlocks", "Deadlocks among tasks that were found.");
    own("rolehost.carriers.held", "Bodies that were found to keep their carrier.");
    own("rolehost.illegal.events", "Events their state had no answer to: a bug of the host.");
    own("rolehost.jobs.ended", "Messages that ended in this process.", QUEUE, "outcome");
    own("rolehost.jobs.ticks", "Planned ticks that this process decided about.", "outcome");
    own("rolehost.jobs.tick.lateness.seconds", "From a planned tick to its message.");
    own("rolehost.jobs.sample.age.seconds", "How old depth, age and dead letters are.");
    own("rolehost.jobs.handling.seconds", "Each attempt, however it ended.", QUEUE);
    own("rolehost.jobs.begun", "Jobs whose first attempt began here.", QUEUE);
    own("rolehost.jobs.wait.milliseconds", "How long those had waited.", QUEUE);
    own("rolehost.jobs.retries", "Attempts that failed and that another one follows.", QUEUE);
    own("rolehost.jobs.in.flight", "Handlers that run in this process.", QUEUE);
    own("rolehost.jobs.depth", "Messages that could be taken.", QUEUE);
    own("rolehost.jobs.scheduled", "Messages whose time has not come.", QUEUE);
    own("rolehost.jobs.oldest.seconds", "How long the first has waited.", QUEUE);
    own("rolehost.jobs.dead.letters", "Messages that were given up.", QUEUE);
    own("rolehost.jobs.paused", "1 while this process takes nothing from it.", QUEUE);
  }

  private final Map<String, Mapped> known = new ConcurrentHashMap<>();

  private record Mapped(String name, Labels labels) {}

  HostNames() {
    super(configs());
  }

  private static void own(String name, String help, String... labels) {
    HELP.put(name.equals("rolehost.health") ? "rolehost.health.up" : name, help);
    if (labels.length > 0) {
      LABELS.put(name, List.of(labels));
    }
  }

  private static List<MapperConfig> configs() {
    List<MapperConfig> configs = new ArrayList<>();
    LABELS.forEach((name, labels) -> {
      Map<String, String> parts = new LinkedHashMap<>();
      for (int i = 0; i < labels.size(); i++) {
        parts.put(labels.get(i), "${" + i + "}");
      }
      configs.add(
          new MapperConfig(
              name + ".*".repeat(labels.size()),
              name.equals("rolehost.health") ? "rolehost.health.up" : name,
              parts));
    });
    return configs;
  }

  /** Returns whether a name is one of the host's own. */
  static boolean isOwn(String mapped) {
    return mapped.startsWith("rolehost.");
  }

  /** Returns what a name of the host's means; what the bridge says for others. */
  static String help(String mapped, String otherwise) {
    return HELP.getOrDefault(mapped, otherwise);
  }

  @Override
  public String getName(String name) {
    return mapped(name).name();
  }

  @Override
  public Labels getLabels(String name, List<String> moreNames, List<String> moreValues) {
    return moreNames.isEmpty() ? mapped(name).labels() : labels(name, moreNames, moreValues);
  }

  private Mapped mapped(String name) {
    Mapped found = known.get(name);
    if (found == null) {
      if (known.size() >= MAX_KNOWN) {
        known.clear();
      }
      found =
          isOwn(name)
              ? new Mapped(super.getName(name), labels(name, List.of(), List.of()))
              : new Mapped(name, Labels.EMPTY);
      known.put(name, found);
    }
    return found;
  }

  private Labels labels(String name, List<String> moreNames, List<String> moreValues) {
    Labels labels = super.getLabels(name, moreNames, moreValues);
    if (!labels.contains(QUEUE)) {
      return labels;
    }
    Labels.Builder own = Labels.builder();
    for (Label label : labels) {
      boolean queue = label.getName().equals(QUEUE);
      Labels.Builder _ =
          own.label(label.getName(), queue ? label.getValue().replace('/', '.') : label.getValue());
    }
    return own.build();
  }
}
