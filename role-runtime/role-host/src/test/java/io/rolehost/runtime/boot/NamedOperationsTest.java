package io.rolehost.runtime.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Operations;
import io.rolehost.runtime.management.Managed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class NamedOperationsTest {

  private final List<Throwable> thrown = new ArrayList<>();
  private final NamedOperations operations = new NamedOperations(System::nanoTime, thrown::add);

  /** Shows what a supplier gives, and repeats what it is asked. */
  private record Echo(Supplier<Map<String, Object>> facts) implements Operations {
    @Override
    public Map<String, Object> summary() {
      return facts.get();
    }

    @Override
    public Answer look(Map<String, String> query) {
      return new Answer(200, Map.copyOf(query));
    }

    @Override
    public Answer act(String verb, Map<String, String> parameters, String by) {
      if (verb.equals("fail")) {
        throw new IllegalStateException("no broker");
      }
      return verb.equals("refuse")
          ? new Answer(409, Map.of("detail", "not while it runs"))
          : new Answer(202, Map.of("verb", verb, "by", by));
    }
  }

  @Test
  void summary_ofEach_standsUnderItsName() {
    operations.add("jobs", new Echo(() -> Map.of("queued", 3)));
    operations.add("index-2", new Echo(() -> Map.of("age", 4)));
    assertEquals(
        Map.of("jobs", Map.of("queued", 3), "index-2", Map.of("age", 4)), operations.summaries());
  }

  @Test
  void summary_thatThrowsOrContainsItself_saysSoAndLeavesTheOthers() {
    Map<String, Object> endless = new HashMap<>();
    endless.put("again", endless);
    operations.add(
        "broken",
        new Echo(() -> {
          throw new IllegalStateException("no broker");
        }));
    operations.add("endless", new Echo(() -> endless));
    operations.add("well", new Echo(() -> Map.of("queued", 3)));
    Map<String, Object> all = operations.summaries();
    assertEquals(
        Map.of("problem", "the summary failed: java.lang.IllegalStateException: no broker"),
        all.get("broken"));
    assertTrue(String.valueOf(all.get("endless")).contains("nested deeper"), all.toString());
    assertEquals(Map.of("queued", 3), all.get("well"));
  }

  @Test
  void summary_thatHangs_isToldByItsLastValues() {
    CountDownLatch hang = new CountDownLatch(1);
    List<Integer> calls = new ArrayList<>();
    operations.add(
        "slow",
        new Echo(() -> {
          calls.add(1);
          if (calls.size() > 1) {
            awaitQuietly(hang);
          }
          return Map.of("call", calls.size());
        }));
    assertEquals(Map.of("slow", Map.of("call", 1)), operations.summaries());
    Map<String, Object> stale =
        Map.of("call", 1, "problem", "the summary did not come in 250 ms; these are older values");
    assertEquals(Map.of("slow", stale), operations.summaries());
    assertEquals(Map.of("slow", stale), operations.summaries());
    assertEquals(2, calls.size());
    hang.countDown();
  }

  @Test
  void answers_ofTheRole_arePassedOn() {
    operations.add("jobs", new Echo(Map::of));
    assertEquals(
        new Managed.Answer(200, Map.of("queue", "a")),
        operations.look("jobs", Map.of("queue", "a")));
    assertEquals(
        new Managed.Answer(202, Map.of("verb", "redrive", "by", "anna")),
        operations.act("jobs", "redrive", Map.of(), "anna"));
    assertEquals(
        "not while it runs",
        operations.act("jobs", "refuse", Map.of(), "anna").body().get("detail"));
    assertEquals(500, operations.act("jobs", "fail", Map.of(), "anna").status());
    assertEquals(1, thrown.size());
  }

  @Test
  void name_unknown_namesThoseThatExist() {
    operations.add("jobs", new Echo(Map::of));
    Managed.Answer answer = operations.look("job", Map.of());
    assertEquals(404, answer.status());
    assertEquals(
        "There are no operations named \"job\"; there are [jobs].", answer.body().get("detail"));
  }

  @Test
  void name_takenOrNoWord_isRefused() {
    operations.add("jobs", new Echo(Map::of));
    for (String wrong : new String[] {"jobs", "Jobs", "", "a/b", "1", "a".repeat(51)}) {
      assertThrows(
          IllegalArgumentException.class, () -> operations.add(wrong, new Echo(Map::of)), wrong);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
