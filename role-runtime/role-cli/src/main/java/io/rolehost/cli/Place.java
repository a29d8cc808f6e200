package io.rolehost.cli;

import io.rolehost.node.control.ControlClient;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the state lies that a verb is about, and how to reach the node there. */
final class Place extends Screen {

  @Option(
      names = "--state-dir",
      paramLabel = "DIR",
      description =
          "The state directory of the node or role. Default: $$ROLEHOST_STATE_DIR, else"
              + " $$STATE_DIRECTORY, else ./.rolehost")
  private @Nullable Path stateDir;

  /** Returns what surrounds this process, with the option in it. */
  Surroundings surroundings() {
    Surroundings found = Surroundings.ofThisProcess();
    if (stateDir == null) {
      return found;
    }
    Map<String, String> properties = new HashMap<>(found.properties());
    properties.put("rolehost.state-dir", stateDir.toString());
    return new Surroundings(
        found.environment(), properties, found.workingDirectory(), found.terminal(), found.pid());
  }

  /** Returns the state directory of a node or role that runs already, or ran. */
  Path stateDir() {
    return StateDirectory.of(stateDir, System.getenv(), Path.of("").toAbsolutePath());
  }

  /** Returns what an instance wants to see before it lets itself be changed. */
  String token(String instance) throws Refused {
    Path file = stateDir().resolve("run").resolve(instance + ".token");
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new Refused(
          Failures.TRY_AGAIN,
          "The token of \"%s\" can't be read from %s (%s). It is there for the user who started the instance; ask as that user."
              .formatted(instance, file, e.getMessage()));
    }
  }

  ControlClient node() {
    return ControlClient.of(stateDir());
  }

  /**
   * Asks the node for one answer, and says who asks.
   *
   * @throws Refused if the node does not do it
   * @throws IOException if no node answers
   */
  Map<String, Object> ask(String verb, Map<String, ?> arguments) throws IOException, Refused {
    Map<String, Object> request = new HashMap<>(arguments);
    request.put("by", System.getProperty("user.name", ""));
    Map<String, Object> answer = node().ask(verb, request);
    if (answer.get("error") instanceof String error) {
      int code =
          answer.get("exit") instanceof Number number ? number.intValue() : Failures.TRY_AGAIN;
      throw new Refused(code, error);
    }
    return answer;
  }
}
