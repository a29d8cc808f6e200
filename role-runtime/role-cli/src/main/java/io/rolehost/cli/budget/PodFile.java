package io.rolehost.cli.budget;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** The text of a Kubernetes manifest: the one that makes pods, and a PodDisruptionBudget for it. */
public final class PodFile {

  private static final int MAX_CODE_POINTS = 4 * 1024 * 1024;
  private static final Pattern SLEEP = Pattern.compile("(?:.*[ /])?sleep +(\\d+(?:\\.\\d+)?)s? *");
  private static final List<String> KINDS =
      List.of(
          "Pod",
          "Deployment",
          "StatefulSet",
          "DaemonSet",
          "ReplicaSet",
          "ReplicationController",
          "Job",
          "CronJob");

  private final Map<String, Object> object;
  private final Map<String, Object> template;
  private final List<Map<String, Object>> disruptions;
  private final String kind;

  private PodFile(Map<String, Object> object, List<Map<String, Object>> disruptions) {
    this.object = object;
    this.disruptions = disruptions;
    this.kind = text(object, "kind").orElse("");
    this.template = template(object, kind);
  }

  private static Map<String, Object> template(Map<String, Object> object, String kind) {
    return switch (kind) {
      case "Pod" -> object;
      case "CronJob" -> map(object, "spec", "jobTemplate", "spec", "template");
      default -> map(object, "spec", "template");
    };
  }

  /**
   * Reads a text of one or more documents.
   *
   * @throws IllegalArgumentException if it is no YAML, or makes no pods, or several kinds of them
   */
  public static PodFile parse(String text) {
    List<Map<String, Object>> workloads = new ArrayList<>();
    List<Map<String, Object>> disruptions = new ArrayList<>();
    try {
      LoaderOptions options = new LoaderOptions();
      options.setCodePointLimit(MAX_CODE_POINTS);
      for (Object document : new Yaml(new SafeConstructor(options)).loadAll(text)) {
        collect(document, workloads, disruptions);
      }
    } catch (YAMLException wrong) {
      throw new IllegalArgumentException("it is no YAML: " + wrong.getMessage(), wrong);
    }
    if (workloads.size() != 1) {
      throw new IllegalArgumentException(
          (workloads.isEmpty() ? "nothing in it makes pods" : "several in it make pods")
              + ": expected one of "
              + String.join(", ", KINDS));
    }
    return new PodFile(workloads.getFirst(), disruptions);
  }

  private static void collect(
      @Nullable Object document,
      List<Map<String, Object>> workloads,
      List<Map<String, Object>> disruptions) {
    Map<String, Object> object = asMap(document);
    String kind = text(object, "kind").orElse("");
    if (KINDS.contains(kind)) {
      workloads.add(object);
    } else if (kind.equals("PodDisruptionBudget")) {
      disruptions.add(object);
    } else if (kind.equals("List")) {
      list(object, "items").forEach(item -> collect(item, workloads, disruptions));
    }
  }

  /** Returns the variables with a value of the role's container. */
  public Map<String, String> environment() {
    Map<String, String> variables = new LinkedHashMap<>();
    for (Object each : list(container(), "env")) {
      Map<String, Object> variable = asMap(each);
      Optional<String> name = text(variable, "name");
      Optional<String> value = text(variable, "value");
      if (name.isPresent() && value.isPresent()) {
        variables.put(name.get(), value.get());
      }
    }
    return variables;
  }

  /**
   * Reads what its pods are granted.
   *
   * @throws IllegalArgumentException if a number is none; the message names the key
   */
  public PodLimits limits() {
    Map<String, Object> spec = map(template, "spec");
    Map<String, Object> container = container();
    Optional<Integer> replicas =
        switch (kind) {
          case "Deployment", "StatefulSet", "ReplicaSet", "ReplicationController" ->
              Optional.of(whole(map(object, "spec"), "replicas", 1));
          default -> Optional.empty();
        };
    return new PodLimits(
        kind + "/" + text(map(object, "metadata"), "name").orElse("?"),
        seconds(spec, "terminationGracePeriodSeconds", 30),
        preStop(map(container, "lifecycle")),
        probe(container, "startupProbe"),
        probe(container, "readinessProbe"),
        probe(container, "livenessProbe"),
        text(spec, "restartPolicy").orElse("Always"),
        replicas,
        replicas.flatMap(this::atOnce),
        kind.equals("Deployment")
            ? Optional.of(seconds(map(object, "spec"), "progressDeadlineSeconds", 600))
            : Optional.empty(),
        replicas.flatMap(this::disruption));
  }

