package io.rolehost.runtime.lifecycle;

/** An event that can't happen in a state: a defect of the host, journaled and never swallowed. */
public final class IllegalTransitionException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  IllegalTransitionException(HostState state, HostEvent event) {
    super("Illegal in " + state.name() + " (" + state + "): " + event);
  }
}
