package com.microsoft.windowsazure.serviceruntime;

/** There is no runtime to ask: the program was not started by one, or it does not answer. */
public class RoleEnvironmentNotAvailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Creates it.
   *
   * @param cause why it can't be asked; its message is taken over
   */
  public RoleEnvironmentNotAvailableException(Throwable cause) {
    super(cause.getMessage(), cause);
  }
}
