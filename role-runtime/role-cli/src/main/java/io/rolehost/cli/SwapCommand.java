package io.rolehost.cli;

import io.rolehost.node.swap.Swap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
      paramLabel = "DIR",
      description =
          "The state directory of the side that comes. Default: swap.other of the solution that"
              + " leaves.")
  private @Nullable Path to;

  @Option(
      names = "--haproxy",
      paramLabel = "SOCKET",
      description = "HAProxy's stats socket, with level admin. Default: swap.haproxy.")
  private @Nullable Path socket;

  @Option(
      names = "--map",
      paramLabel = "FILE",
      description =
          "The map file that its use_backend looks up, by the path it has there. Default:"
              + " swap.map.")
  private @Nullable Path map;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description =
          "What is looked up; the value is the backend of the side in production. Default:"
              + " swap.key.")
  private @Nullable String key;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description =
          "The backend of the side that comes. Default: swap.backend of its solution, else the name"
              + " of its deployment.")
  private @Nullable String backend;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    Path leaving = place.stateDir();
    SwapPlan plan =
        SwapPlan.of(
            new SwapPlan.Said(to, socket, map, key, backend), leaving, place.surroundings());
    Path coming = plan.coming();
    if (coming.equals(leaving)) {
      throw new Refused(
          Failures.USAGE, "Both sides are " + coming + ": name the one that leaves by --state-dir");
    }
    SwapSides sides =
        new SwapSides(
            coming, leaving, plan.haproxy(), plan.map(), plan.key(), plan.backend().orElse(""));
    boolean changed;
    try (AutoCloseable _ = sides.lock()) {
      changed = run(sides, coming);
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

  private static boolean run(SwapSides sides, Path coming)
      throws IOException, InterruptedException, Swap.Refused {
    try {
      boolean changed = Swap.run(sides);
      if (changed) {
        sides.tell(true, coming + " is in production now");
      }
      return changed;
    } catch (IOException | InterruptedException | Swap.Refused e) {
      if (sides.begun()) {
        sides.tell(false, "the swap did not come to its end: " + e.getMessage());
      }
      throw e;
    }
  }
}
