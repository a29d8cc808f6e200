package io.rolehost.cli;

import io.rolehost.freeze.FreezeText;
import java.time.Duration;
import java.util.LinkedHashMap;
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

  @Option(names = "--wait", description = "Return when the node is gone.")
  private boolean wait;

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
    Optional<Duration> limit = limit();
    Map<String, Object> arguments = new LinkedHashMap<>();
    limit.ifPresent(time -> arguments.put("graceMillis", time.toMillis()));
    Map<String, Object> answer = place.ask("stop", arguments);
    long pid = answer.get("pid") instanceof Number number ? number.longValue() : 0;
    if (!wait) {
      say(pid, "stopping", "stopping; 'rolehost stop --wait' would tell when it is done");
      return 0;
    }
    Duration patience = limit.map(time -> time.plus(MARGIN)).orElse(LONGEST);
    Optional<ProcessHandle> node = ProcessHandle.of(pid);
    try {
      if (node.isPresent()) {
        var _ = node.get().onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (TimeoutException e) {
      throw new Refused(
          Failures.TRY_AGAIN,
          "The node, process " + pid + ", is not gone after " + patience.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    say(pid, "stopped", "stopped");
    return 0;
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

  private Optional<Duration> limit() {
    if (grace == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(FreezeText.duration(grace));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--grace: " + e.getMessage(), e);
    }
  }
}
