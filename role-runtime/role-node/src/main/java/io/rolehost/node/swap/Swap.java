package io.rolehost.node.swap;

import java.io.IOException;

/**
 * The order in which two deployments change places. The side that leaves takes no work any more
 * before requests change over, and the side that comes takes work only after that: so at no moment
 * do both, and whoever is ended in the middle and called again finishes it. Every step may be done
 * twice.
 */
public final class Swap {

  /** Something keeps it from being done; the message is for a person. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    /** Says why. */
    public Refused(String message) {
      super(message);
    }
  }

  /** What the steps do. */
  public interface Steps {

    /**
     * Looks whether the side that comes may come.
     *
     * @throws Refused if not: which instance, how it is, since when
     */
    void check() throws IOException, Refused;

    /** Returns whether all is already as it is to be. */
    boolean isDone() throws IOException, Refused;

    /** Has the side that leaves take no more work from now on. Must outlive this process. */
    void retire() throws IOException;

    /**
     * Waits until every process of the side that leaves takes none.
     *
     * @throws Refused if one of them does not say so in time
     */
    void awaitRetired() throws IOException, Refused, InterruptedException;

    /** Has requests go to the side that comes. */
    void route() throws IOException, Refused;

    /** Has them go there also after a start of the balancer. */
    void persist() throws IOException;

    /** Has the side that comes take work. Must outlive this process. */
    void activate() throws IOException;

    /** Has the side that leaves take work again: nothing came of it. */
    void stay() throws IOException;
  }

  private Swap() {}

  /**
   * Swaps.
   *
   * @return whether there was something to do
   * @throws Refused if it is not done; all is as before then
   */
  public static boolean run(Steps steps) throws IOException, Refused, InterruptedException {
    steps.check();
    if (steps.isDone()) {
      return false;
    }
    steps.retire();
    try {
      steps.awaitRetired();
      steps.route();
    } catch (IOException | Refused | InterruptedException e) {
      try {
        steps.stay();
      } catch (IOException unclear) {
        e.addSuppressed(unclear); // nobody takes work then, until it is called again
      }
      throw e;
    }
    steps.persist();
    steps.activate();
    return true;
  }
}
