package io.rolehost.api;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * The side of a swap that a deployment is on. Two deployments of a solution can stand beside each
 * other, one in production and one in staging, and change places while both run. A balancer sends
 * requests to the one in production; work that comes from elsewhere, such as a queue, must be taken
 * by that one alone. A deployment that has no other side is always in production.
 *
 * <p>Every method may be called from any thread.
 */
@Experimental
public interface Side {

  /** The side of a deployment that is alone. */
  Side ALONE =
      new Side() {
        @Override
        public boolean isProduction() {
          return true;
        }

        @Override
        public boolean awaitProduction(Duration limit) {
          return true;
        }

        @Override
        public <T> Optional<T> take(Callable<Optional<T>> taking) throws Exception {
          return taking.call();
        }
      };

  /** Returns whether this deployment is in production at this moment. */
  boolean isProduction();

  /**
   * Waits until this deployment is in production.
   *
   * @param limit how long at most; asks in a loop that also looks at the stop token
   * @return whether it is
   */
  boolean awaitProduction(Duration limit) throws InterruptedException;

  /**
   * Takes a piece of work if this deployment is in production: it stays so until {@code taking} has
   * returned, so that a piece is never taken by both sides. What was taken may be finished whatever
   * the side then is.
   *
   * @param taking short: a swap waits for it; empty = there is no work
   * @return what it returns; empty without a call of it while another side is in production
   * @throws Exception what it throws
   */
  <T> Optional<T> take(Callable<Optional<T>> taking) throws Exception;
}
