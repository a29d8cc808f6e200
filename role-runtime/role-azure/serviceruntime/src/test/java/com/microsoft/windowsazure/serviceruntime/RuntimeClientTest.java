package com.microsoft.windowsazure.serviceruntime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client, with a runtime in memory. */
@Timeout(60)
final class RuntimeClientTest {
  private static final String NEVER = "9999-12-31T23:59:59.9999999Z";

  private final FakeRuntime runtime = new FakeRuntime();
  private final RuntimeClient client = runtime.client();
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  private static String names(Collection<RoleEnvironmentChange> changes) {
    return changes.stream()
        .map(change ->
            change instanceof RoleEnvironmentTopologyChange topology
                ? "role " + topology.getRoleName()
                : "setting "
                    + ((RoleEnvironmentConfigurationSettingChange) change)
                        .getConfigurationSettingName())
        .collect(Collectors.joining(", "));
  }

  private void listen() {
    client.changing.add(event ->
        heard.add("changing " + names(event.getChanges()) + " " + client.environment().settings));
    client.changed.add(event ->
        heard.add("changed " + names(event.getChanges()) + " " + client.environment().settings));
    client.stopping.add(() -> heard.add("stopping"));
  }

  private String next() throws InterruptedException {
    return String.valueOf(heard.poll(30, TimeUnit.SECONDS));
  }

  private static Instant inAnHour() {
    return Instant.now().plusSeconds(3_600);
  }

  @Test
  void change_ofASetting_isTwoEvents_withOldValuesBeforeAndNewOnesAfter() throws Exception {
    runtime.start(1, Map.of("A", "1", "B", "1"));
    assertEquals(Map.of("A", "1", "B", "1"), client.environment().settings);
    listen();
    runtime.start(2, Map.of("A", "2", "C", "1"));
    assertEquals("changing setting A, setting B, setting C {A=1, B=1}", next());
    assertEquals("changed setting A, setting B, setting C {A=2, C=1}", next());
    assertTrue(runtime.said.isEmpty()); // no status is held, so none is renewed
  }

  @Test
  void change_withoutADifference_isNoEvent_andNorIsAnOldIncarnation() throws Exception {
    runtime.start(5, Map.of("A", "1"));
    assertEquals(Map.of("A", "1"), client.environment().settings);
    listen();
    runtime.start(6, Map.of("A", "1"));
    client.setStatus("Started", inAnHour());
    assertTrue(runtime.nextSaid().startsWith("Started at "));
    runtime.start(4, Map.of("A", "0"));
    runtime.start(7, Map.of("A", "2"));
    assertEquals("changing setting A {A=1}", next());
    assertEquals("changed setting A {A=2}", next());
  }

  @Test
  void change_whileGettersAreCalled_isNotLost() throws Exception {
    runtime.start(1, Map.of("A", "0"));
    client.requireRuntime();
    listen();
    Thread getter =
        new Thread(() -> {
          while (!Thread.currentThread().isInterrupted()) {
            client.requireRuntime();
          }
        });
    getter.start();
    for (int i = 1; i <= 20; i++) {
      runtime.start(1 + i, Map.of("A", "" + i));
      assertEquals("changing setting A {A=" + (i - 1) + "}", next());
      assertEquals("changed setting A {A=" + i + "}", next());
    }
    getter.interrupt();
  }

  @Test
  void change_thatIsCancelled_isARecycle_andTheOldValuesStay() throws Exception {
    runtime.start(1, Map.of("A", "1"));
    client.requireRuntime();
    listen();
    client.changing.add(event -> event.cancel());
    runtime.start(2, Map.of("A", "2"));
    assertEquals("changing setting A {A=1}", next());
    assertEquals("Recycle at 2 until " + NEVER, runtime.nextSaid());
    runtime.start(3, Map.of("A", "3"));
    runtime.stop(4);
    assertEquals("stopping", next()); // and no event of the third
    assertEquals("Stopped at 4 until " + NEVER, runtime.nextSaid());
    assertEquals(Map.of("A", "1"), client.environment().settings);
  }

  @Test
  void change_thatIsAccepted_renewsTheStatusThatIsHeld() throws Exception {
    runtime.start(1, Map.of("A", "1"));
    Instant until = inAnHour();
    client.setStatus("Busy", until);
    String end = " until " + until;
    assertEquals("Busy at 1" + end, runtime.nextSaid());
    listen();
    runtime.start(2, Map.of("A", "2"));
    assertEquals("changing setting A {A=1}", next());
    assertEquals("Busy at 2" + end, runtime.nextSaid());
    assertEquals("changed setting A {A=2}", next());
    client.clearStatus();
    assertEquals("Release", runtime.nextSaid());
    runtime.start(3, Map.of("A", "3"));
    assertEquals("changing setting A {A=2}", next());
    assertEquals("changed setting A {A=3}", next());
    assertTrue(runtime.said.isEmpty());
  }

  @Test
  void status_ready_isNoError() throws Exception {
    runtime.start(1, Map.of());
    client.setStatus("Started", Instant.MAX);
    assertEquals("Started at 1 until " + NEVER, runtime.nextSaid());
  }

  @Test
  void recycle_isAskedForAtTheIncarnationThatIsKnown() throws Exception {
    runtime.start(3, Map.of());
    client.requestRecycle();
    assertEquals("Recycle at 3 until " + NEVER, runtime.nextSaid());
  }

