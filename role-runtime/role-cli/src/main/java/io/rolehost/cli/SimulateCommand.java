package io.rolehost.cli;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.rolehost.api.Backoff;
import io.rolehost.api.CorruptionException;
import io.rolehost.api.FatalTaskException;
import io.rolehost.api.PermanentFailureException;
import io.rolehost.api.Restart;
import io.rolehost.api.Task;
import io.rolehost.runtime.supervision.Jitter;
import io.rolehost.runtime.supervision.PolicySimulation;
import io.rolehost.runtime.supervision.PolicySimulation.Fate;
import io.rolehost.runtime.supervision.TaskStory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code rolehost simulate}. */
@Command(
    name = "simulate",
    description = {
      "Shows what the restart rules of a task lead to, before a real failure does.",
      "Nothing is started. The options are those of the task in Java; without any it has the"
          + " default rules.",
      "%nExample: what if the database is down, each try takes 3 s, and twelve fail?%n"
          + "  rolehost simulate --works 3s --times 12"
    })
final class SimulateCommand implements Callable<Integer> {

  private static final int MAX_TIMES = 100_000;

  /** How an attempt fails. */
  enum Failure {
    FAILS,
    RETURNS,
    FATAL,
    PERMANENT,
    CORRUPT
  }

  @Option(
      names = "--times",
      paramLabel = "N",
      defaultValue = "12",
      description = "So many attempts fail, the next one runs on. Default: ${DEFAULT-VALUE}")
  private int times;

  @Option(
      names = "--works",
      paramLabel = "TIME",
      defaultValue = "1s",
      converter = Time.class,
      description = "How long each attempt works before it fails. Default: ${DEFAULT-VALUE}")
  private Duration works = Duration.ZERO;

  @Option(
      names = "--how",
      paramLabel = "HOW",
      defaultValue = "FAILS",
      description = "How they fail: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
  private Failure how = Failure.FAILS;

  @Option(
      names = "--each-different",
      description = "Each failure is another one; otherwise it is the same again and again.")
  private boolean different;

  @Option(
      names = "--restart",
      paramLabel = "WHEN",
      defaultValue = "PERMANENT",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
  private Restart restart = Restart.PERMANENT;

  @Option(
      names = "--backoff",
      paramLabel = "FIRST..CAP",
      defaultValue = "500ms..60s",
      description = "The first pause and the longest. Default: ${DEFAULT-VALUE}")
  private String backoff = "";

  @Option(
      names = "--factor",
      paramLabel = "N",
      defaultValue = "2",
      description = "By which the pause grows. Default: ${DEFAULT-VALUE}")
  private double factor;

  @Option(
      names = "--jitter",
      paramLabel = "0..1",
      defaultValue = "0.5",
      description = "Which part of the pause is left to chance. Default: ${DEFAULT-VALUE}")
  private double jitter;

  @Option(
      names = "--budget",
      paramLabel = "N/TIME",
      defaultValue = "10/5m",
      description = "So many restarts are granted within that time. Default: ${DEFAULT-VALUE}")
  private String budget = "";

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Makes the chance; the same number shows the same again.")
  private long seed;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private Screen screen = new Screen();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Task task = task();
    List<String> problems = PolicySimulation.problems(task);
    if (!problems.isEmpty()) {
      throw usage(String.join(System.lineSeparator(), problems));
    }
    List<TaskStory.Line> lines = PolicySimulation.run(task, fates(), Jitter.seeded(seed));
    if (json) {
      screen.printJson(Map.of("seed", seed, "lines", lines.stream().map(this::values).toList()));
    } else {
      for (TaskStory.Line line : lines) {
        screen.print("%10s  %s".formatted(text(line.at()), line.text()));
      }
    }
    return 0;
  }

  private Map<String, Object> values(TaskStory.Line line) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("atMillis", line.at().toMillis());
    values.put("text", line.text());
    return values;
  }

  private static String text(Duration at) {
    return "%d:%02d:%06.3f"
        .formatted(
            at.toHours(), at.toMinutesPart(), at.toSecondsPart() + at.toMillisPart() / 1000.0);
  }

  private Task task() {
    if (times < 0 || times > MAX_TIMES) {
      throw usage("--times is a number from 0 to %,d, not %d".formatted(MAX_TIMES, times));
    }
    String[] pauses = backoff.split("\\.\\.", 2);
    String[] granted = budget.split("/", 2);
    if (pauses.length != 2) {
      throw usage(
          "--backoff is two times with .. between them, such as 500ms..60s, not " + backoff);
    }
    if (granted.length != 2) {
      throw usage("--budget is a number, a slash and a time, such as 10/5m, not " + budget);
    }
    try {
      return Task.named("task")
          .body(_ -> {})
          .restart(restart)
          .backoff(
              Backoff.exponential(time(pauses[0]), time(pauses[1])).factor(factor).jitter(jitter))
          .budget(Integer.parseInt(granted[0].strip()), time(granted[1]));
    } catch (NumberFormatException e) {
      throw usage("--budget is a number, a slash and a time, such as 10/5m, not " + budget);
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  private ParameterException usage(String text) {
    return new ParameterException(spec.commandLine(), text);
  }

  /** Reads a length of time as settings have it: {@code 500ms}, {@code 3s}, {@code 5m}. */
  private static Duration time(String text) {
    try {
      return ConfigFactory.parseMap(Map.of("time", text.strip())).getDuration("time");
    } catch (ConfigException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no time; expected for instance 500ms, 3s or 5m", e);
    }
  }

  private List<Fate> fates() {
    List<Fate> fates = new ArrayList<>();
    for (int n = 1; n <= times; n++) {
      fates.add(
          switch (how) {
            case RETURNS -> new Fate(works, null);
            case FAILS -> new Fate(works, failure(n));
            case FATAL -> new Fate(works, new FatalTaskException("fatal failure " + n));
            case PERMANENT ->
                new Fate(works, new PermanentFailureException("permanent failure " + n));
            case CORRUPT -> new Fate(works, new CorruptionException("corruption " + n));
          });
    }
    return fates;
  }

  /** The stack makes the print of a failure: one that is the same each time has one of its own. */
  private Throwable failure(int n) {
    IllegalStateException failure = new IllegalStateException("failure " + n);
    int line = different ? n : 1;
    failure.setStackTrace(
        new StackTraceElement[] {new StackTraceElement("simulated.Task", "body", "Task", line)});
    return failure;
  }

  /** Reads {@code 3s}, {@code 2h}. */
  static final class Time implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
      try {
        return time(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}
