package io.rolehost.cli;

import io.rolehost.freeze.FreezeText;
import io.rolehost.freeze.command.ProgressLine;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code rolehost stop}: ends the node, and so all its instances. */
@Command(name = "stop", description = "Stops all instances in order, and then the node.")
final class StopCommand implements Callable<Integer> {
  // Beyond what the longest profile grants, twice 300 s, a node has killed whatever is left.
  private static final Duration LONGEST = Duration.ofMinutes(11);
  private static final Duration MARGIN = Duration.ofSeconds(5);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(300);

  @Option(names = "--wait", description = "Return when the node is gone.")
  private boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description =
          "With --wait: give up waiting after this time, with exit code 75; the node goes on"
              + " stopping. Default: what the node may take.")
  private @Nullable String timeout;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      description =
          "Kill what has not ended after this time, for instance 30s. Default: what the profile"
              + " gives.")
  private @Nullable String grace;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private Place place = new Place();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Optional<Duration> limit = time("--grace", grace);
    Optional<Duration> longest = time("--timeout", timeout);
    Map<String, Object> arguments = new LinkedHashMap<>();
    limit.ifPresent(time -> arguments.put("graceMillis", time.toMillis()));
    Map<String, Object> answer = place.ask("stop", arguments);
    long pid = answer.get("pid") instanceof Number number ? number.longValue() : 0;
    if (!wait) {
      say(pid, "stopping", "stopping; 'rolehost stop --wait' would tell when it is done");
      return 0;
    }
    Duration patience = longest.orElse(limit.map(time -> time.plus(MARGIN)).orElse(LONGEST));
    Optional<ProcessHandle> node = ProcessHandle.of(pid);
    if (node.isPresent() && !isGone(node.get(), patience)) {
      throw new Refused(
          Failures.TRY_AGAIN,
          "The node, process "
              + pid
              + ", is not gone after "
              + patience.toMillis() / 1000.0
              + " s. It goes on; 'rolehost status' shows what it waits for");
    }
    say(pid, "stopped", "stopped");
    return 0;
  }

  /** Shows what is still there, until the node is not. */
  private boolean isGone(ProcessHandle node, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    try (ProgressLine progress = ProgressLine.ofLongWaits(place.out())) {
      while (true) {
        if (!json) {
          look().ifPresentOrElse(progress::tell, progress::tick);
        }
        long left = Math.min(LOOK_AGAIN.toNanos(), end - System.nanoTime());
        if (ended(node, Math.max(0, left))) {
          return true;
        }
        if (System.nanoTime() - end >= 0) {
          return false;
        }
      }
    }
  }

  private static boolean ended(ProcessHandle node, long nanos) throws InterruptedException {
    try {
      var _ = node.onExit().get(nanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private Optional<String> look() {
    try {
      return Optional.of(stillThere(InstanceRow.all(place.node().ask("status", Map.of()))));
    } catch (IOException e) {
      return Optional.empty(); // it is past answering
    }
  }

  /** Returns how many are gone and who is not. Pure. */
  static String stillThere(List<InstanceRow> rows) {
    List<String> left =
        rows.stream()
            .filter(row -> !row.pid().isEmpty())
            .map(row -> row.instance() + " (" + row.state().toLowerCase(Locale.ROOT) + ")")
            .toList();
    return (rows.size() - left.size())
        + " of "
        + rows.size()
        + " instances are gone"
        + (left.isEmpty() ? "" : "; still there: " + String.join(", ", left));
  }

  private void say(long pid, String state, String sentence) {
    if (json) {
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("pid", pid);
      values.put("state", state);
      place.printJson(values);
    } else {
      place.print(sentence);
    }
  }

  private Optional<Duration> time(String option, @Nullable String given) {
    if (given == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(FreezeText.duration(given));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage(), e);
    }
  }
}
