package io.rolehost.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OrphanProcessTest {

  /** The guard gives a role host three seconds and a half; the rest is for a loaded machine. */
  private static final Duration LIMIT = Duration.ofSeconds(12);

  // One ends with its node by itself, with a child that does not; one hears nothing.
  private static final String SOLUTION =
      """
      roles {
        listening { command = [sh, -c, "sleep 600 & exec cat"], instances = 2 }
        deaf { command = [sh, -c, "trap '' TERM HUP INT; sleep 600 & sleep 600"] }
        failing { command = [sh, -c, "sleep 0.1; exit 7"] }
      }
      """;

  @TempDir Path folder;

  @Test
  void node_killedAtRandomMoments_leavesNoProcess_andTheNextStartsClean() throws Exception {
    kill(20, 10);
  }

  @Test
  @Tag("long")
  void node_killedAtRandomMomentsTwoHundredTimes_leavesNoProcess() throws Exception {
    kill(200, 10);
  }

  private void kill(int runs, int atOnce) throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("OrphanProcessTest -Dseed=" + seed);
    Random random = new Random(seed);
    List<Future<?>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(atOnce)) {
      for (int run = 0; run < runs; run++) {
        Path place = Files.createDirectory(folder.resolve("node-" + run));
        Duration life = Duration.ofMillis(random.nextInt(atOnce * 400));
        all.add(
            threads.submit(() -> {
              killOne(place, life);
              return null;
            }));
      }
      for (Future<?> each : all) {
        var _ = each.get();
      }
    }
    try (RunningNode node = RunningNode.start(folder.resolve("node-0"))) {
      var _ = node.await(0, "deaf_IN_0 ready");
      node.terminate();
      assertEquals(0, node.exitCode());
      assertEquals(List.of(), below(folder.resolve("node-0")));
    }
  }

  private static void killOne(Path place, Duration life) throws IOException {
    Files.writeString(place.resolve("solution.conf"), SOLUTION);
    try (RunningNode node = RunningNode.start(place)) {
      LockSupport.parkNanos(life.toNanos());
      node.kill();
      long killed = System.nanoTime();
      while (!below(place).isEmpty()) {
        Duration after = Duration.ofNanos(System.nanoTime() - killed);
        assertTrue(
            after.compareTo(LIMIT) < 0,
            () -> "killed after " + life + ", still there after " + after + ": " + below(place));
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
    }
  }

  /** Returns the processes that a node with this folder started, directly or not. */
  private static List<String> below(Path place) {
    String mark = "ROLEHOST_STATE_DIR=" + place.resolve(".rolehost");
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> processes =
        Files.newDirectoryStream(
            Path.of("/proc"), each -> String.valueOf(each.getFileName()).matches("[0-9]+"))) {
      for (Path process : processes) {
        if (has(process, mark)) {
          found.add(String.valueOf(process.getFileName()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private static boolean has(Path process, String mark) {
    try {
      return ("\0" + Files.readString(process.resolve("environ"), UTF_8))
          .contains("\0" + mark + "\0");
    } catch (IOException e) {
      return false; // it has just ended
    }
  }
}
