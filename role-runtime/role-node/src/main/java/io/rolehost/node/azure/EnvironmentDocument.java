package io.rolehost.node.azure;

import static io.rolehost.node.azure.Markup.attribute;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an instance can know of itself and of the others.
 *
 * @param emulated whether it runs on the machine of a developer
 * @param roleName of the current instance
 * @param settings by name
 * @param resources by name
 * @param roles by name, each with the instances that the current one sees
 */
public record EnvironmentDocument(
    String deployment,
    boolean emulated,
    String roleName,
    Instance current,
    Map<String, String> settings,
    Map<String, Resource> resources,
    Map<String, List<Instance>> roles) {

  /** Takes copies, and keeps the order. */
  public EnvironmentDocument {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    resources = Collections.unmodifiableMap(new LinkedHashMap<>(resources));
    roles = Collections.unmodifiableMap(new LinkedHashMap<>(roles));
  }

  /**
   * An instance.
   *
   * @param updateDomain from 0
   * @param endpoints by name
   */
  public record Instance(String id, int updateDomain, Map<String, Listening> endpoints) {
    /** Takes a copy, and keeps the order. */
    public Instance {
      endpoints = Collections.unmodifiableMap(new LinkedHashMap<>(endpoints));
    }
  }

  /** Where an instance listens. */
  public record Listening(String address, int port, String protocol) {}

  /** A folder of its own. */
  public record Resource(String path, long megabytes) {}

  /** Returns it as XML. All instances of a node are in one fault domain: its machine. */
  public String xml() {
    StringBuilder xml = new StringBuilder(Markup.HEAD).append("<RoleEnvironment>");
    xml.append("<Deployment")
        .append(attribute("id", deployment))
        .append(attribute("emulated", emulated))
        .append("/><CurrentInstance")
        .append(attribute("id", current.id()))
        .append(attribute("roleName", roleName))
        .append(domains(current))
        .append("><ConfigurationSettings>");
    settings.forEach((name, value) ->
        xml.append("<ConfigurationSetting")
            .append(attribute("name", name))
            .append(attribute("value", value))
            .append("/>"));
    xml.append("</ConfigurationSettings><LocalResources>");
    resources.forEach((name, resource) ->
        xml.append("<LocalResource")
            .append(attribute("name", name))
            .append(attribute("path", resource.path()))
            .append(attribute("sizeInMB", resource.megabytes()))
            .append("/>"));
    xml.append("</LocalResources>");
    endpoints(current, xml);
    xml.append("</CurrentInstance><Roles>");
    roles.forEach((name, instances) -> {
      xml.append("<Role").append(attribute("name", name)).append("><Instances>");
      for (Instance instance : instances) {
        xml.append("<Instance")
            .append(attribute("id", instance.id()))
            .append(domains(instance))
            .append('>');
        endpoints(instance, xml);
        xml.append("</Instance>");
      }
      xml.append("</Instances></Role>");
    });
    return xml.append("</Roles></RoleEnvironment>\n").toString();
  }

  private static String domains(Instance instance) {
    return attribute("faultDomain", 0) + attribute("updateDomain", instance.updateDomain());
  }

  private static void endpoints(Instance instance, StringBuilder xml) {
    xml.append("<Endpoints>");
    instance
        .endpoints()
        .forEach((name, listening) ->
            xml.append("<Endpoint")
                .append(attribute("name", name))
                .append(attribute("address", listening.address()))
                .append(attribute("port", listening.port()))
                .append(attribute("protocol", listening.protocol()))
                .append("/>"));
    xml.append("</Endpoints>");
  }
}
