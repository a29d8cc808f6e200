package io.rolehost.node.solution;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A JSON Schema of solutions, for editors: made from the list of keys that the reader goes by.
 * HOCON lets much be left out that JSON wants (quotes, commas, units apart), so a number may be a
 * text too.
 */
public final class SolutionSchema {
  private static final String DURATION =
      "^\\s*[0-9.]+\\s*(ns|us|ms|s|m|h|d|[a-z]+seconds?|seconds?|minutes?|hours?|days?)?\\s*$";
  private static final String SIZE = "^\\s*[0-9.]+\\s*([kKMGT]i?[Bb]?|B|b|[a-z]*bytes?)?\\s*$";

  private SolutionSchema() {}

  /** Returns the schema, formatted. */
  public static String json() {
    Map<String, Object> schema = new TreeMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "Rolehost solution");
    schema.put("type", "object");
    schema.put("additionalProperties", false);
    schema.put(
        "properties",
        Map.of(
            "roles",
            Map.of(
                "type",
                "object",
                "description",
                "The roles that a node runs, by name.",
                "additionalProperties",
                block(SolutionKeys.ROLE)),
            "rolehost",
            node(
                NodeSettingsReader.KEYS.stream()
                    .map(key -> List.of(key.split("\\.", -1)))
                    .map(path -> path.subList(1, path.size()))
                    .toList()),
            "swap",
            block(SolutionKeys.SWAP)));
    return ConfigValueFactory.fromMap(schema)
            .render(ConfigRenderOptions.defaults().setOriginComments(false).setComments(false))
            .stripTrailing()
        + "\n";
  }

  private static Map<String, Object> block(List<Key> keys) {
    Map<String, Object> properties = new TreeMap<>();
    keys.forEach(key -> properties.put(key.name(), property(key)));
    return Map.of("type", "object", "additionalProperties", false, "properties", properties);
  }

  private static Map<String, Object> property(Key key) {
    Map<String, Object> property = new TreeMap<>(form(key));
    property.put("description", key.meaning());
    return property;
  }

  private static Map<String, Object> form(Key key) {
    return switch (key.form()) {
      case TEXT -> scalar();
      case TEXT_OR_BLOCK -> Map.of("anyOf", List.of(scalar(), block(key.inside())));
      case TEXTS, WHOLES -> Map.of("type", "array", "items", scalar());
      case TEXT_BY_NAME ->
          Map.of(
              "type",
              "object",
              "additionalProperties",
              Map.of("type", List.of("string", "number", "boolean", "null")));
      case FLAG -> Map.of("enum", List.of(true, false, "true", "false"));
      case WHOLE -> Map.of("type", List.of("integer", "string"), "pattern", "^[0-9]+$");
      case NUMBER -> Map.of("type", List.of("number", "string"), "pattern", "^[0-9.]+$");
      case TIME -> Map.of("type", List.of("string", "number"), "pattern", DURATION);
      case SIZE -> Map.of("type", List.of("string", "number"), "pattern", SIZE);
      case PORT -> Map.of("type", List.of("integer", "string"));
      case BLOCK -> block(key.inside());
      case BLOCKS -> Map.of("type", "array", "items", block(key.inside()));
      case BLOCK_BY_NAME -> Map.of("type", "object", "additionalProperties", block(key.inside()));
      case FREE -> Map.of("type", "object");
    };
  }

  private static Map<String, Object> scalar() {
    return Map.of("type", List.of("string", "number", "boolean"));
  }

  /** The node's own keys are known by their paths alone. */
  private static Map<String, Object> node(List<List<String>> paths) {
    Map<String, List<List<String>>> below = new TreeMap<>();
    for (List<String> path : paths) {
      below
          .computeIfAbsent(path.getFirst(), _ -> new ArrayList<>())
          .add(path.subList(1, path.size()));
    }
    Map<String, Object> properties = new TreeMap<>();
    below.forEach((name, rest) ->
        properties.put(
            name,
            rest.getFirst().isEmpty()
                ? Map.of("type", List.of("string", "number", "boolean", "array"))
                : node(rest)));
    return Map.of("type", "object", "additionalProperties", false, "properties", properties);
  }
}
