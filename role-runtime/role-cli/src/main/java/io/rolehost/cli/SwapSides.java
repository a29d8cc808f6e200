package io.rolehost.cli;

import io.rolehost.node.control.ControlClient;
import io.rolehost.node.control.RunFile;
import io.rolehost.node.swap.HaProxy;
import io.rolehost.node.swap.MapFile;
import io.rolehost.node.swap.SideFile;
import io.rolehost.node.swap.Swap;
import io.rolehost.runtime.process.SystemTime;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The two sides of a swap on this machine, and the HAProxy before them. */
final class SwapSides implements Swap.Steps {
  private static final Duration RETIRES_WITHIN = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final long LOOK_AGAIN_MILLIS = 20;

  private final Path coming;
  private final Path leaving;
  private final HaProxy haproxy;
  private final Path map;
  private final String key;
  private final SystemTime time = new SystemTime();
  private String backend;
  private boolean begun;

  SwapSides(Path coming, Path leaving, Path socket, Path map, String key, String backend) {
    this.coming = coming;
    this.leaving = leaving;
    this.haproxy = new HaProxy(socket);
    this.map = map;
    this.key = key;
    this.backend = backend;
  }

  /** Returns the backend of the side that comes; known once it was checked. */
  String backend() {
    return backend;
  }

  /** Returns whether anything was changed, be it that it was changed back. */
  boolean begun() {
    return begun;
  }

  /** Has both nodes write down what came of it. */
  void tell(boolean done, String sentence) {
    Map<String, Object> facts = new HashMap<>();
    facts.put("done", done);
    facts.put("sentence", sentence);
    tell(facts);
  }

  private void tell(Map<String, Object> facts) {
    facts.put("from", leaving.toString());
    facts.put("to", coming.toString());
    facts.put("backend", backend);
    facts.put("by", System.getProperty("user.name", ""));
    for (Path side : List.of(leaving, coming)) {
      try {
        Map<String, Object> _ = ControlClient.of(side).ask("swapped", facts);
      } catch (IOException e) {
        // It is not up: a side that is gone is what one swaps for.
      }
    }
  }

