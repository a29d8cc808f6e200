package io.rolehost.api;

/** Asked before a changed configuration takes effect. */
@FunctionalInterface
public interface ConfigChangingListener {

  /**
   * What to do with a change. The strictest answer of all listeners wins: reject, recycle, apply.
   */
  enum Answer {
    /** The role can live with the change as it is. */
    APPLY,
    /** The change needs a new start. */
    RECYCLE,
    /** The change is wrong: keep the old configuration. It is kept aside and shown to operators. */
    REJECT
  }

  /**
   * Judges one change. {@link RoleContext#config} still gives the old values.
   *
   * @throws Exception counts as {@link Answer#REJECT}
   */
  Answer changing(ConfigChange change) throws Exception;
}
