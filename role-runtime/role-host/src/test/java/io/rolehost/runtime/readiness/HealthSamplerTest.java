package io.rolehost.runtime.readiness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.health.HealthCheckRegistry;
import io.rolehost.api.HealthCheck.Result;
import io.rolehost.api.HealthImpact;
import io.rolehost.runtime.readiness.ReadinessFacts.CheckFact;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class HealthSamplerTest {

  private static final Duration ONCE = Duration.ofDays(1);
  private static final Duration OFTEN = Duration.ofMillis(1);
  private static final Duration LONG = Duration.ofSeconds(30);

  private final AtomicLong nanos = new AtomicLong(1);
  private final BlockingQueue<CheckFact> changed = new LinkedBlockingQueue<>();

  @Test
  void facts_checksThatAnswerOrThrow_sayWhatTheySaid() throws InterruptedException {
    try (HealthSampler sampler = sampler(ONCE, LONG)) {
      sampler.add("db", Result::ok, HealthImpact.GATES_READINESS);
      assertEquals(new CheckFact("db", true, true, true, ""), changed.take());
      sampler.add("mail", () -> Result.unhealthy("queue\nfull"), HealthImpact.REPORTS);
      assertEquals(new CheckFact("mail", false, true, false, "queue full"), changed.take());
      sampler.add(
          "disk",
          () -> {
            throw new IOException("no space");
          },
          HealthImpact.GATES_READINESS);
      assertEquals(new CheckFact("disk", true, true, false, "no space"), changed.take());
      sampler.add(
          "bug",
          () -> {
            throw new LinkageError();
          },
          HealthImpact.REPORTS);
      assertEquals(
          new CheckFact("bug", false, true, false, "java.lang.LinkageError"), changed.take());
      assertEquals(
          List.of("db", "mail", "disk", "bug"),
          sampler.facts().stream().map(CheckFact::name).toList());
    }
  }

  @Test
  void check_thatHangs_isDownAndNotCalledTwiceAtOnce() throws InterruptedException {
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch release = new CountDownLatch(1);
    try (HealthSampler sampler = sampler(OFTEN, Duration.ofMillis(10))) {
      sampler.add(
          "db",
          () -> {
            int _ = calls.incrementAndGet();
            awaitStubbornly(release);
            return Result.ok();
          },
          HealthImpact.GATES_READINESS);
      CheckFact down = changed.take();
      assertEquals(
          new CheckFact("db", true, true, false, "no answer for 0 ms, the limit is 10 ms"), down);
      assertEquals(1, calls.get());
      release.countDown();
      assertEquals(new CheckFact("db", true, true, true, ""), changed.take());
      assertTrue(calls.get() >= 2, "up again takes two answers");
    }
  }

  @Test
  void check_oneBadAnswerAmongGood_staysUp() throws InterruptedException {
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch ten = new CountDownLatch(10);
    try (HealthSampler sampler = sampler(OFTEN, LONG)) {
      sampler.add(
          "db",
          () -> {
            ten.countDown();
            return calls.incrementAndGet() == 3 ? Result.unhealthy("blip") : Result.ok();
          },
          HealthImpact.GATES_READINESS);
      ten.await();
      assertEquals(new CheckFact("db", true, true, true, ""), changed.take());
      assertEquals(List.of(), List.copyOf(changed));
    }
  }

  @Test
  void oldestGatingSampleAge_ofSeveral_isThatOfTheOldestGating() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    try (HealthSampler sampler = sampler(ONCE, LONG)) {
      assertEquals(Duration.ZERO, sampler.oldestGatingSampleAge());
      sampler.add("mail", Result::ok, HealthImpact.REPORTS);
      CheckFact _ = changed.take();
      nanos.addAndGet(100);
      assertEquals(Duration.ZERO, sampler.oldestGatingSampleAge());
      sampler.add("db", Result::ok, HealthImpact.GATES_READINESS);
      CheckFact _ = changed.take();
      nanos.addAndGet(20);
      sampler.add("queue", Result::ok, HealthImpact.GATES_READINESS);
      CheckFact _ = changed.take();
      sampler.add(
          "slow",
          () -> {
            never.await();
            return Result.ok();
          },
          HealthImpact.GATES_READINESS);
      nanos.addAndGet(3);
      assertEquals(Duration.ofNanos(23), sampler.oldestGatingSampleAge());
      assertEquals(new CheckFact("slow", true, false, false, ""), sampler.facts().getLast());
    }
  }

  @Test
  void add_nameThatIsTaken_isRefused() {
    try (HealthSampler sampler = sampler(ONCE, LONG)) {
      sampler.add("db", Result::ok, HealthImpact.REPORTS);
      assertEquals(
          "There is a health check 'db' already. Give each its own name.",
          assertThrows(
                  IllegalArgumentException.class,
                  () -> sampler.add("db", Result::ok, HealthImpact.GATES_READINESS))
              .getMessage());
    }
  }

  @Test
  void close_duringACall_interruptsItAndAsksNoMore() throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    HealthSampler sampler = sampler(OFTEN, LONG);
    sampler.add(
        "db",
        () -> {
          entered.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
          }
          return Result.ok();
        },
        HealthImpact.GATES_READINESS);
    entered.await();
    sampler.close();
    assertTrue(interrupted.await(30, TimeUnit.SECONDS));
    sampler.add("late", Result::ok, HealthImpact.REPORTS);
    assertEquals(new CheckFact("late", false, false, false, ""), sampler.facts().getLast());
    assertEquals(List.of(), List.copyOf(changed));
  }

  @Test
  void dropwizardRegistry_ofTheSampler_readsTheCachedSample() throws InterruptedException {
    AtomicInteger calls = new AtomicInteger();
    HealthCheckRegistry registry = new HealthCheckRegistry();
    try (HealthSampler sampler = sampler(ONCE, LONG)) {
      sampler.add(
          "db",
          () -> {
            int _ = calls.incrementAndGet();
            return Result.unhealthy("refused");
          },
          HealthImpact.GATES_READINESS);
      CheckFact _ = changed.take();
      DropwizardChecks.register(sampler, registry);
      sampler.add("mail", Result::ok, HealthImpact.REPORTS);
      CheckFact _ = changed.take();
      DropwizardChecks.register(sampler, registry);
      assertEquals(Set.of("db", "mail"), registry.getNames());
      assertEquals("refused", registry.runHealthCheck("db").getMessage());
      assertTrue(registry.runHealthCheck("mail").isHealthy());
      assertEquals(1, calls.get());
    } finally {
      registry.shutdown();
    }
  }

  private HealthSampler sampler(Duration every, Duration timeout) {
    return new HealthSampler(nanos::get, every, timeout, changed::add);
  }

  /** Waits like code that ignores interrupts. */
  private static void awaitStubbornly(CountDownLatch latch) {
    boolean released = false;
    while (!released) {
      try {
        latch.await();
        released = true;
      } catch (InterruptedException e) {
        // Ignored on purpose: this is the check that an interrupt does not end.
      }
    }
  }
}
