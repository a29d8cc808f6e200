package io.rolehost.jobs.artemis;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.jobs.engine.BrokerAddress;
import io.rolehost.jobs.engine.BrokerFile;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills of any process, under load: nothing that was accepted is lost, and no order is broken. */
final class QueueChaosProcessTest {

  private static final String LOST_AFTER = "rolehost.jobs.broker.lost-after=5s";
  private static final String NOT_INSIDE = "rolehost.jobs.broker.embedded=off";

  @TempDir Path folder;

  private interface Start {
    JobsProcess start() throws IOException;
  }

  private final Map<String, Start> starts = new LinkedHashMap<>();
  private final Map<String, JobsProcess> processes = new HashMap<>();

  @Test
  @Timeout(300)
  void kills_20ofAnyProcess_nothingLostNoOrderBroken() throws Exception {
    strike(20, 1);
  }

  @Test
  @Tag("long")
  @Timeout(3600)
  void kills_200ofAnyProcess_nothingLostNoOrderBroken() throws Exception {
    strike(200, System.nanoTime());
  }

  @Test
  @Timeout(300)
  void kills_ofPlainProcessesThatShareADirectory_nothingLostNoOrderBroken() throws Exception {
    starts.put("sender", () -> JobsProcess.start("sender", ChaosRoles.Sender.class, folder));
    starts.put("worker", () -> JobsProcess.start("worker", ChaosRoles.Worker.class, folder));
    run(6, 2);
  }

  private void strike(int times, long seed) throws Exception {
    starts.put("broker", () -> JobsProcess.start("broker", BrokerRole.class, folder, LOST_AFTER));
    for (String name : List.of("worker-a", "worker-b")) {
      starts.put(
          name,
          () -> JobsProcess.start(name, ChaosRoles.Worker.class, folder, LOST_AFTER, NOT_INSIDE));
    }
    starts.put(
        "sender",
        () -> JobsProcess.start("sender", ChaosRoles.Sender.class, folder, LOST_AFTER, NOT_INSIDE));
    run(times, seed);
  }

  private void run(int times, long seed) throws Exception {
    Random random = new Random(seed);
    List<String> names = List.copyOf(starts.keySet());
    try {
      for (String name : names) {
        processes.put(name, started(name));
      }
      awaitMore("done", 50);
      for (int i = 0; i < times; i++) {
        String victim = names.get(random.nextInt(names.size()));
        JobsProcess process = requireNonNull(processes.get(victim));
        process.kill();
        process = started(victim);
        processes.put(victim, process);
        // Every third strike hits while the one before is not healed.
        if (i % 3 != 2) {
          awaitMore("done", 20 + random.nextInt(100));
          awaitMore("accepted", 1);
        }
      }
      JobsProcess sender = requireNonNull(processes.get("sender"));
      sender.signal("TERM");
      assertEquals(0, sender.exitCode(), sender.output());
      check(seed);
    } finally {
      processes.values().forEach(JobsProcess::close);
    }
  }

  private JobsProcess started(String name) throws IOException {
    return requireNonNull(starts.get(name)).start();
  }

  private void check(long seed) throws Exception {
    Set<String> accepted = new HashSet<>(lines("accepted"));
    try {
      TestRole.await(
          "all that was accepted is done or dead",
          () -> {
            Set<String> left = new HashSet<>(accepted);
            left.removeAll(new HashSet<>(lines("done")));
            if (!left.isEmpty()) {
              left.removeAll(dead());
            }
            return left.isEmpty();
          });
    } catch (AssertionError lost) {
      Set<String> left = new HashSet<>(accepted);
      left.removeAll(new HashSet<>(lines("done")));
      left.removeAll(dead());
      throw new AssertionError(
          "seed " + seed + ": of " + accepted.size() + " accepted these are lost: " + left, lost);
    }
    assertTrue(accepted.size() > 100, "only " + accepted.size() + " were accepted");
    Map<String, Integer> last = new HashMap<>();
    for (String line : lines("order")) {
      String group = line.substring(0, line.indexOf(' '));
      int number = Integer.parseInt(line.substring(line.indexOf(' ') + 1));
      int before = last.getOrDefault(group, 0);
      assertTrue(
          number >= before, "seed " + seed + ": " + group + " " + number + " after " + before);
      last.put(group, number);
    }
  }

  private void awaitMore(String file, int more) {
    int before = lines(file).size();
    try {
      TestRole.await(more + " more " + file, () -> lines(file).size() >= before + more);
    } catch (AssertionError e) {
      StringBuilder all = new StringBuilder();
      processes
          .values()
          .forEach(process ->
              all.append("\n=== ").append(process.name()).append('\n').append(tail(process)));
      throw new AssertionError(e.getMessage() + all, e);
    }
  }

  private static String tail(JobsProcess process) {
    String output = process.output();
    return output.substring(Math.max(0, output.length() - 3000));
  }

  private List<String> lines(String file) {
    try {
      Path path = folder.resolve(file);
      return Files.exists(path) ? Files.readAllLines(path) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Set<String> dead() {
    Set<String> ids = new HashSet<>();
    try {
      BrokerAddress address =
          BrokerFile.read(folder.resolve("state").resolve("jobs"), Duration.ofSeconds(5))
              .orElseThrow(() -> new JMSException("no broker"))
              .address();
      try (Connection connection = new ArtemisEngine().connections(address).createConnection();
          Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
        connection.start();
        for (String queue : List.of("plain.dead", "ordered.dead")) {
          try (QueueBrowser browser = session.createBrowser(session.createQueue(queue))) {
            for (Enumeration<?> all = browser.getEnumeration(); all.hasMoreElements(); ) {
              ids.add(((Message) all.nextElement()).getStringProperty("rh_id"));
            }
          }
        }
      }
    } catch (JMSException | IOException away) {
      // the broker is starting again, or the queue was never needed
    }
    return ids;
  }
}
