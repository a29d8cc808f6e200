package io.rolehost.jobs.queue;

import java.util.function.LongConsumer;

/** Is told of the queues that a process handles, to measure what it does. Safe for all threads. */
public interface QueueWatch {

  /** Measures nothing. */
  QueueWatch NONE =
      new QueueWatch() {
        @Override
        public LongConsumer handled(String label) {
          return nanos -> {};
        }

        @Override
        public void declared(String queue, String label, Counts counts) {}
      };

  /**
   * Returns what is told how long each attempt took, in nanoseconds: once a job, so it must be
   * cheap.
   *
   * @param label the queue's name, or that of its prefix with a star
   */
  LongConsumer handled(String label);

  /** This process begins to handle a queue. */
  void declared(String queue, String label, Counts counts);
}
