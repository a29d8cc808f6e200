package io.rolehost.api;

/** What follows when a mutation of {@link Shared} state fails. */
@Experimental
public enum OnPoison {
  /** Every task is cancelled and the role ends with 80, as after a {@link CorruptionException}. */
  END_ROLE,
  /**
   * The attempts that have used the state are cancelled. When they have left, the state is made
   * afresh and they start again. The task whose mutation failed pays with a restart of its budget.
   */
  RESTART_HOLDERS
}
