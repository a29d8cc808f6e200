package io.rolehost.cli;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** The documented schemas of what verbs print as JSON, read as strictly as a test wants them. */
public final class Schemas {

  static final Path FOLDER = folder();

  private Schemas() {}

  /** Returns the folder of the schemas, which is above each module. */
  private static Path folder() {
    Path above = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(above.resolve("docs/schema"))) {
      above = Objects.requireNonNull(above.getParent(), "no docs/schema above " + Path.of(""));
    }
    return above.resolve("docs/schema");
  }

  static Path file(String name) {
    return FOLDER.resolve(name + ".schema.json");
  }

  /**
   * Returns what is wrong with a document: also each key that the schema does not name. Whoever
   * reads the output has to bear keys that come later; the test has to find those that nobody wrote
   * down.
   */
  public static List<String> problems(String name, String json) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    JsonNode schema = mapper.readTree(Files.readString(file(name)));
    close(schema);
    Schema strict =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(schema.toString(), InputFormat.JSON);
    return strict.validate(json, InputFormat.JSON).stream().map(Error::toString).toList();
  }

  private static void close(JsonNode node) {
    if (node instanceof ObjectNode object
        && object.get("properties") instanceof ObjectNode
        && !object.has("additionalProperties")) {
      ObjectNode _ = object.put("additionalProperties", false);
    }
    node.forEach(Schemas::close);
  }
}
