package io.rolehost.api;

import static java.util.Objects.requireNonNull;

/**
 * Asks whether something the role depends on is well. Called on a thread of the host's, one call at
 * a time.
 */
@FunctionalInterface
public interface HealthCheck {

  /**
   * Looks once.
   *
   * @throws Exception counts as unhealthy, with the exception's message
   */
  Result check() throws Exception;

  /**
   * One answer.
   *
   * @param healthy whether all is well
   * @param message what an operator should read; empty when there is nothing to say
   */
  record Result(boolean healthy, String message) {

    /** Checks that the message is there. */
    public Result {
      requireNonNull(message, "message");
    }

    /** All is well. */
    public static Result ok() {
      return new Result(true, "");
    }

    /** All is well, with a remark. */
    public static Result healthy(String message) {
      return new Result(true, message);
    }

    /** Something is wrong; {@code message} says what. */
    public static Result unhealthy(String message) {
      return new Result(false, message);
    }
  }
}
