package io.rolehost.cli;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.api.StopContext;
import io.rolehost.api.Task;
import io.rolehost.node.control.Json;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the stop of a real role host took its time for. */
final class AnalyzeProcessTest {

  @TempDir Path folder;

  /** Each piece of its stop takes a time that can be told from the others. */
  public static final class Slow implements Role {
    @Override
    public boolean onStart(RoleContext context) {
      AutoCloseable _ = context.closeOnStop(new Pool());
      var _ =
          context
              .tasks()
              .start(
                  Task.named("lagging")
                      .body(task -> {
                        task.stopToken().await();
                        take(900);
                      }));
      return true;
    }

    @Override
    public void onStop(StopContext context) {
      take(500);
    }
  }

  /** Something that takes a while to close. */
  static final class Pool implements AutoCloseable {
    @Override
    public void close() {
      take(250);
    }
  }

  private static void take(long millis) {
    long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
    while (System.nanoTime() - end < 0) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  @Test
  void stop_ofARoleHost_isToldByStepsTasksAndCloseables_theLongestFirst() throws Exception {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> '"' + entry + '"')
            .collect(Collectors.joining(", "));
    Files.writeString(
        folder.resolve("solution.conf"),
        """
        rolehost { profile = azure }
        roles { slow {
          class-path = [%s]
          jvm-options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
          settings { rolehost.role.class = "%s" }
        } }
        """
            .formatted(classPath, Slow.class.getName()));
    try (RunningNode node = RunningNode.start(folder)) {
      var _ = node.await(0, "slow_IN_0 ready");
      assertEquals(0, node.verb("stop", "--wait").code());

      Said said = node.verb("analyze", "stop", "--json");
      assertEquals(0, said.code(), said.err());
      Map<?, ?> chain = (Map<?, ?>) list(Json.read(said.out()), "chains").getFirst();
      List<Map<?, ?>> links =
          list(chain, "links").stream().<Map<?, ?>>map(link -> (Map<?, ?>) link).toList();
      long before = Long.MAX_VALUE;
      for (Map<?, ?> link : links) {
        assertTrue(number(link, "millis") <= before, said.out());
        before = number(link, "millis");
      }
      assertTrue(whole(links, "onStop has ended") >= 500, said.out());
      assertTrue(whole(links, "task lagging is DONE") >= 900, said.out());
      assertTrue(whole(links, "close() of " + Pool.class.getName() + " has ended") >= 250);
      assertTrue(whole(links, "all tasks have left") >= 900, said.out());
      assertTrue(number(chain, "totalMillis") >= 900 + 250, said.out());

      String text = node.verb("analyze", "stop").out();
      assertTrue(text.matches("(?s).*task lagging is DONE; [0-9.]+ s by itself\n.*"), text);
    }
  }

  private static List<?> list(Map<?, ?> values, String key) {
    return (List<?>) requireNonNull(values.get(key));
  }

  private static long whole(List<Map<?, ?>> links, String until) {
    for (Map<?, ?> link : links) {
      if (until.equals(link.get("until"))) {
        return number(link, "wholeMillis");
      }
    }
    throw new AssertionError("no '" + until + "' in " + links);
  }

  private static long number(Map<?, ?> values, String key) {
    return values.get(key) instanceof Number number ? number.longValue() : -1;
  }
}
