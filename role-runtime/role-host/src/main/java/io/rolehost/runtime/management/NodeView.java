package io.rolehost.runtime.management;

import java.util.List;
import java.util.Map;

/** What the management plane knows of a node and may ask of it; see {@link Managed}. */
public non-sealed interface NodeView extends Managed {

  /**
   * Returns {@code /status} of some instances; none for names that no instance has.
   *
   * @param withHost whether what the role host of each says of itself is added, as {@code host} or
   *     {@code hostProblem}; asks it, which may take seconds
   */
  Map<String, Object> status(List<String> instances, boolean withHost);

  /**
   * Hands a request on to the role host of an instance, with the token that it needs. May take as
   * long as the role's code.
   *
   * @param target path and query on its plane
   * @param caller who asks, which the role host is told of what writes
   */
  Answer hand(String instance, String method, String target, Caller caller);

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
