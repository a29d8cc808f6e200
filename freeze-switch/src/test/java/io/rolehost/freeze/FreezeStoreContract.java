package io.rolehost.freeze;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What every source that can be written must do beyond {@link FreezeSourceContract}. */
public abstract class FreezeStoreContract extends FreezeSourceContract {

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

  /** For the classes that extend it. */
  protected FreezeStoreContract() {}

  /** Another source of the same place, as another process would have. */
  @Override
  protected abstract FreezeStore open() throws Exception;

  @Override
  protected void set(boolean frozen) throws Exception {
    try (FreezeStore other = open()) {
      if (frozen) {
        other.put(freeze("f1", "ops", "by the test"));
      } else {
        var _ = other.removeIf(_ -> true, "test");
      }
    }
  }

  @Test
  void put_allFields_comeBackAsTheyWere() throws Exception {
    Freeze freeze =
        Freeze.of("f1", new Scope.Role("web"), "ana", "it's \"bad\" \\ ü ☃; DROP TABLE", now)
            .withUntil(now.plusSeconds(3_600))
            .withHold(true)
            .withEvidence("https://example.org/T-1?a=b&c='d'")
            .withAuto(new Freeze.Auto("b1", ""));
    store().put(freeze);
    assertEquals(SourceAnswer.known(List.of(freeze)), source().answer());
    try (FreezeStore other = open()) {
      assertEquals(SourceAnswer.known(List.of(freeze)), other.answer());
    }
  }

  @Test
  void put_sameScopeAndOwner_replaces() throws Exception {
    store().put(freeze("f1", "ana", "first"));
    store().put(freeze("f2", "ben", "other"));
    store().put(freeze("f3", "ana", "second"));
    assertEquals(Set.of("f2", "f3"), ids(source().answer()));
  }

  @Test
  void put_sameId_replaces() throws Exception {
    store().put(freeze("f1", "ana", "first"));
    store().put(freeze("f1", "ben", "second"));
    assertEquals(List.of(freeze("f1", "ben", "second")), source().answer().freezes());
  }

  @Test
  void removeIf_some_returnsThemAndKeepsTheOthers() throws Exception {
    store().put(freeze("f1", "ana", "one"));
    store().put(freeze("f2", "ben", "two"));
    assertEquals(
        List.of(freeze("f1", "ana", "one")), store().removeIf(f -> f.owner().equals("ana"), "bob"));
    assertEquals(Set.of("f2"), ids(source().answer()));
    assertEquals(List.of(), store().removeIf(f -> f.owner().equals("ana"), "bob"));
  }

  @Test
  void change_endedADayAgo_isForgotten() throws Exception {
    store().put(freeze("old", "ana", "long over").withUntil(now.minus(2, ChronoUnit.DAYS)));
    store().put(freeze("ended", "ben", "just over").withUntil(now.minusSeconds(1)));
    assertEquals(Set.of("ended"), ids(source().answer()));
  }

  @Test
  void put_manyWriters_loseNothing() throws Exception {
    int writers = 4;
    int each = 5;
    List<Future<?>> ends = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(writers)) {
      for (int w = 0; w < writers; w++) {
        String writer = "writer-" + w;
        ends.add(
            pool.submit(() -> {
              try (FreezeStore store = open()) {
                for (int n = 0; n < each; n++) {
                  store.put(freeze(writer + "-" + n, writer + "-" + n, "mine"));
                }
              }
              return null;
            }));
      }
    }
    for (Future<?> end : ends) {
      var _ = end.get();
    }
    assertEquals(writers * each, ids(source().answer()).size());
  }

  @Test
  void put_placeIsBroken_saysSoAndKeepsWhatIsKnown() throws Exception {
    set(true);
    List<Freeze> before = source().answer().freezes();
    breakPlace();
    IOException said =
        assertThrows(IOException.class, () -> store().put(freeze("f9", "ana", "lost")));
    assertEquals("Nothing was stored", String.valueOf(said.getMessage()).substring(0, 18));
    assertEquals(before, source().answer().freezes());
    repairPlace();
  }

  private FreezeStore store() {
    return (FreezeStore) source();
  }

  private Freeze freeze(String id, String owner, String reason) {
    return Freeze.of(id, new Scope.All(), owner, reason, now);
  }

  private static Set<String> ids(SourceAnswer answer) {
    return answer.freezes().stream().map(Freeze::id).collect(Collectors.toSet());
  }
}
