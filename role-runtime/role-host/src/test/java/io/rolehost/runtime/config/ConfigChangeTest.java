package io.rolehost.runtime.config;

import static io.rolehost.api.ConfigChangingListener.Answer.APPLY;
import static io.rolehost.api.ConfigChangingListener.Answer.RECYCLE;
import static io.rolehost.api.ConfigChangingListener.Answer.REJECT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import io.rolehost.api.ConfigChange;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConfigChangeTest {

  @Test
  void diff_addedGoneAndOther_areSortedByPath() {
    assertEquals(
        List.of(
            new ConfigChange.Key("gone", "1", null),
            new ConfigChange.Key("list", "[1,2]", "[1,3]"),
            new ConfigChange.Key("photos.added", null, "\"x\""),
            new ConfigChange.Key("photos.width", "320", "640")),
        diff(
                "gone = 1, list = [1, 2], photos { width = 320, same = 8080 }",
                "list = [1, 3], photos { width = 640, same = \"8080\", added = x, nothing = null }")
            .keys());
  }

  @Test
  void diff_ofSecrets_hidesThemAlsoInListsAndAddresses() {
    assertEquals(
        List.of(
            new ConfigChange.Key("db.api-key", null, "***"),
            new ConfigChange.Key("db.password", "***", "***"),
            new ConfigChange.Key(
                "db.url", "\"jdbc:x://me:***@host/db\"", "\"jdbc:x://me:***@other/db\""),
            new ConfigChange.Key("token-file", "\"a\"", "\"b\""),
            new ConfigChange.Key(
                "users", "[{\"name\":\"a\",\"secret\":***}]", "[{\"name\":\"b\",\"secret\":***}]")),
        diff(
                """
                token-file = a
                db { password = old, url = "jdbc:x://me:pass@host/db" }
                users = [{ name = a, secret = s }]\
                """,
                """
                token-file = b
                db { password = new, api-key = k, url = "jdbc:x://me:pass@other/db" }
                users = [{ secret = s, name = b }]\
                """)
            .keys());
  }

  @Test
  void votes_strictestAnswer_wins() {
    ConfigChange users = diff("a = 1", "a = 2");
    assertEquals(APPLY, ConfigVotes.decide(users, List.of()));
    assertEquals(RECYCLE, ConfigVotes.decide(users, List.of(APPLY, RECYCLE)));
    assertEquals(REJECT, ConfigVotes.decide(users, List.of(REJECT, APPLY, RECYCLE)));
    assertTrue(ConfigVotes.concernsListeners(users));
  }

  @Test
  void votes_keyOfTheHost_recyclesUnlessItIsTheFreeze() {
    ConfigChange host = diff("rolehost.uncaught = end", "rolehost.uncaught = log");
    assertEquals(RECYCLE, ConfigVotes.decide(host, List.of(APPLY)));
    assertEquals(REJECT, ConfigVotes.decide(host, List.of(REJECT)));
    ConfigChange freeze = diff("", "rolehost.freeze { enabled = true, auto.for = 1m }");
    assertEquals(APPLY, ConfigVotes.decide(freeze, List.of()));
    assertFalse(ConfigVotes.concernsListeners(freeze));
    assertEquals(APPLY, ConfigVotes.decide(diff("", "rolehosting = 1"), List.of()));
  }

  private static ConfigChange diff(String before, String after) {
    return ConfigDiff.between(ConfigFactory.parseString(before), ConfigFactory.parseString(after));
  }
}
