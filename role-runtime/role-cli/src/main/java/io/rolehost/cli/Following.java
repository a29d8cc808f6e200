package io.rolehost.cli;

import io.rolehost.freeze.FreezeText;
import io.rolehost.freeze.command.ProgressLine;
import io.rolehost.node.control.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The end of an order that was given to a node: seen, or left to the node. */
final class Following {

  @Option(names = "--wait", description = "Show how it goes, and return when it has ended.")
  private boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description =
          "With --wait: give up waiting after this time, for instance 90s or 10m, with exit code"
              + " 75; the node goes on. Default: none; of scale 10m.")
  private @Nullable String timeout;

  @Option(names = "--json", description = "Print JSON, one object a line.")
  private boolean json;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  boolean isJson() {
    return json;
  }

  /**
   * Gives an order and follows it if that is asked for.
   *
   * @param arguments of the order; with {@code timeoutMillis} it is waited for so long if the
   *     option does not say another time
   * @param first prints the answer that the node has at once
   * @return 0, or what the order ended with
   * @throws Refused if the node does not take it on
   */
  int give(Place place, String verb, Map<String, ?> arguments, Consumer<Map<String, Object>> first)
      throws IOException, Refused {
    Map<String, Object> request = new LinkedHashMap<>(arguments);
    request.put("wait", wait);
    millis().ifPresent(millis -> request.put("timeoutMillis", millis));
    request.put("by", System.getProperty("user.name", ""));
    int[] code = {wait ? Failures.TRY_AGAIN : 0};
    String[] error = {""};
    boolean[] begun = {false};
    boolean[] ended = {false};
    try (ProgressLine progress = ProgressLine.on(place.out())) {
      place
          .node()
          .follow(
              verb,
              request,
              line -> {
                if (line.get("error") instanceof String said) {
                  error[0] = said;
                  code[0] = exit(line);
                  return false;
                }
                if (!begun[0]) {
                  begun[0] = true;
                  show(place, line, first);
                  return wait;
                }
                if (line.get("ended") instanceof String said) {
                  code[0] = exit(line);
                  ended[0] = true;
                  progress.clear();
                  show(place, line, _ -> place.print(said));
                  return false;
                }
                if (line.get("progress") instanceof String said) {
                  show(place, line, _ -> progress.tell(said));
                } else if (!json) {
                  progress.tick();
                }
                return true;
              });
    }
    if (!error[0].isEmpty()) {
      throw new Refused(code[0], error[0]);
    }
    if (wait && !ended[0]) {
      throw new Refused(Failures.TRY_AGAIN, "The node ended before this was done");
    }
    return code[0];
  }

  private OptionalLong millis() {
    if (timeout == null) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(FreezeText.duration(timeout).toMillis());
    } catch (IllegalArgumentException e) {
      CommandLine command = spec == null ? new CommandLine(this) : spec.commandLine();
      throw new ParameterException(command, "--timeout: " + e.getMessage(), e);
    }
  }

  private void show(Place place, Map<String, Object> line, Consumer<Map<String, Object>> words) {
    if (json) {
      place.print(Json.line(line));
    } else {
      words.accept(line);
    }
  }

  private static int exit(Map<String, Object> line) {
    return line.get("exit") instanceof Number number ? number.intValue() : Failures.TRY_AGAIN;
  }

  /** Prints each of a list that the node answered with. */
  static void each(Map<String, Object> answer, String key, Consumer<String> one) {
    if (answer.get(key) instanceof List<?> list) {
      list.forEach(element -> one.accept(String.valueOf(element)));
    }
  }
}
