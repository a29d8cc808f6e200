package io.rolehost.api;

/** Told after a changed configuration has taken effect. */
@FunctionalInterface
public interface ConfigChangedListener {

  /**
   * Takes note of one change. {@link RoleContext#config} gives the new values.
   *
   * @throws Exception is logged and changes nothing
   */
  void changed(ConfigChange change) throws Exception;
}
