package io.rolehost.jobs.artemis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.jobs.engine.BrokerFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes without a node. */
@Timeout(200)
final class LoneHostsProcessTest {

  @TempDir Path folder;

  private List<String> lines(String file) throws IOException {
    Path path = folder.resolve(file);
    return Files.exists(path) ? Files.readAllLines(path) : List.of();
  }

  private boolean has(String file, String line) {
    try {
      return lines(file).contains(line);
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void handlerThatHalts_becomesDeadLetter_othersGoOn() throws Exception {
    for (int start = 1; start <= 3; start++) {
      try (JobsProcess process = JobsProcess.start("halting", ChaosRoles.Halting.class, folder)) {
        assertEquals(9, process.exitCode(), process.output());
      }
    }
    try (JobsProcess process = JobsProcess.start("halting", ChaosRoles.Halting.class, folder)) {
      process.awaitOutput("is a dead letter after attempt 3");
      process.await("the others are done", () -> has("deeds", "other4 1"));
      process.signal("TERM");
      assertEquals(0, process.exitCode(), process.output());
    }
    assertEquals(
        List.of("halt 1", "halt 2", "halt 3"),
        lines("deeds").stream().filter(line -> line.startsWith("halt")).toList());
  }

  @Test
  void brokerRole_clientsBesideIt_sayNothingThatIsNotTheirs() throws Exception {
    try (JobsProcess broker = JobsProcess.start("broker", BrokerRole.class, folder);
        JobsProcess worker =
            JobsProcess.start(
                "worker", ChaosRoles.Worker.class, folder, "rolehost.jobs.broker.embedded=off");
        JobsProcess sender =
            JobsProcess.start(
                "sender", ChaosRoles.Sender.class, folder, "rolehost.jobs.broker.embedded=off")) {
      broker.awaitOutput("The broker of");
      Path directory = folder.resolve("state").resolve("jobs");
      Path file = BrokerFile.in(directory);
      Optional<BrokerFile> written = BrokerFile.read(directory, Duration.ofSeconds(20));
      assertEquals(broker.pid(), written.orElseThrow().pid());
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      worker.await("work is done", () -> Files.exists(folder.resolve("done")));
      for (JobsProcess process : List.of(sender, worker, broker)) {
        process.signal("TERM");
        assertEquals(0, process.exitCode(), process.output());
      }
      assertFalse(Files.exists(file), "broker.conf stays behind");
      for (JobsProcess process : List.of(sender, worker, broker)) {
        assertFalse(process.output().contains("WARNING:"), process.output());
        assertFalse(process.output().contains("SLF4J"), process.output());
      }
    }
  }

  @Test
  void stoppedProcess_itsMessagesGoToAnother() throws Exception {
    String lost = "rolehost.jobs.broker.lost-after=2s";
    try (JobsProcess broker = JobsProcess.start("broker", BrokerRole.class, folder, lost);
        JobsProcess first =
            JobsProcess.start("first", SlowRole.class, folder, lost, "holds=true")) {
      broker.awaitOutput("The broker of");
      first.await("it has the job", () -> has("slow", "first 1"));
      first.signal("STOP");
      try (JobsProcess second = JobsProcess.start("second", SlowRole.class, folder, lost)) {
        second.await("the other has it", () -> has("slow", "second 2"));
      }
      first.signal("CONT");
      first.awaitOutput("connection to the broker");
      assertTrue(first.isAlive());
    }
  }
}