  /** The one that kubectl takes unless told otherwise. */
  private Map<String, Object> container() {
    List<?> containers = list(map(template, "spec"), "containers");
    Optional<String> named =
        text(map(template, "metadata", "annotations"), "kubectl.kubernetes.io/default-container");
    for (Object each : containers) {
      Map<String, Object> container = asMap(each);
      if (named.isEmpty() || named.equals(text(container, "name"))) {
        return container;
      }
    }
    throw new IllegalArgumentException(
        "spec.containers: there is none" + named.map(name -> " named " + name).orElse(""));
  }

  private static Optional<Duration> preStop(Map<String, Object> lifecycle) {
    Map<String, Object> hook = map(lifecycle, "preStop");
    if (hook.isEmpty()) {
      return Optional.of(Duration.ZERO);
    }
    if (hook.containsKey("sleep")) {
      return Optional.of(seconds(map(hook, "sleep"), "seconds", 0));
    }
    List<?> command = list(map(hook, "exec"), "command");
    StringBuilder words = new StringBuilder();
    command.forEach(word -> words.append(word).append(' '));
    Matcher sleep = SLEEP.matcher(words);
    boolean alone = command.size() <= 3 && words.indexOf(";") < 0 && words.indexOf("&") < 0;
    return alone && sleep.matches() ? TimeSpan.parse(sleep.group(1)) : Optional.empty();
  }

  private static Optional<PodLimits.Probe> probe(Map<String, Object> container, String name) {
    Map<String, Object> probe = map(container, name);
    return probe.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new PodLimits.Probe(
                text(map(probe, "httpGet"), "path").orElse(""),
                seconds(probe, "initialDelaySeconds", 0),
                seconds(probe, "periodSeconds", 10),
                seconds(probe, "timeoutSeconds", 1),
                whole(probe, "failureThreshold", 3)));
  }

  private Optional<Integer> atOnce(int replicas) {
    Map<String, Object> spec = map(object, "spec");
    return switch (kind) {
      case "Deployment" ->
          text(map(spec, "strategy"), "type").orElse("").equals("Recreate")
              ? Optional.of(replicas)
              : Optional.of(
                  share(map(spec, "strategy", "rollingUpdate"), "maxUnavailable", replicas, false)
                      .orElse(replicas / 4)); // 25 %, rounded down
      case "StatefulSet" -> Optional.of(1);
      default -> Optional.empty();
    };
  }

  private Optional<Integer> disruption(int replicas) {
    Map<String, Object> labels = map(template, "metadata", "labels");
    for (Map<String, Object> each : disruptions) {
      Map<String, Object> spec = map(each, "spec");
      if (labels.entrySet().containsAll(map(spec, "selector", "matchLabels").entrySet())) {
        return share(spec, "maxUnavailable", replicas, true)
            .or(() -> share(spec, "minAvailable", replicas, true).map(least -> replicas - least));
      }
    }
    return Optional.empty();
  }

  /** A number, or a percentage of the replicas. */
  private static Optional<Integer> share(
      Map<String, Object> object, String key, int replicas, boolean up) {
    Optional<String> text = text(object, key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    String value = text.get();
    if (!value.endsWith("%")) {
      return Optional.of(whole(object, key, 0));
    }
    int percent = number(key, value.substring(0, value.length() - 1));
    long parts = (long) percent * replicas;
    return Optional.of((int) (up ? Math.ceilDiv(parts, 100L) : parts / 100));
  }

  private static Duration seconds(Map<String, Object> object, String key, int otherwise) {
    return Duration.ofSeconds(whole(object, key, otherwise));
  }

  private static int whole(Map<String, Object> object, String key, int otherwise) {
    return text(object, key).map(value -> number(key, value)).orElse(otherwise);
  }

  private static int number(String key, String value) {
    try {
      int number = Integer.parseInt(value);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException wrong) {
      // told below
    }
    throw new IllegalArgumentException(
        key + ": expected a whole number, 0 or more, found '" + value + "'");
  }

  private static Optional<String> text(Map<String, Object> object, String key) {
    Object value = object.get(key);
    return value == null ? Optional.empty() : Optional.of(String.valueOf(value));
  }

  private static List<?> list(Map<String, Object> object, String key) {
    return object.get(key) instanceof List<?> list ? list : List.of();
  }

  private static Map<String, Object> map(Map<String, Object> object, String... path) {
    Map<String, Object> found = object;
    for (String key : path) {
      found = asMap(found.get(key));
    }
    return found;
  }

  private static Map<String, Object> asMap(@Nullable Object value) {
    Map<String, Object> map = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> found) {
      found.forEach((key, each) -> {
        if (each != null) {
          map.put(String.valueOf(key), each);
        }
      });
    }
    return map;
  }
}
