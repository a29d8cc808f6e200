package io.rolehost.cli;

import io.rolehost.freeze.Identity;
import io.rolehost.freeze.command.Fleet;
import io.rolehost.freeze.command.RunDirectory;
import io.rolehost.freeze.command.Sighting;
import io.rolehost.node.control.ControlClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The instances of a node: it knows also those that have no process, and programs that are no role
 * hosts. Where none runs, the role hosts that were started by themselves.
 */
final class NodeFleet implements Fleet {

  @Override
  public List<Sighting> look(Path stateDir) {
    ControlClient node = ControlClient.of(stateDir);
    if (node.isUp()) {
      try {
        return sightings(stateDir, node.ask("status", Map.of()));
      } catch (IOException e) {
        // it just ended, and its instances with it
      }
    }
    return new RunDirectory().look(stateDir);
  }

  private static List<Sighting> sightings(Path stateDir, Map<String, Object> status) {
    List<Sighting> seen = new ArrayList<>();
    if (status.get("instances") instanceof List<?> instances) {
      for (Object instance : instances) {
        if (instance instanceof Map<?, ?> values) {
          seen.add(sighting(stateDir, values));
        }
      }
    }
    return seen;
  }

  private static Sighting sighting(Path stateDir, Map<?, ?> values) {
    Identity who =
        new Identity(text(values, "deployment"), text(values, "role"), text(values, "instance"));
    if (values.get("managementPort") instanceof Number port) {
      return RunDirectory.ask(stateDir, who, port.intValue());
    }
    String state = text(values, "state");
    return switch (state) {
      case "CREATED", "STOPPED", "GONE" -> new Sighting.NoProcess(who);
      default -> new Sighting.Answers(who, state, freezes(values), "");
    };
  }

  private static List<String> freezes(Map<?, ?> values) {
    return values.get("freezes") instanceof List<?> words
        ? words.stream().map(String::valueOf).toList()
        : List.of();
  }

  private static String text(Map<?, ?> values, String key) {
    Object value = values.get(key);
    return value == null ? "" : value.toString();
  }
}
