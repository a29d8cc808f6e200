package io.rolehost.freeze;

/** Which instances a freeze covers. */
public sealed interface Scope {

  /** Every instance that reads the source. */
  record All() implements Scope {
    @Override
    public boolean covers(String deployment, String role, String instanceId) {
      return true;
    }

    @Override
    public String toString() {
      return "*";
    }
  }

  /** Every instance of a deployment. */
  record Deployment(String name) implements Scope {
    @Override
    public boolean covers(String deployment, String role, String instanceId) {
      return name.equals(deployment);
    }

    @Override
    public String toString() {
      return "deployment:" + name;
    }
  }

  /** Every instance of a role. */
  record Role(String name) implements Scope {
    @Override
    public boolean covers(String deployment, String role, String instanceId) {
      return name.equals(role);
    }

    @Override
    public String toString() {
      return "role:" + name;
    }
  }

  /** One instance. */
  record Instance(String id) implements Scope {
    @Override
    public boolean covers(String deployment, String role, String instanceId) {
      return id.equals(instanceId);
    }

    @Override
    public String toString() {
      return "instance:" + id;
    }
  }

  /**
   * Reads a scope as people write it.
   *
   * @throws IllegalArgumentException if it is none; the message says what is expected
   */
  static Scope parse(String text) {
    if (text.equals("*")) {
      return new All();
    }
    String[] parts = text.split(":", 2);
    String name = parts.length == 2 ? parts[1].strip() : "";
    if (!name.isEmpty()) {
      switch (parts[0]) {
        case "deployment" -> {
          return new Deployment(name);
        }
        case "role" -> {
          return new Role(name);
        }
        case "instance" -> {
          return new Instance(name);
        }
        default -> {} // falls to the message below, which names what is allowed
      }
    }
    throw new IllegalArgumentException(
        "Not a freeze scope: '"
            + text
            + "'. Expected *, deployment:NAME, role:NAME or instance:ID");
  }

  /** Returns whether an instance lies in this scope. */
  boolean covers(String deployment, String role, String instanceId);
}
