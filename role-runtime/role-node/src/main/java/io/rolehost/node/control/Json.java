package io.rolehost.node.control;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.util.Map;

/** Renders and reads JSON objects by the configuration library. */
public final class Json {

  private Json() {}

  /** Renders on one line. Values are texts, numbers, booleans, lists and maps. */
  public static String line(Map<String, ?> object) {
    return ConfigValueFactory.fromMap(object).render(ConfigRenderOptions.concise());
  }

  /** Renders for people. */
  public static String pretty(Map<String, ?> object) {
    return ConfigValueFactory.fromMap(object)
        .render(ConfigRenderOptions.concise().setFormatted(true));
  }

  /**
   * Reads an object.
   *
   * @throws IOException if it is none; the message says where it is not
   */
  public static Map<String, Object> read(String text) throws IOException {
    try {
      return ConfigFactory.parseString(
              text, ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON))
          .root()
          .unwrapped();
    } catch (ConfigException e) {
      throw new IOException("Not a JSON object: " + e.getMessage(), e);
    }
  }
}
