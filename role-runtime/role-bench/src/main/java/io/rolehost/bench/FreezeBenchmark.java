package io.rolehost.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.FreezeSource;
import io.rolehost.freeze.FreezeStore;
import io.rolehost.freeze.Scope;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The freeze: from just before it is stored to when each of many watchers in several processes has
 * seen it; what a first check costs; and what a held host uses of a core while nothing happens.
 */
final class FreezeBenchmark {

  private static final long GIVE_UP_SECONDS = 60;
  private static final int WARM_UP = 6;
  // What a start leaves behind, such as the compiler's queue, is over by then.
  private static final Duration SETTLE = Duration.ofSeconds(20);

  private FreezeBenchmark() {}

  /**
   * Flips a freeze on and off.
   *
   * @param place of the freeze, as {@link FreezeWatchers} takes it
   * @return milliseconds, one for each watcher and flip
   */
  static Samples flips(Config place, int processes, int watchers, int flips)
      throws IOException, InterruptedException {
    Samples samples = new Samples();
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    List<Process> all = new ArrayList<>();
    try (FreezeStore store = store(place)) {
      var _ = store.removeIf(_ -> true, "bench");
      for (int i = 0; i < processes; i++) {
        Process process =
            java(
                "-XX:TieredStopAtLevel=1",
                place.root().render(ConfigRenderOptions.concise()),
                "" + watchers / processes);
        all.add(process);
        Thread.ofVirtual().start(() -> read(process, lines));
      }
      for (int i = 0; i < processes; i++) {
        await(lines, "WATCHING");
      }
      Random pause = new Random(7);
      for (int flip = -WARM_UP; flip < flips; flip++) {
        Quiet.await();
        LockSupport.parkNanos(Duration.ofMillis(pause.nextInt(50, 250)).toNanos());
        String wanted = flip % 2 == 0 ? "FROZEN " : "FREE ";
        long begun = System.nanoTime();
        if (flip % 2 == 0) {
          store.put(Freeze.of("bench", new Scope.All(), "bench", "a flip", Instant.now()));
        } else {
          var _ = store.removeIf(_ -> true, "bench");
        }
        for (int seen = 0; seen < watchers; seen++) {
          String line = await(lines, wanted);
          if (flip >= 0) {
            samples.add((Long.parseLong(line.substring(wanted.length())) - begun) / 1e6);
          }
        }
      }
    } finally {
      all.forEach(Process::destroyForcibly);
    }
    return samples;
  }

  /** Returns milliseconds, one a process, each with a start-up cache as a role has. */
  static Samples firstCheck(Path work, int rounds) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(work.resolve("first-check"));
    Files.writeString(folder.resolve("application.conf"), "rolehost.role.name = bench\n");
    // None comes of it where the class path has folders, as in a test: then it is slower.
    Path cache = folder.resolve("check.aot");
    Files.deleteIfExists(cache);
    var _ = java("-XX:AOTCacheOutput=" + cache, "check", folder.toString()).waitFor();
    String option = Files.exists(cache) ? "-XX:AOTCache=" + cache : "-Xshare:auto";
    Samples samples = new Samples();
    for (int round = 0; round < rounds; round++) {
      Quiet.await();
      Process process = java(option, "check", folder.toString());
      try (BufferedReader out = process.inputReader(UTF_8)) {
        samples.add(Long.parseLong(String.valueOf(out.readLine())) / 1e6);
      }
      var _ = process.waitFor();
    }
    return samples;
  }

  /** Returns the share of a core, in percent, that a host uses while the flag holds it. */
  static double held(Program program, Duration time, Path work)
      throws IOException, InterruptedException {
    Program held =
        new Program(
            program.name() + " held",
            program.command(),
            port -> {
              Map<String, String> environment = new HashMap<>(program.environment().apply(port));
              environment.put("ROLEHOST_FREEZE", "true");
              return environment;
            },
            "/startupz",
            program.directory());
    try (Running running = Running.start(held, work.resolve("held.log"))) {
      long _ = running.awaitReady();
      Thread.sleep(SETTLE);
      long before = running.cpuMillis();
      Thread.sleep(time);
      return 100.0 * (running.cpuMillis() - before) / time.toMillis();
    }
  }

  private static FreezeStore store(Config place) throws IOException {
    for (FreezeSource source : FreezeWatchers.sources(place)) {
      if (source instanceof FreezeStore store) {
        var _ = store.answer();
        return store;
      }
    }
    throw new IOException("nothing to write freezes to: " + place);
  }

  private static Process java(String option, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx64m",
                option,
                "-cp",
                System.getProperty("java.class.path"),
                FreezeWatchers.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static void read(Process process, BlockingQueue<String> lines) {
    try (BufferedReader out = process.inputReader(UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
      }
    } catch (IOException ended) {
      // Then its lines are missed.
    }
  }

  private static String await(BlockingQueue<String> lines, String wanted)
      throws IOException, InterruptedException {
    String line = lines.poll(GIVE_UP_SECONDS, TimeUnit.SECONDS);
    if (line == null || !line.startsWith(wanted)) {
      throw new IOException("expected " + wanted + " of each watcher, found " + line);
    }
    return line;
  }
}