  /** Keeps out a second swap of the same two; whoever ends gives it back. */
  AutoCloseable lock() throws IOException, Refused {
    Path first = coming.compareTo(leaving) < 0 ? coming : leaving;
    if (!Files.isDirectory(first)) {
      throw new Refused(Failures.TRY_AGAIN, "There is no state directory " + first);
    }
    FileChannel channel =
        FileChannel.open(
            first.resolve("swap.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (channel.tryLock() == null) {
      channel.close();
      throw new Refused(Failures.TRY_AGAIN, "Another swap of these two is under way");
    }
    return channel;
  }

  @Override
  public void check() throws IOException, Swap.Refused {
    Map<String, Object> status = status(coming);
    refuseUnderWay(status, coming);
    List<Map<?, ?>> instances = instances(status);
    if (instances.isEmpty()) {
      throw new Swap.Refused("Nothing runs in " + coming + ". Nothing was changed.");
    }
    List<String> notReady = new ArrayList<>();
    for (Map<?, ?> instance : instances) {
      if (!"ready".equals(instance.get("word"))) {
        notReady.add(
            instance.get("instance")
                + " is "
                + instance.get("word")
                + " ("
                + instance.get("state")
                + ") since "
                + instance.get("since")
                + ": "
                + instance.get("why"));
      }
    }
    if (!notReady.isEmpty()) {
      throw new Swap.Refused(
          "The side that comes is not ready: "
              + String.join("; ", notReady)
              + ". Nothing was changed.");
    }
    if (backend.isEmpty()) {
      backend = String.valueOf(instances.getFirst().get("deployment"));
    }
    if (ControlClient.of(leaving).isUp()) {
      Map<String, Object> other = status(leaving);
      refuseUnderWay(other, leaving);
      if (backend.equals(deployment(other))) {
        throw new Swap.Refused(
            "Both sides are deployments named "
                + backend
                + ": name them by rolehost.deployment, or the backend by --backend");
      }
    }
    checkBackend();
  }

  private void checkBackend() throws IOException, Swap.Refused {
    List<HaProxy.Server> servers = haproxy.servers(backend);
    if (servers.isEmpty()) {
      throw new Swap.Refused(
          "HAProxy has no backend " + backend + " with servers. Nothing was changed.");
    }
    for (HaProxy.Server server : servers) {
      if (!server.isUp()) {
        throw new Swap.Refused(
            "HAProxy sees "
                + backend
                + "/"
                + server.name()
                + " as "
                + server.status()
                + ". Nothing was changed.");
      }
    }
  }

  private static String deployment(Map<String, Object> status) {
    return status.get("node") instanceof Map<?, ?> node
        ? String.valueOf(node.get("deployment"))
        : "";
  }

  private static void refuseUnderWay(Map<String, Object> status, Path side) throws Swap.Refused {
    if (status.get("node") instanceof Map<?, ?> node
        && node.get("underWay") instanceof String what) {
      throw new Swap.Refused("In " + side + " is under way: " + what + ". Nothing was changed.");
    }
  }

  @Override
  public boolean isDone() throws IOException {
    return haproxy.value(map, key).equals(Optional.of(backend))
        && new MapFile(map).value(key).equals(Optional.of(backend))
        && SideFile.of(coming).read().equals(Optional.of(SideFile.PRODUCTION))
        && SideFile.of(leaving).read().equals(Optional.of(SideFile.STAGING));
  }

  @Override
  public void retire() throws IOException {
    begun = true;
    tell(new HashMap<>(Map.of("begins", true)));
    if (!SideFile.of(coming).read().equals(Optional.of(SideFile.PRODUCTION))) {
      // Without a file it would be taken for production.
      SideFile.of(coming).write(SideFile.STAGING);
    }
    if (Files.isDirectory(leaving)) {
      SideFile.of(leaving).write(SideFile.STAGING);
    }
  }

  @Override
  public void awaitRetired() throws IOException, Swap.Refused, InterruptedException {
    long end = time.nanos() + RETIRES_WITHIN.toNanos();
    while (true) {
      Optional<String> still = stillAtWork();
      if (still.isEmpty()) {
        return;
      }
      if (time.nanos() - end >= 0) {
        throw new Swap.Refused(
            still.get()
                + " does not say that it takes no more work, after "
                + RETIRES_WITHIN.toSeconds()
                + " s. All is as before; end that process, or freeze it with hold.");
      }
      boolean _ = new CountDownLatch(1).await(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Returns a live process of either side that is not in staging, as far as is known. */
  private Optional<String> stillAtWork() throws IOException, Swap.Refused {
    for (Path side : List.of(leaving, coming)) {
      if (side.equals(coming)
          && SideFile.of(coming).read().equals(Optional.of(SideFile.PRODUCTION))) {
        continue; // it was so before
      }
      List<? extends Map<?, ?>> live =
          ControlClient.of(side).isUp() ? instances(status(side)) : LoneHosts.alive(side);
      for (Map<?, ?> instance : live) {
        if (instance.containsKey("pid") && !Boolean.FALSE.equals(instance.get("roleHost"))) {
          if (!"staging".equals(sideOf(side, instance))) {
            return Optional.of(instance.get("instance") + ", process " + instance.get("pid"));
          }
        }
      }
    }
    return Optional.empty();
  }

  static String sideOf(Path stateDir, Map<?, ?> instance) {
    if (!(instance.get("managementPort") instanceof Number port)) {
      return "";
    }
    Path token = stateDir.resolve("run").resolve(instance.get("instance") + ".token");
    try {
      @Nullable Object side =
          new RunFile(0, port.intValue(), token).plane(PATIENCE).get("/status").json().get("side");
      return String.valueOf(side);
    } catch (IOException e) {
      return ""; // it ends, or hangs: asked again
    }
  }

  @Override
  public void route() throws IOException {
    haproxy.set(map, key, backend);
  }

  @Override
  public void persist() throws IOException {
    new MapFile(map).set(key, backend);
  }

  @Override
  public void activate() throws IOException {
    SideFile.of(coming).write(SideFile.PRODUCTION);
  }

  @Override
  public void stay() throws IOException {
    if (Files.isDirectory(leaving) && !haproxy.value(map, key).equals(Optional.of(backend))) {
      SideFile.of(leaving).write(SideFile.PRODUCTION);
    }
  }

  private static Map<String, Object> status(Path stateDir) throws IOException, Swap.Refused {
    return ControlClient.of(stateDir).ask("status", Map.of());
  }

  private static List<Map<?, ?>> instances(Map<String, Object> status) {
    List<Map<?, ?>> found = new ArrayList<>();
    if (status.get("instances") instanceof List<?> list) {
      for (Object one : list) {
        if (one instanceof Map<?, ?> values) {
          found.add(values);
        }
      }
    }
    return found;
  }
}
