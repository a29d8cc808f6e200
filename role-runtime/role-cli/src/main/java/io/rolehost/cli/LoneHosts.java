package io.rolehost.cli;

import io.rolehost.node.control.LocalHttp;
import io.rolehost.node.control.RunFile;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Roles that were started by themselves ({@code java -jar}), found by their run files. */
final class LoneHosts {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final String SUFFIX = ".pid";

  private LoneHosts() {}

  /** A role that answers, and what it says. */
  record Found(String instance, LocalHttp http, Map<String, Object> status) {}

  /** Returns those of a state directory that answer. */
  static List<Found> find(Path stateDir) {
    return look(stateDir, (_, _) -> {});
  }

  /**
   * Returns the status of those that answer, and of those that hang the little that is known:
   * {@code instance}, {@code pid} and {@code managementPort}. Who hangs may still be at work.
   */
  static List<Map<String, Object>> alive(Path stateDir) {
    List<Map<String, Object>> alive = new ArrayList<>();
    List<Found> answering =
        look(
            stateDir,
            (instance, file) -> {
              Map<String, Object> values = new LinkedHashMap<>();
              values.put("instance", instance);
              putAddress(values, file);
              alive.add(values);
            });
    answering.forEach(found -> alive.add(found.status()));
    return alive;
  }

  /**
   * Looks at each run file.
   *
   * @param silent takes those that have a process and a port, and do not answer in time
   */
  private static List<Found> look(Path stateDir, BiConsumer<String, RunFile> silent) {
    List<Found> found = new ArrayList<>();
    for (String instance : instances(stateDir.resolve("run"))) {
      Optional<RunFile> file = RunFile.read(stateDir, instance);
      if (file.isPresent() && ProcessHandle.of(file.get().pid()).isPresent()) {
        LocalHttp http = file.get().plane(PATIENCE);
        try {
          Map<String, Object> status = http.get("/status").json();
          if (instance.equals(status.get("instance"))) {
            found.add(new Found(instance, http, asANodeWouldSay(status, file.get())));
          }
        } catch (SocketTimeoutException e) {
          silent.accept(instance, file.get());
        } catch (IOException e) {
          // it ended without cleaning up, and its id or port is somebody else's now
        }
      }
    }
    return found;
  }

  private static Map<String, Object> asANodeWouldSay(Map<String, Object> status, RunFile file) {
    Map<String, Object> values = new LinkedHashMap<>(status);
    putAddress(values, file);
    if (status.get("reasons") instanceof List<?> reasons) {
      values.put("why", String.join("; ", reasons.stream().map(String::valueOf).toList()));
    }
    return values;
  }

  private static void putAddress(Map<String, Object> values, RunFile file) {
    values.put("pid", file.pid());
    values.put("managementPort", file.port());
  }

  static List<Map<String, Object>> status(Path stateDir) {
    return find(stateDir).stream().map(Found::status).toList();
  }

  static Refused nothingRuns(Path stateDir) {
    return new Refused(
        Failures.TRY_AGAIN,
        "Nothing runs with the state directory "
            + stateDir
            + ": go to the folder where it was started, name its --state-dir, or start it by "
            + " rolehost up");
  }

  private static List<String> instances(Path run) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(run, "*" + SUFFIX)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        names.add(name.substring(0, name.length() - SUFFIX.length()));
      }
    } catch (IOException e) {
      return List.of(); // no such folder: nothing ever ran there
    }
    names.sort(String::compareTo);
    return names;
  }
}