  @Test
  void stop_toldTwice_isOneEvent_afterWhichItSaysSo() throws Exception {
    runtime.start(1, Map.of());
    client.requireRuntime();
    listen();
    runtime.stop(2);
    runtime.stop(2);
    assertEquals("stopping", next());
    assertEquals("Stopped at 2 until " + NEVER, runtime.nextSaid());
    client.clearStatus();
    assertEquals("Release", runtime.nextSaid());
    assertTrue(heard.isEmpty());
  }

  @Test
  void listener_thatThrows_isToldToTheThreadsHandler_andTheOthersAreCalled() throws Exception {
    runtime.start(1, Map.of("A", "1"));
    client.requireRuntime();
    AtomicReference<Throwable> seen = new AtomicReference<>();
    CountDownLatch told = new CountDownLatch(2);
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, problem) -> {
      seen.set(problem);
      told.countDown();
      throw new IllegalStateException("the handler's own");
    });
    try {
      client.changing.add(_ -> {
        throw new AssertionError("broken");
      });
      listen();
      runtime.start(2, Map.of("A", "2"));
      assertEquals("changing setting A {A=1}", next());
      assertEquals("changed setting A {A=2}", next());
      runtime.start(3, Map.of("A", "3"));
      assertEquals("changing setting A {A=2}", next());
      assertEquals("changed setting A {A=3}", next());
      assertTrue(told.await(30, TimeUnit.SECONDS));
      assertEquals("broken", seen.get().getMessage());
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  @Test
  void listeners_thatComeAndGoDuringEvents_disturbNobody() throws Exception {
    runtime.start(1, Map.of("A", "0"));
    client.requireRuntime();
    RoleEnvironmentChangingListener guest = _ -> {};
    client.changing.add(_ -> client.changing.add(guest));
    client.changing.add(_ -> client.changing.remove(guest));
    listen();
    Thread churn =
        new Thread(() -> {
          while (!Thread.currentThread().isInterrupted()) {
            client.changing.add(guest);
            client.changing.remove(guest);
          }
        });
    churn.start();
    for (int i = 1; i <= 50; i++) {
      runtime.start(1 + i, Map.of("A", "" + i));
      assertEquals("changing setting A {A=" + (i - 1) + "}", next());
      assertEquals("changed setting A {A=" + i + "}", next());
    }
    churn.interrupt();
  }

  @Test
  void stream_thatEnds_isOpenedAgain_andTheStatusIsSaidAgain() throws Exception {
    runtime.start(1, Map.of("A", "1"));
    Instant until = inAnHour();
    client.setStatus("Busy", until);
    assertEquals("Busy at 1 until " + until, runtime.nextSaid());
    listen();
    runtime.breakOff();
    assertEquals("Busy at 1 until " + until, runtime.nextSaid());
    runtime.start(2, Map.of("A", "2"));
    assertEquals("changing setting A {A=1}", next());
    assertEquals("changed setting A {A=2}", next());
  }

  @Test
  void runtime_thatIsNotThere_isSaidAtOnce_andIsFoundWhenItComes() throws Exception {
    runtime.isThere(false);
    RoleEnvironmentNotAvailableException none =
        assertThrows(RoleEnvironmentNotAvailableException.class, client::environment);
    assertEquals("/runtime (No such file or directory)", none.getMessage());
    runtime.start(1, Map.of("A", "1"));
    runtime.isThere(true);
    boolean found = false;
    for (int i = 0; i < 6_000 && !found; i++) {
      try {
        found = client.environment().settings.equals(Map.of("A", "1"));
      } catch (RoleEnvironmentNotAvailableException e) {
        TimeUnit.MILLISECONDS.sleep(5); // it asks again at its own pace
      }
    }
    assertTrue(found);
  }

  @Test
  void runtime_whoseDiscoveryWasReadByAnother_isAskedAgain() throws Exception {
    runtime.start(1, Map.of("A", "1"));
    runtime.emptyDiscoveries(3);
    assertEquals(Map.of("A", "1"), client.environment().settings);
  }

  @Test
  void runtime_thatNeverAnswers_isGivenUpAfterAWhile_andFailsAtOnceThen() {
    RuntimeClient patient = new RuntimeClient(FakeRuntime.ENDPOINT, runtime, 200);
    RoleEnvironmentNotAvailableException none =
        assertThrows(RoleEnvironmentNotAvailableException.class, patient::environment);
    assertEquals("/runtime did not answer within 200 ms", none.getMessage());
    assertThrows(RoleEnvironmentNotAvailableException.class, patient::environment);
  }

  @Test
  @SuppressWarnings("JavaUtilDate") // so is the library
  void facade_outsideOfARuntime_isNotAvailable_andSaysWhatToDo() {
    assertFalse(RoleEnvironment.isAvailable());
    assertTrue(
        assertThrows(RoleEnvironmentNotAvailableException.class, RoleEnvironment::getDeploymentId)
            .getMessage()
            .contains("azure-runtime = true"));
    assertThrows(
        RoleEnvironmentNotAvailableException.class,
        () -> RoleEnvironment.setStatus(RoleInstanceStatus.Ready, new Date(0)));
    RoleEnvironment.removeRoleEnvironmentStoppingListener(() -> {});
    for (RoleInstanceStatus status : List.of(RoleInstanceStatus.values())) {
      assertEquals(status, RoleInstanceStatus.valueOf(status.name()));
    }
  }
}
