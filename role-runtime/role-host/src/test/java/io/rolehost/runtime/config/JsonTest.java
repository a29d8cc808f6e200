package io.rolehost.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class JsonTest {

  @Test
  void render_everyKindOfValue_keepsTheOrderOfTheMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("z", 1L);
    map.put("a", Arrays.asList(true, null, 1.5, Double.NaN));
    map.put("text", "say \"hi\"\n\u0001\\");
    map.put("none", Optional.empty());
    map.put("some", Optional.of("x"));
    map.put("kind", HostSettings.Profile.DEV);
    map.put("path", Path.of("a/b"));
    map.put("at", Instant.EPOCH);
    map.put("in", Map.of());
    assertEquals(
        """
        {"z":1,"a":[true,null,1.5,null],"text":"say \\"hi\\"\\n\\u0001\\\\","none":null,"some":"x",\
        "kind":"DEV","path":"a/b","at":"1970-01-01T00:00:00Z","in":{}}\
        """,
        Json.render(map));
  }

  @Test
  void parse_object_isItsValues() {
    Map<String, Object> expected = new HashMap<>();
    expected.put("a.b", 1);
    expected.put("n", null);
    expected.put("l", List.of(Map.of("x", "[{\"")));
    assertEquals(expected, Json.parse("{\"a.b\": 1, \"n\": null, \"l\": [{\"x\": \"[{\\\"\"}]}"));
  }

  @Test
  void parse_whatIsNoObject_saysWhatAndWhere() {
    for (String text : List.of("", "[1]", "{\"a\": }", "{a: 1}", "{} {}", "{".repeat(100_000))) {
      String said = problem(text);
      assertTrue(said.length() > 10 && said.length() < 300, said);
    }
    assertTrue(problem("{\n\"a\": }").contains("line: 2"));
  }

  private static String problem(String text) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> Json.parse(text), text).getMessage());
  }
}
