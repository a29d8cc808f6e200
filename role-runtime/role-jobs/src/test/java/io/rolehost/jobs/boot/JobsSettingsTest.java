package io.rolehost.jobs.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.rolehost.api.PermanentFailureException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is documented is what is read. */
final class JobsSettingsTest {

  private static final Path STATE = Path.of("state");
  private static final Config REFERENCE = ConfigFactory.parseResources("reference.conf");

  private static JobsSettings read(String text) {
    return JobsSettings.of(
        ConfigFactory.parseString(text).withFallback(REFERENCE).resolve(), STATE, 1L << 30);
  }

  @Test
  void referenceConf_itsKeys_areTheOnesThatAreRead() {
    Set<String> documented = new TreeSet<>();
    collect("", REFERENCE.getObject(JobsSettings.ROOT), documented);
    assertEquals(new TreeSet<>(JobsSettings.KEYS), documented);
  }

  private static void collect(String path, ConfigObject object, Set<String> keys) {
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      if (entry.getValue() instanceof ConfigObject below) {
        collect(path + entry.getKey() + ".", below, keys);
      } else {
        keys.add(path + entry.getKey());
      }
    }
  }

  @Test
  void defaults_withoutTheReference_areTheSame() {
    assertEquals(read(""), JobsSettings.of(ConfigFactory.empty(), STATE, 1L << 30));
  }

  @Test
  void embedded_bareOn_isOn() {
    assertEquals(
        JobsSettings.Embedded.ON, read("rolehost.jobs.broker.embedded = on").broker().embedded());
  }

  @Test
  void problems_several_areAllTold() {
    String message =
        String.valueOf(
            assertThrows(
                    PermanentFailureException.class,
                    () ->
                        read(
                            "rolehost.jobs { on-frezze = work, send.timeout = soon,"
                                + " broker.port = 70000, on-freeze = stop }"))
                .getMessage());
    for (String expected : Set.of("on-frezze", "send.timeout", "70000", "[work, pause]")) {
      assertTrue(message.contains(expected), message);
    }
  }

  @Test
  void password_isNeverShown() {
    String shown = read("rolehost.jobs.broker { user = u, password = hush }").toString();
    assertTrue(!shown.contains("hush"), shown);
    String inUrls =
        read("""
        rolehost.jobs {
          ledger.url = "jdbc:postgresql://db:5432/jobs?user=u&password=hush"
          broker.url = "tcp://u:hush@broker:61616?password=hush"
        }
        """)
            .toString();
    assertTrue(!inUrls.contains("hush"), inUrls);
    assertTrue(inUrls.contains("jdbc:postgresql://db:5432/jobs"), inUrls);
    assertTrue(inUrls.contains("tcp://broker:61616"), inUrls);
  }
}
