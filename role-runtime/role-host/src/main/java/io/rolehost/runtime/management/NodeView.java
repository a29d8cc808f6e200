package io.rolehost.runtime.management;

/** What the management plane knows of a node and may ask of it; see {@link Managed}. */
public non-sealed interface NodeView extends Managed {

  /**
   * Returns {@code /explain} of some instances: 404 if there are none of that name.
   *
   * @param target an instance, or a role for all of its instances
   */
  Answer explain(String target);

  /**
   * Asks for new processes, of a role one after another. May take the time to copy a jar.
   *
   * @param target an instance, or a role for all of its instances
   * @param by who asks
   */
  Answer restart(String target, String by);
}
