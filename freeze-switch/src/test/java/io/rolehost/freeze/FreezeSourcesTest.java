package io.rolehost.freeze;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.typesafe.config.ConfigFactory;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FreezeSourcesTest {

  private static final Instant NOON = Instant.parse("2030-01-31T12:00:00Z");

  @Test
  void configured_noBlockThatSetsAnything_isNone() {
    for (String text :
        List.of("", "rolehost.freeze { enabled = true, auto.for = 1m, x.y = null }")) {
      assertEquals(List.of(), FreezeSources.configured(ConfigFactory.parseString(text)), text);
    }
  }

  @Test
  void configured_nobodyProvidesIt_isRefused() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                FreezeSources.configured(
                    ConfigFactory.parseString("rolehost.freeze.etcd.url = \"http://e\"")));
    assertEquals(
        "rolehost.freeze.etcd is set, but no jar on the class path provides a freeze source of"
            + " that name. Add the jar (for postgres io.rolehost:freeze-switch-postgres), or remove"
            + " the block",
        refused.getMessage());
  }

  @Test
  void failed_again_staysStaleSinceTheFirst() {
    SourceAnswer known =
        SourceAnswer.known(List.of(Freeze.of("f", new Scope.All(), "ana", "why", NOON)));
    assertEquals(
        new SourceAnswer(known.freezes(), new SourceAnswer.Knowledge.Stale(NOON, "worse")),
        known.failed(NOON, "bad").failed(NOON.plusSeconds(9), "worse"));
    SourceAnswer never = new SourceAnswer(List.of(), new SourceAnswer.Knowledge.Unknown("not yet"));
    assertEquals(
        new SourceAnswer(List.of(), new SourceAnswer.Knowledge.Unknown("bad")),
        never.failed(NOON, "bad"));
  }
}
