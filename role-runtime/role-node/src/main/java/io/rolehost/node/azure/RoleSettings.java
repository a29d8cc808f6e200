package io.rolehost.node.azure;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The settings of a role as Azure has them: texts by name. */
public final class RoleSettings {

  private RoleSettings() {}

  /**
   * Returns the settings by name: the words of a key with dots between them. What is no text,
   * number or boolean is given as JSON. The role host's own are left out.
   *
   * @param hocon as a solution has it
   */
  public static Map<String, String> byName(String hocon) {
    Config config = ConfigFactory.parseString(hocon);
    Map<String, String> settings = new TreeMap<>();
    for (Map.Entry<String, ConfigValue> entry : config.entrySet()) {
      List<String> path = ConfigUtil.splitPath(entry.getKey());
      String name = String.join(".", path);
      ConfigValue value = entry.getValue();
      if (path.size() == 1 || !path.getFirst().equals("rolehost")) {
        settings.put(
            name,
            value.valueType() == ConfigValueType.LIST
                ? value.render(ConfigRenderOptions.concise())
                : String.valueOf(value.unwrapped()));
      }
    }
    return settings;
  }
}
