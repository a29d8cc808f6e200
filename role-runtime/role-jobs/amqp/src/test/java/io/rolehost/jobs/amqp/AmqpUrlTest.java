package io.rolehost.jobs.amqp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AmqpUrlTest {

  private static final Duration LOST_AFTER = Duration.ofSeconds(20);

  private static List<URI> of(String url) {
    return AmqpUrl.addresses(url, LOST_AFTER);
  }

  @Test
  void one_takesOurSettings_unlessItSaysOtherwise() {
    String query = of("amqp://a:1?transport.connectTimeout=9").getFirst().getQuery();
    assertTrue(query.contains("jms.prefetchPolicy.all=0"), query);
    assertTrue(query.contains("amqp.idleTimeout=20000"), query);
    assertTrue(query.contains("transport.useEpoll=false"), query);
    assertTrue(query.contains("transport.connectTimeout=9"), query);
    assertFalse(query.contains("transport.connectTimeout=3000"), query);
  }

  @Test
  void list_keepsItsOrder_andSharesWhatStandsBehindTheBracket() {
    List<URI> both = of("(amqps://a,amqps://b:2?transport.verifyHost=false)?transport.keyAlias=k");
    assertEquals(List.of("a", "b:2"), both.stream().map(URI::getAuthority).toList());
    assertTrue(both.getFirst().getQuery().endsWith("transport.keyAlias=k"));
    assertTrue(both.getLast().getQuery().contains("transport.keyAlias=k"));
    assertTrue(both.getLast().getQuery().endsWith("transport.verifyHost=false"));
    assertEquals(2, of("amqp://a:1, amqp://b:1").size());
  }

  @Test
  void wrong_isToldWithoutSecrets() {
    for (String url :
        List.of(
            "amqp://me:secret@a", "http://a?x=secret", "amqp:a", "(amqp://a,http://b)?c=secret")) {
      String message =
          String.valueOf(assertThrows(IllegalArgumentException.class, () -> of(url)).getMessage());
      assertTrue(message.contains("AMQP"), message);
      assertFalse(message.contains("secret"), message);
    }
  }
}
