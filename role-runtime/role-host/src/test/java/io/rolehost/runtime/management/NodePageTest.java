package io.rolehost.runtime.management;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The first page of a node. */
final class NodePageTest {

  private static String page(String host, Map<String, Object> instance) {
    Request request =
        new Request(
            "GET",
            false,
            "/",
            Map.of(),
            List.of(host),
            List.of(),
            new Request.Sender(List.of(), "", ""),
            "",
            Optional.empty());
    Map<String, Object> status =
        Map.of("node", Map.of("deployment", "a<b"), "instances", List.of(instance));
    return NodePage.answer(status, request).body();
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, http://localhost:4711/",
    "localhost:8081, http://localhost:4711/",
    "127.0.0.1:8081, http://127.0.0.1:4711/",
    "[::1]:8081, http://[::1]:4711/",
    "[::1], http://[::1]:4711/",
    "::1, http://[::1]:4711/"
  })
  void link_ofAnInstance_leadsToItsOwnPageByTheNameThatWasUsed(String host, String url) {
    String page = page(host, Map.of("instance", "web_IN_0", "managementPort", 4711));

    assertTrue(page.contains("<a href=\"" + url + "\">web_IN_0</a>"), page);
  }

  @Test
  void texts_fromOutside_areEscaped() {
    String page =
        page("localhost", Map.of("instance", "x", "word", "<w>", "why", "frozen: <script>"));

    assertTrue(page.contains("frozen: &lt;script&gt;"), page);
    assertTrue(page.contains("deployment a&lt;b"), page);
    assertFalse(page.contains("<script>"), page);
    assertFalse(page.contains("<w>"), page);
  }

  @Test
  void instance_withoutAPlane_hasNoLink() {
    String page = page("localhost", Map.of("instance", "sleep_IN_0", "word", "ready"));

    assertEquals(-1, page.indexOf("<a href=\"http:"));
    assertTrue(page.contains("<th scope=\"row\">sleep_IN_0</th>"), page);
    assertTrue(page.contains("<span class=\"word ready\">ready</span>"), page);
  }
}
