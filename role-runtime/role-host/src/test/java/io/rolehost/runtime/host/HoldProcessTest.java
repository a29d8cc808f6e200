package io.rolehost.runtime.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.rolehost.api.Role;
import io.rolehost.freeze.FileSource;
import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A freeze with hold that covers several instances of one machine. */
final class HoldProcessTest {

  private static final int FLEET = 3;

  @TempDir Path folder;

  /** From the first word of a stop to the last, and when the next start was there to be held. */
  private record Stop(Instant from, Instant to, Instant back) {}

  @Test
  void aFleet_isHeldOneAfterTheOther() throws Exception {
    List<HostProcess> first = new ArrayList<>();
    List<HostProcess> second = new ArrayList<>();
    try (ExecutorService supervisors = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int n = 0; n < FLEET; n++) {
        first.add(slow(n).start());
      }
      first.forEach(HostProcess::awaitReady);
      freeze("*");
      List<Future<HostProcess>> restarted = new ArrayList<>();
      for (int n = 0; n < FLEET; n++) {
        restarted.add(supervisors.submit(restartAfter(first.get(n), slow(n))));
      }
      for (Future<HostProcess> host : restarted) {
        second.add(host.get());
      }
      second.forEach(host -> host.awaitState("HELD"));
      List<Stop> stops = new ArrayList<>();
      for (int n = 0; n < FLEET; n++) {
        stops.add(stopOf(n));
      }
      stops.sort(Comparator.comparing(Stop::from));
      for (int n = 1; n < FLEET; n++) {
        assertFalse(stops.get(n).from().isBefore(stops.get(n - 1).to()), stops::toString);
        assertFalse(stops.get(n).from().isBefore(stops.get(n - 1).back()), stops::toString);
      }
      second.forEach(host -> assertEquals(0, host.signal("TERM").exitCode()));
    } finally {
      first.forEach(HostProcess::close);
      second.forEach(HostProcess::close);
    }
  }

  @Test
  void whoWaitsForItsTurn_worksOn_andIsNextWhenTheOtherDies() throws Exception {
    HostProcess.Command stuck =
        instance(0, Roles.Stopping.class).set("test.stop", "hang").set("rolehost.stop.grace", "5m");
    try (HostProcess one = stuck.start();
        HostProcess two = instance(1, Roles.Plain.class).start()) {
      one.awaitReady();
      two.awaitReady();
      freeze("instance:test_IN_0");
      one.awaitEvent("onStop FREEZE_HOLD");

      freeze("instance:test_IN_1");
      two.await(
          "it waits", () -> two.get("/freeze").contains("\"waitsFor\":\"test_IN_0 (start #1)"));
      assertEquals(200, two.status("/readyz"));
      assertTrue(
          two.get("/explain").contains("its turn to be held: test_IN_0"), two.get("/explain"));

      unfreeze("instance:test_IN_1");
      two.await("nothing to wait for", () -> !two.get("/freeze").contains("waitsFor"));
      assertEquals(200, two.status("/readyz"));

      freeze("instance:test_IN_1");
      two.await("it waits again", () -> two.get("/freeze").contains("waitsFor"));
      assertEquals(137, one.signal("KILL").exitCode());
      try (HostProcess back = stuck.start().awaitState("HELD")) {
        assertEquals(86, two.exitCode(), two.output());
        assertEquals(0, back.signal("TERM").exitCode());
      }
    }
  }

  private HostProcess.Command instance(int n, Class<? extends Role> role) {
    return HostProcess.of(role, folder).set("rolehost.instance", "" + n);
  }

  private HostProcess.Command slow(int n) {
    return instance(n, Roles.Slow.class).set("rolehost.endpoints.http.port", "0");
  }

  private static Callable<HostProcess> restartAfter(HostProcess host, HostProcess.Command again) {
    return () -> {
      assertEquals(86, host.exitCode(), host.output());
      return again.start();
    };
  }

  private void freeze(String scope) throws IOException {
    try (FileSource file = new FileSource(folder.resolve("state/freeze.conf"))) {
      file.put(
          Freeze.of("id-" + scope, Scope.parse(scope), "anna", "bad release", Instant.now())
              .withHold(true));
    }
  }

  private void unfreeze(String scope) throws IOException {
    try (FileSource file = new FileSource(folder.resolve("state/freeze.conf"))) {
      var _ = file.removeIf(freeze -> freeze.scope().equals(Scope.parse(scope)), "anna");
    }
  }

  private Stop stopOf(int n) throws IOException {
    Instant from = Instant.MAX;
    Instant to = Instant.MIN;
    Instant back = Instant.MAX;
    for (String line :
        Files.readAllLines(folder.resolve("state/journal/test_IN_" + n + ".jsonl"))) {
      Config entry = ConfigFactory.parseString(line);
      Instant at = Instant.parse(entry.getString("at"));
      String next = entry.getString("to");
      if (entry.getInt("incarnation") == 2) {
        back = at.isBefore(back) ? at : back;
      } else if (next.equals("DRAINING") || next.equals("STOPPING")) {
        from = at.isBefore(from) ? at : from;
      } else if (entry.getString("type").equals("end")) {
        to = at;
      }
    }
    return new Stop(from, to, back);
  }
}
