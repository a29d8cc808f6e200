package org.jctools.queues;

import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Takes the place of the class of JCTools by this name, the only one of that library that a broker
 * with an NIO journal loads. The original uses {@code sun.misc.Unsafe}, of which the JVM warns with
 * four lines on standard error at each start, and which no jar can switch off by itself. What
 * Artemis calls of it is what every queue has.
 *
 * @param <E> what it holds
 */
public final class MpscUnboundedArrayQueue<E> extends ConcurrentLinkedQueue<E> {
  private static final long serialVersionUID = 1;

  /** Creates an empty queue; it has no chunks. */
  public MpscUnboundedArrayQueue(int chunkSize) {
    super();
  }
}
