package io.rolehost.runtime.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One settings file of several hosts that share a state directory, changed under them. */
final class RecycleTurnProcessTest {

  private static final int FLEET = 3;

  @TempDir Path folder;

  /** From the first word of a stop until the next start is ready. */
  private record Gap(Instant from, Instant ready) {}

  @Test
  void changedSettings_ofAFleet_recycleOneAfterTheOther_eachReadyBeforeTheNextLeaves()
      throws Exception {
    settings("45s");
    List<HostProcess> all = new ArrayList<>();
    try (ExecutorService supervisors = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HostProcess>> restarted = new ArrayList<>();
      for (int n = 0; n < FLEET; n++) {
        HostProcess host = slow(n).start();
        all.add(host);
      }
      all.forEach(HostProcess::awaitReady);
      settings("46s");
      for (int n = 0; n < FLEET; n++) {
        HostProcess host = all.get(n);
        HostProcess.Command again = slow(n);
        restarted.add(
            supervisors.submit(() -> {
              assertEquals(86, host.exitCode(), host.output());
              return again.start();
            }));
      }
      for (Future<HostProcess> host : restarted) {
        all.add(host.get());
        all.getLast().awaitReady();
      }
      List<Gap> gaps = new ArrayList<>();
      for (int n = 0; n < FLEET; n++) {
        gaps.add(gapOf(n));
      }
      gaps.sort(Comparator.comparing(Gap::from));
      for (int n = 1; n < FLEET; n++) {
        assertFalse(gaps.get(n).from().isBefore(gaps.get(n - 1).ready()), gaps::toString);
      }
    } finally {
      all.forEach(HostProcess::close);
    }
  }

  @Test
  void hostThatWaitsToRecycle_worksOn_andStaysWhenTheSettingsAreAsBefore() throws Exception {
    settings("45s");
    try (HostProcess one = slow(0).start();
        HostProcess two = slow(1).start()) {
      one.awaitReady();
      two.awaitReady();
      settings("46s");
      HostProcess.awaitAnyway("one leaves", () -> !one.isAlive() || !two.isAlive());
      int gone = one.isAlive() ? 1 : 0;
      HostProcess left = gone == 0 ? one : two;
      HostProcess waits = gone == 0 ? two : one;
      assertEquals(86, left.exitCode(), left.output());
      waits.await("it waits", () -> waits.get("/explain").contains("is not ready again"));
      assertEquals(200, waits.status("/readyz"));

      settings("45s");
      waits.await("nothing to wait for", () -> !waits.get("/explain").contains("its turn"));
      try (HostProcess back = slow(gone).start()) {
        back.awaitReady();
        assertEquals(200, waits.status("/readyz"));
        assertTrue(waits.get("/explain").contains("ready"), waits.get("/explain"));
      }
    }
  }

  private HostProcess.Command slow(int n) {
    return HostProcess.of(Roles.Slow.class, folder)
        .set("rolehost.instance", "" + n)
        .set("rolehost.endpoints.http.port", "0")
        .option("-Dconfig.file=" + folder.resolve("shared.conf"));
  }

  private void settings(String grace) throws IOException {
    Path draft = folder.resolve("shared.new");
    Files.writeString(draft, "rolehost.readiness.max-age = " + grace + "\n");
    Files.move(draft, folder.resolve("shared.conf"), StandardCopyOption.REPLACE_EXISTING);
  }

  private Gap gapOf(int n) throws IOException {
    Instant from = Instant.MAX;
    Instant ready = Instant.MAX;
    for (String line :
        Files.readAllLines(folder.resolve("state/journal/test_IN_" + n + ".jsonl"))) {
      Config entry = ConfigFactory.parseString(line);
      Instant at = Instant.parse(entry.getString("at"));
      String next = entry.getString("to");
      if (entry.getInt("incarnation") == 1) {
        if (next.equals("DRAINING") || next.equals("STOPPING")) {
          from = at.isBefore(from) ? at : from;
        }
      } else if (next.equals("READY")) {
        ready = at.isBefore(ready) ? at : ready;
      }
    }
    return new Gap(from, ready);
  }
}
