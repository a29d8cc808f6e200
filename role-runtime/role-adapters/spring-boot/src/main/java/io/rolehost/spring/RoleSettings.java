package io.rolehost.spring;

import com.typesafe.config.ConfigObject;
import io.rolehost.api.Instance;
import io.rolehost.api.RoleContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** What the application sees of its instance among its own settings. */
final class RoleSettings {

  /** The endpoint that Spring's own server is. */
  static final String HTTP = "http";

  private static final String ENDPOINTS = "rolehost.endpoints";

  private RoleSettings() {}

  /** Returns the names of the endpoints that are declared. */
  static List<String> endpoints(RoleContext context) {
    ConfigObject declared = context.config().getObject(ENDPOINTS);
    return List.copyOf(declared.keySet());
  }

  /**
   * Puts them above the application's own: the port that the host was given is the one that is
   * opened, whatever {@code server.port} says.
   */
  static void addTo(ConfigurableEnvironment environment, RoleContext context) {
    Map<String, Object> values = new HashMap<>();
    Instance instance = context.instance();
    values.put("rolehost.deployment", instance.deployment());
    values.put("rolehost.role.name", instance.role());
    values.put("rolehost.instance-id", instance.id());
    values.put("rolehost.incarnation", instance.incarnation());
    for (String name : endpoints(context)) {
      int port = context.endpoint(name).port();
      if (port != 0) {
        values.put(ENDPOINTS + "." + name + ".port", port);
        if (name.equals(HTTP)) {
          values.put("server.port", port);
        }
      }
    }
    environment.getPropertySources().addFirst(new MapPropertySource("rolehost", values));
  }

  /** Puts below the application's own what is better for it as a role. */
  static void addDefaultsTo(ConfigurableEnvironment environment) {
    environment
        .getPropertySources()
        .addLast(new MapPropertySource("rolehostDefaults", Map.of("server.shutdown", "graceful")));
  }
}
