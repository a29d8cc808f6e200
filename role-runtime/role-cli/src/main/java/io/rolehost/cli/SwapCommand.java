package io.rolehost.cli;

import io.rolehost.node.swap.Swap;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rolehost swap}. */
@Command(
    name = "swap",
    description = {
      "Has two deployments change places behind HAProxy: the one of --to comes into production,"
          + " the one of --state-dir leaves it.",
      "Every instance of the side that comes must be ready; the side that leaves may be frozen or"
          + " crashing. No process is restarted. Whatever ends it in the middle, called again it"
          + " finishes."
    })
final class SwapCommand implements Callable<Integer> {

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIR",
      description = "The state directory of the side that comes.")
  private Path to = Path.of("");

  @Option(
      names = "--haproxy",
      required = true,
      paramLabel = "SOCKET",
      description = "HAProxy's stats socket, with level admin.")
  private Path socket = Path.of("");

  @Option(
      names = "--map",
      required = true,
      paramLabel = "FILE",
      description = "The map file that its use_backend looks up, by the path it has there.")
  private Path map = Path.of("");

  @Option(
      names = "--key",
      required = true,
      paramLabel = "KEY",
      description = "What is looked up; the value is the backend of the side in production.")
  private String key = "";

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      defaultValue = "",
      description = "The backend of the side that comes. Default: the name of its deployment.")
  private String backend = "";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    Path here = Path.of("").toAbsolutePath();
    Path coming = here.resolve(to).normalize();
    Path leaving = place.stateDir();
    if (coming.equals(leaving)) {
      throw new Refused(
          Failures.USAGE, "Both sides are " + coming + ": name the one that leaves by --state-dir");
    }
    SwapSides sides =
        new SwapSides(coming, leaving, here.resolve(socket), here.resolve(map), key, backend);
    boolean changed;
    try (AutoCloseable _ = sides.lock()) {
      changed = Swap.run(sides);
    } catch (Swap.Refused refused) {
      throw new Refused(Failures.TRY_AGAIN, String.valueOf(refused.getMessage()));
    }
    if (json) {
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("production", coming.toString());
      answer.put("staging", leaving.toString());
      answer.put("backend", sides.backend());
      answer.put("changed", changed);
      place.printJson(answer);
    } else {
      place.print(
          coming
              + (changed
                  ? " is in production now, backend "
                  : " was in production already, backend ")
              + sides.backend());
    }
    return 0;
  }
}
