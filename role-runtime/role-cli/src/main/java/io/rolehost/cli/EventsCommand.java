package io.rolehost.cli;

import io.rolehost.node.control.Json;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rolehost events}. */
@Command(
    name = "events",
    description =
        "Prints what happened to the instances of a running node and what it was asked to change, a"
            + " line each.")
final class EventsCommand implements Callable<Integer> {

  @Option(
      names = {"-f", "--follow"},
      description = "Go on with what happens from now on, until interrupted.")
  private boolean follow;

  @Option(names = "--json", description = "Print JSON, one object a line.")
  private boolean json;

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    place
        .node()
        .follow(
            "events",
            Map.of("follow", follow),
            event -> {
              if (!event.isEmpty()) { // an empty one only asks whether we are still here
                place.print(json ? Json.line(event) : sentence(event));
              }
              return !place.out().checkError();
            });
    return 0;
  }

  /** Returns an event as a line for people. */
  static String sentence(Map<String, Object> event) {
    String from = text(event, "from");
    String to = text(event, "to");
    String cause = text(event, "cause");
    if (!event.containsKey("instance")) {
      return text(event, "at") + "  node  " + cause;
    }
    return text(event, "at")
        + "  "
        + text(event, "instance")
        + " #"
        + text(event, "incarnation")
        + "  "
        + (from.equals(to) ? to : from + " -> " + to)
        + (cause.isEmpty() ? "" : ": " + cause);
  }

  private static String text(Map<String, Object> event, String key) {
    Object value = event.get(key);
    return value == null ? "" : value.toString();
  }
}
