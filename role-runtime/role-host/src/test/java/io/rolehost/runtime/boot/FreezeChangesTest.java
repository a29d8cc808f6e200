package io.rolehost.runtime.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.Scope;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FreezeChangesTest {

  private static final Freeze ANNAS = freeze("f1", "anna");
  private static final Freeze BOBS = freeze("f2", "bob");

  @Test
  void freezes_thatComeAndGo_areEachToldOnce() {
    assertEquals(changes(List.of(ANNAS), List.of()), between(List.of(), List.of(ANNAS)));
    assertEquals(changes(List.of(BOBS), List.of()), between(List.of(ANNAS), List.of(ANNAS, BOBS)));
    assertEquals(changes(List.of(), List.of(ANNAS)), between(List.of(ANNAS, BOBS), List.of(BOBS)));
    assertEquals(changes(List.of(BOBS), List.of(ANNAS)), between(List.of(ANNAS), List.of(BOBS)));
    assertEquals(changes(List.of(), List.of()), between(List.of(ANNAS), List.of(ANNAS)));
  }

  @Test
  void freeze_thatIsSetAgain_hasNotEnded() {
    Freeze again = freeze("f3", "anna").withHold(true);

    assertEquals(changes(List.of(again), List.of()), between(List.of(ANNAS), List.of(again)));
  }

  private static FreezeChanges between(List<Freeze> before, List<Freeze> now) {
    return FreezeChanges.between(before, now);
  }

  private static FreezeChanges changes(List<Freeze> begun, List<Freeze> ended) {
    return new FreezeChanges(begun, ended);
  }

  private static Freeze freeze(String id, String owner) {
    return Freeze.of(id, new Scope.All(), owner, "incident 7", Instant.EPOCH);
  }
}
