package io.rolehost.azure.importing;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the paths into the environment document of a role instance stand for here. Pure.
 *
 * @param role the role whose instance is meant
 * @param roleHost whether it is one: it is given no variables for ports and folders
 */
record Instances(RoleDraft role, boolean roleHost) {
  private static final Pattern PATH =
      Pattern.compile(
          "/RoleEnvironment/(?:Deployment/@(\\w+)|CurrentInstance/@(\\w+)"
              + "|CurrentInstance/(\\w+)/(\\w+)\\s*\\[\\s*@name\\s*=\\s*(?:'([^']*)'|\"([^\"]*)\")\\s*\\]"
              + "\\s*/\\s*@(\\w+))");

  /** What a path stands for. */
  sealed interface Meaning {
    /** Always the same. */
    record Fixed(String value) implements Meaning {}

    /** The name of the deployment. */
    record Deployment() implements Meaning {}

    /** The value of a setting, by its name. */
    record OfSetting(String name) implements Meaning {}

    /** What a shell finds in its environment, such as {@code ${PORT_HTTP}}. */
    record InShell(String expression, String inJava) implements Meaning {}

    /** Nothing here. */
    record Unknown(String why) implements Meaning {}
  }

  Meaning of(String xpath) {
    Matcher path = PATH.matcher(xpath.strip());
    if (!path.matches()) {
      return new Meaning.Unknown("the path " + shortened(xpath) + " is none that is known");
    }
    if (path.group(1) != null) {
      return switch (path.group(1)) {
        case "emulated" -> new Meaning.Fixed("false");
        case "id" -> new Meaning.Deployment();
        default -> new Meaning.Unknown("a deployment has no @" + path.group(1));
      };
    }
    if (path.group(2) != null) {
      return ofInstance(path.group(2));
    }
    String name = path.group(5) == null ? path.group(6) : path.group(5);
    return switch (path.group(3) + "/" + path.group(4)) {
      case "ConfigurationSettings/ConfigurationSetting" -> ofSetting(name, path.group(7));
      case "LocalResources/LocalResource" -> ofStore(name, path.group(7));
      case "Endpoints/Endpoint" -> ofEndpoint(name, path.group(7));
      default -> new Meaning.Unknown("an instance has no " + path.group(3));
    };
  }

  private Meaning ofInstance(String attribute) {
    return switch (attribute) {
      case "roleName" -> new Meaning.Fixed(role.name());
      case "id" ->
          new Meaning.InShell(
              "${ROLEHOST_ROLE_NAME}_IN_${ROLEHOST_INSTANCE}", "RoleContext.instance()");
      case "updateDomain" ->
          new Meaning.InShell(
              "$((ROLEHOST_INSTANCE % " + role.domains() + "))",
              "RoleContext.instance(): its number modulo update.domains");
      // One machine is one fault domain.
      case "faultDomain" -> new Meaning.Fixed("0");
      default -> new Meaning.Unknown("an instance has no @" + attribute);
    };
  }

  private Meaning ofSetting(String name, String attribute) {
    if (!attribute.equals("value")) {
      return new Meaning.Unknown("a setting has no @" + attribute);
    }
    return role.declares(name)
        ? new Meaning.OfSetting(name)
        : new Meaning.Unknown("the role declares no setting '" + shortened(name) + "'");
  }

  private Meaning ofStore(String name, String attribute) {
    Optional<RoleDraft.Store> store = role.store(name);
    if (store.isEmpty()) {
      return new Meaning.Unknown("the role has no local storage '" + shortened(name) + "'");
    }
    return switch (attribute) {
      case "sizeInMB" -> new Meaning.Fixed(Long.toString(store.get().megabytes()));
      case "path" ->
          new Meaning.InShell(
              roleHost
                  ? "${ROLEHOST_STATE_DIR}/local/${ROLEHOST_ROLE_NAME}_IN_${ROLEHOST_INSTANCE}/"
                      + store.get().name()
                  : "${LOCAL_RESOURCE_" + Names.inVariable(store.get().name()) + "}",
              "RoleContext.localResource(\"" + store.get().name() + "\")");
      default -> new Meaning.Unknown("a local resource has no @" + attribute);
    };
  }

  private Meaning ofEndpoint(String name, String attribute) {
    Optional<RoleDraft.Endpoint> endpoint = role.endpoint(name);
    if (endpoint.isEmpty()) {
      return new Meaning.Unknown("the role has no endpoint '" + shortened(name) + "'");
    }
    String ours = endpoint.get().name();
    return switch (attribute) {
      case "protocol" -> new Meaning.Fixed(endpoint.get().protocol());
      case "address" -> new Meaning.Fixed(endpoint.get().host());
      case "port" ->
          roleHost
              ? endpoint.get().port() == 0
                  ? new Meaning.Unknown(
                      "the port is any free one, known when the role listens:"
                          + " RoleContext.endpoint(\""
                          + ours
                          + "\")")
                  : new Meaning.InShell(
                      "$((" + endpoint.get().port() + " + ROLEHOST_INSTANCE))",
                      "RoleContext.endpoint(\"" + ours + "\")")
              : new Meaning.InShell(
                  "${PORT_" + Names.inVariable(ours) + "}", "the variable PORT_" + ours);
      default -> new Meaning.Unknown("an endpoint has no @" + attribute);
    };
  }

  private static String shortened(String text) {
    return text.length() > 120 ? text.substring(0, 120) + "…" : text;
  }
}
