package io.rolehost.runtime.readiness;

import java.util.List;

/**
 * Ready or not, and why.
 *
 * @param ready whether the instance may be sent traffic
 * @param reasons all of them, the failing ones first
 */
public record Verdict(boolean ready, List<Reason> reasons) {

  /** Takes a copy of the list. */
  public Verdict {
    reasons = List.copyOf(reasons);
  }

  /**
   * One term of the verdict.
   *
   * @param ok whether this term is fine
   * @param name {@code state}, {@code freeze}, {@code lease}, {@code task}, {@code check}, …
   * @param text for an operator, for instance {@code frozen: bad release by anna}
   */
  public record Reason(boolean ok, String name, String text) {}
}
