package io.rolehost.jobs.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CallbackRuleTest {

  private final CallbackRule rule = new CallbackRule(List.of("Hooks.local", "*.example.com"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://hooks.local:8080/a",
        "https://a.example.com/x?y",
        "https://A.B.EXAMPLE.com"
      })
  void url_ofAHostInTheList_isTaken(String url) {
    assertEquals(url, rule.check(url).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com/",
        "https://example.com.evil.org/",
        "https://a.example.com@evil.org/",
        "https://user@a.example.com/",
        "file:///etc/passwd",
        "//a.example.com/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "no url"
      })
  void url_ofAnyOther_isRefused(String url) {
    assertThrows(IllegalArgumentException.class, () -> rule.check(url));
  }

  @Test
  void list_empty_refusesAll() {
    var refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> new CallbackRule(List.of()).check("https://example.com/"));
    assertTrue(String.valueOf(refused.getMessage()).contains("rolehost.jobs.http.callback-hosts"));
  }

  @ParameterizedTest
  @CsvSource({
    "8.8.8.8, true",
    "2001:4860:4860::8888, true",
    "127.0.0.1, false",
    "::1, false",
    "0.0.0.0, false",
    "0.1.2.3, false",
    "10.1.2.3, false",
    "172.16.0.1, false",
    "192.168.1.1, false",
    "169.254.169.254, false",
    "100.64.0.1, false",
    "224.0.0.1, false",
    "fe80::1, false",
    "fd00::1, false",
    "::ffff:127.0.0.1, false",
    "64:ff9b::7f00:1, false",
    "2002:7f00:1::, false",
  })
  void address_ofOurOwnMachinesOrNetworks_isNotPublic(String address, boolean expected)
      throws Exception {
    assertEquals(expected, CallbackRule.isPublic(InetAddress.getByName(address)));
  }

  @Test
  void signature_isAKnownHmac() {
    // printf '1700000000.{}' | openssl dgst -sha256 -hmac key
    assertEquals(
        "t=1700000000,v1=9d713ed406bb7076d4123f0dc2c39d2df5c654ed4b0cd56b52c8b4c940bd63ae",
        Signature.of("key", Instant.ofEpochSecond(1_700_000_000), "{}"));
  }

  @ParameterizedTest
  @CsvSource({"/reindex, http.reindex", "/a/b-c, http.a.b-c"})
  void queue_ofAPlainPath_isNamedByIt(String path, String queue) {
    assertEquals(queue, Front.queue(path));
  }

  @Test
  void queue_ofAnyOtherPath_hasAHash() {
    assertTrue(Front.queue("/a b").matches("http\\.a-b-[0-9a-f]{8}"), Front.queue("/a b"));
    assertTrue(Front.queue("/" + "x".repeat(300)).length() < 120);
  }
}
