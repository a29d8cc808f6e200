package io.rolehost.api;

/** What happens to the siblings when a task of a group is restarted, in Erlang/OTP's words. */
@Experimental
public enum Strategy {
  /** Nothing: the failed task alone is restarted. */
  ONE_FOR_ONE,
  /** All tasks of the group are stopped, in reverse order, and started again. */
  ONE_FOR_ALL,
  /** Those that were started after the failed one are stopped and started again with it. */
  REST_FOR_ONE
}
